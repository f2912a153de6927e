"""The messages, frozen. Times are milliseconds since 1970 UTC, ids 32 hexadecimal digits, hashes SHA-256 in hex.

Strict when sending: every field is typed and bounded here. Lenient when receiving: unknown fields are ignored and
absent optional ones take their default, so that old devices live with new servers.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

# The lengths are not idle: in Python `$` also stands before a line end.
Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", max_length=32, description="32 hexadecimal digits")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64, description="SHA-256, hexadecimal")]
Millis = Annotated[int, Meta(ge=0, le=253_402_300_799_999, description="milliseconds since 1970-01-01 UTC")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Exact = Annotated[int, Meta(ge=-9_007_199_254_740_991, le=9_007_199_254_740_991)]  # as every reader of JSON keeps them
Seq = Annotated[int, Meta(ge=1, le=9_007_199_254_740_991)]
Name = Annotated[str, Meta(max_length=40)]
Kid = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$", max_length=43, description="thumbprint of a key, base64url")]
PublicKey = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$", max_length=43, description="32 bytes, base64url")]
Words = Annotated[str, Meta(max_length=500)]
Address = Annotated[str, Meta(max_length=500, description="absolute, or a path on the server the device knows")]
Length = Annotated[int, Meta(ge=1, description="milliseconds")]


class Message(Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """What every message has."""

    id: Id
    at: Millis


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file to fetch: where, and how to know it is the one meant."""

    url: Address
    sha256: Sha256
    size: Annotated[int, Meta(ge=1, description="bytes")]


class Content(Document, frozen=True, kw_only=True, omit_defaults=True):
    """A file to play."""

    duration: Length
    mime: Name = "audio/mpeg"


class Stream(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sound that comes as it is made: another station, or somebody who speaks now. It ends after `duration`."""

    urls: Annotated[tuple[Address, ...], Meta(min_length=1, max_length=10)]
    duration: Length
    silence: Annotated[int, Meta(ge=0, le=3_600_000, description="milliseconds")] = 20_000


class Order(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What every order has: who gives it, its number, and when it holds."""

    issuer: Id | None = None
    seq: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)] = 0
    not_before: Millis = 0


class Play(Order, frozen=True, kw_only=True, tag="play"):
    """Server → area or device: play this once. `id` is the broadcast's; a repeat is answered, not played again."""

    expires: Millis
    level: Annotated[int, Meta(ge=0, le=100, description="rung of the priority ladder")]
    content: Content | None = None
    stream: Stream | None = None
    channel: Name = "speaker"
    start: Millis = 0
    begin_by: Millis = 0
    cut: bool = False
    volume: Percent | None = None
    areas: tuple[Id, ...] = ()
    devices: tuple[Id, ...] = ()
    title: Words = ""
    drill: bool = False

    def __post_init__(self) -> None:
        if (self.content is None) == (self.stream is None):
            raise ValueError("either content or stream")

    @property
    def duration(self) -> int:
        """How long it sounds, milliseconds."""
        sound = self.content or self.stream
        assert sound is not None
        return sound.duration

    @property
    def sha256(self) -> str | None:
        """Hash of its file; None for a stream."""
        return self.content.sha256 if self.content else None


class Stop(Order, frozen=True, kw_only=True, tag="stop"):
    """Server → area or device: silence now. With `broadcast`, that one and never again; without, whatever sounds."""

    expires: Millis
    broadcast: Id | None = None
    channel: Name = "speaker"
    areas: tuple[Id, ...] = ()
    devices: tuple[Id, ...] = ()


class Span(Struct, frozen=True, kw_only=True):
    """A time from `start` until before `end`."""

    start: Millis
    end: Millis


class Area(Struct, frozen=True, kw_only=True):
    """A part of a screen, in percent of its width and height, from its upper left corner."""

    left: Percent
    top: Percent
    width: Annotated[int, Meta(ge=1, le=100)]
    height: Annotated[int, Meta(ge=1, le=100)]


class Right(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When, and where on it, a screen may be used that belongs to somebody else. No span: not at all."""

    spans: Annotated[tuple[Span, ...], Meta(max_length=1000)]
    area: Area | None = None


class Photos(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Photos of its screen: the newest that was asked for, and how often to take one by itself while it shows."""

    asked: Id | None = None
    every: Annotated[int, Meta(ge=1, le=1_440, description="minutes")] | None = None


class Settings(Message, frozen=True, kw_only=True, tag="settings"):
    """Server → device: what it needs to know of itself. A higher `version` replaces a lower one.

    `scene`: what a device that shows has on its screen when no order is on, and beside one.
    """

    version: Annotated[int, Meta(ge=1)]
    areas: tuple[Id, ...]
    device: Id | None = None
    volume: Percent = 80
    vitals_every: Annotated[int, Meta(ge=1, le=86_400, description="seconds")] = 60
    proof: bool = False
    warm_up: Annotated[int, Meta(ge=0, le=60_000, description="milliseconds")] = 0
    stagger: Annotated[int, Meta(ge=0, le=60_000, description="milliseconds")] = 0
    data_budget: Annotated[int, Meta(ge=1, le=9_007_199_254_740_991, description="bytes a month")] | None = None
    right: Right | None = None
    photos: Photos | None = None
    scene: Document | None = None


class Authority(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who may give orders to a device, and with which key: a place over it. `rank` 0 is the topmost."""

    place: Id
    rank: Annotated[int, Meta(ge=0, le=100)]
    key: PublicKey
    until: Millis
    alone: bool = False


class Keys(Message, frozen=True, kw_only=True, tag="keys"):
    """Server → device: the authorities over it are these, and no others. A higher `version` replaces a lower one."""

    version: Annotated[int, Meta(ge=1)]
    authorities: Annotated[tuple[Authority, ...], Meta(min_length=1, max_length=40)]
    device: Id | None = None
    revoked: Annotated[tuple[Kid, ...], Meta(max_length=1_000)] = ()


class Delegate(Struct, frozen=True, kw_only=True):
    """An authority's word for the key of one of its people, from `at` until before `until`. Sealed by the authority."""

    place: Id
    person: Id
    key: PublicKey
    at: Millis
    until: Millis


class NewPlan(Message, frozen=True, kw_only=True, tag="new-plan"):
    """Server → device: its plan is now this one. A higher `version` replaces a lower one, whole."""

    version: Annotated[int, Meta(ge=1)]
    document: Document
    device: Id | None = None


class Limit(Struct, frozen=True, kw_only=True):
    """At most so loud, or so bright if it is seen, from `start` until before `end`."""

    start: Millis
    end: Millis
    most: Percent


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device lives by, with the network or without: fetched as the document of a `new-plan`, under the seal.

    Devices of the same areas share it, so it names neither a device nor a version.
    """

    made: Millis
    until: Millis
    plays: Annotated[tuple[Play, ...], Meta(max_length=2_000)] = ()
    quiet: Annotated[tuple[Span, ...], Meta(max_length=2_000)] = ()
    limits: Annotated[tuple[Limit, ...], Meta(max_length=2_000)] = ()
    fetch: Annotated[tuple[Span, ...], Meta(max_length=2_000)] = ()
    keep: Annotated[tuple[Content, ...], Meta(max_length=50)] = ()


class Ack(Message, frozen=True, kw_only=True, tag="ack"):
    """Server → device: the receipts with these numbers are stored; the device may forget them (and only them)."""

    seqs: tuple[Seq, ...]


class Stage(StrEnum):
    """How far one device is with one broadcast, in the order it happens; the last five are final."""

    RECEIVED = "received"
    READY = "ready"
    STARTED = "started"
    PREEMPTED = "preempted"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    EXPIRED = "expired"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a device did not play. The words for people are the server's (`delivery.rules`)."""

    NONE = ""
    FETCH = "fetch"
    HASH = "hash"
    DISK = "disk"
    PLAYER = "player"
    LATE = "late"
    BUSY = "busy"
    QUIET = "quiet"
    OFF = "off"
    RELAY = "relay"
    CLOCK = "clock"
    NOT_FOR_ME = "not-for-me"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown-key"
    KEY_OVER = "key-over"
    RANK = "rank"
    ISSUER = "issuer"
    SIGNERS = "signers"
    REPLAYED = "replayed"
    FUTURE = "future"
    RIGHT = "right"


class Receipt(Message, frozen=True, kw_only=True, tag="receipt"):
    """Device → server: this happened to this broadcast, at `at` by the time the device goes by.

    `seq` counts up on each device and starts at its clock (ms) when it has no memory of an earlier one, so that a
    device whose card was wiped does not repeat numbers.
    """

    broadcast: Id
    stage: Stage
    seq: Seq
    reason: Reason = Reason.NONE
    detail: Words = ""
    position: Annotated[int, Meta(ge=0, le=2_147_483_647, description="milliseconds of the content played")] = 0
    sha256: Sha256 | None = None


class Vitals(Message, frozen=True, kw_only=True, tag="vitals"):
    """Device → server: how it is. Absent means not measured; nothing is invented."""

    volume: Percent | None = None
    playing: Id | None = None
    power: Name | None = None
    temperature: float | None = None
    signal: Annotated[int, Meta(ge=-150, le=0, description="dBm")] | None = None
    disk_free: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991, description="bytes")] | None = None
    clock_offset: Annotated[Exact, Meta(description="milliseconds, device minus server")] | None = None
    software: Name | None = None
    held: Annotated[int, Meta(ge=0, le=2_147_483_647, description="broadcasts held and not yet over")] | None = None
    settings: Annotated[int, Meta(ge=0, le=2_147_483_647, description="version of the settings in force")] = 0
    plan: Annotated[int, Meta(ge=0, le=2_147_483_647, description="version of the plan in force")] = 0
    keys: Annotated[int, Meta(ge=0, le=2_147_483_647, description="version of the keys in force")] = 0
    planned_until: Millis | None = None
    planned_ready: Annotated[int, Meta(ge=0, le=100, description="percent")] | None = None
    data_used: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991, description="bytes")] | None = None


class Refusal(Message, frozen=True, kw_only=True, tag="refusal"):
    """Device → server: it heard something and did not believe it; told at most once a minute for each reason."""

    reason: Reason
    sha256: Sha256
    count: Annotated[int, Meta(ge=1, le=9_007_199_254_740_991)] = 1
    key: Kid | None = None
    order: Id | None = None


class Presence(Message, frozen=True, kw_only=True, tag="presence"):
    """Device → server, retained: true on connecting, false by the last will (then `at` is the time of connecting)."""

    online: bool
    software: Name | None = None


Down = Play | Stop | Settings | NewPlan | Keys | Ack
Up = Receipt | Vitals | Refusal | Presence
