"""A channel: one folder and one line in settings. Core stores its kind and JSON, and never names one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

Seal = Callable[[bytes], bytes]  # exact bytes → the same under signatures, as they go out
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Sketch:
    """Where something holds, as a small map of `width` × `height` units; points are (x, y), y down.

    `areas`, `borders` and `waters` are rings, `lines` (rivers, roads) are not. Of `names`: a name, its middle, the
    foot of its letters.
    """

    width: int
    height: int
    areas: tuple[Points, ...]
    borders: tuple[Points, ...] = ()
    waters: tuple[Points, ...] = ()
    lines: tuple[Points, ...] = ()
    names: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that belongs to a wording: its bytes, what is on it in words, its size in pixels."""

    data: bytes
    mime: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Film:
    """A film that belongs to a wording, as the server keeps it: its hash, how long it is (ms)."""

    sha256: str
    mime: str
    duration_ms: int


@dataclass(frozen=True)
class Wording:
    """What an editor saved, as a channel needs it to make its own variant.

    `readings` is how the issuing place wants things read: (written, spoken), the nearest place first. `issuer` is whose
    word it is, as people know it. `pictures` are for channels that show. `link_url` is the page of the web where people
    read on, `link_label` what is said of it; both may be empty. `film`: what is shown in place of all of it.
    """

    title: str
    body: str
    language: str
    options: dict[str, Any] = field(default_factory=dict)
    readings: tuple[tuple[str, str], ...] = ()
    issuer: str = ""
    pictures: tuple[Picture, ...] = ()
    link_url: str = ""
    link_label: str = ""
    film: Film | None = None


@dataclass(frozen=True)
class Page:
    """What a channel shows of a wording: the bytes its devices fetch, and how long they are to be seen (ms; 0: as long
    as one likes).

    `kept`: the SHA-256 of a file that the server keeps already and that is the page; then `body` is empty.
    """

    body: bytes
    mime: str
    duration_ms: int
    kept: str = ""


@dataclass(frozen=True)
class Glass:
    """A kind of screen: what an officer calls it (Vietnamese), its pixels."""

    label: str
    width: int
    height: int


@dataclass(frozen=True)
class Preview:
    """Where a page is seen before it goes out. `frame` names the address (of Django) of a document for a frame.

    It draws what it is handed by `postMessage({page, duration, offset, level, drill})`: the bytes, or null for nothing;
    how long it is seen (0: as long as one likes) and from which moment on (ms); the level of the ladder, and whether it
    is a drill. `hint`: what is said below it to who writes (Vietnamese).
    """

    title: str
    frame: str
    glasses: tuple[Glass, ...]
    hint: str = ""


@dataclass(frozen=True)
class Concern:
    """Something of a channel that a person should look after: what, why, its state (words and kind of a badge), where.

    A channel whose folder has a module `concerns` tells them by `of(person, now)`.
    """

    title: str
    why: str
    state: str
    kind: str
    url: str


@dataclass(frozen=True)
class SpeechJob:
    """What to speak for an audible variant: the text as said, and by whom."""

    spoken: str
    voice: str
    rate: int


@dataclass(frozen=True)
class Sound:
    """What devices fetch: where, what its bytes are, how long it is (ms)."""

    url: str
    sha256: str
    size: int
    duration_ms: int
    mime: str


@dataclass(frozen=True)
class Outgoing:
    """One broadcast as a channel needs it to write its messages. `areas` and `devices` are ids of targets.

    `streams`: addresses of a sound that comes as it is made; then there is no file. `begin_by` and `can_be_cut` belong
    to what is planned; `issuer` and `seq`, the place that orders it and the number of its order, to what is not.
    `forms`: what it is on other channels than its own, by kind.
    """

    broadcast: UUID
    title: str
    level: int
    issued: datetime
    expires: datetime
    start: datetime | None
    url: str
    sha256: str
    size: int
    duration_ms: int
    mime: str
    areas: tuple[UUID, ...] = ()
    devices: tuple[UUID, ...] = ()
    volume: int | None = None
    begin_by: datetime | None = None
    can_be_cut: bool = False
    streams: tuple[str, ...] = ()
    issuer: UUID | None = None
    seq: int = 0
    drill: bool = False
    channel: str = ""
    forms: tuple[tuple[str, Sound], ...] = ()

    def on(self, kind: str) -> "Outgoing | None":
        """The same as it goes out on one channel; None if it is nothing there."""
        if kind == self.channel:
            return self
        form = dict(self.forms).get(kind)
        if form is None:
            return None
        return replace(
            self,
            channel=kind,
            url=form.url,
            sha256=form.sha256,
            size=form.size,
            duration_ms=form.duration_ms,
            mime=form.mime,
            streams=(),
            volume=None,
        )


@dataclass(frozen=True)
class Schedule:
    """What devices of the same areas live by until `until`.

    `quiet` and `fetch` are spans, `limits` spans with the most volume (percent); `fetch`: when the network is idle.
    `keep`: sounds that must be on the device at any time, though nobody knows when they are needed.
    """

    made: datetime
    until: datetime
    entries: tuple[Outgoing, ...] = ()
    quiet: tuple[tuple[datetime, datetime], ...] = ()
    limits: tuple[tuple[datetime, datetime, int], ...] = ()
    fetch: tuple[tuple[datetime, datetime], ...] = ()
    keep: tuple[Sound, ...] = ()


@dataclass(frozen=True)
class Publication:
    """One message for the bus."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True)
class Scene:
    """What a device shows without an order: its document, and the hashes of all files it may fetch for it."""

    sha256: str
    size: int
    files: frozenset[str]


@dataclass(frozen=True)
class Shown:
    """How often a device showed a page by itself on a day, how long in all (ms), when its first and last turn began."""

    sha256: str
    times: int
    ms: int
    first: datetime
    last: datetime


class Channel(Protocol):
    """`kind` is what is stored; `label` is what an officer reads (Vietnamese).

    A channel is `audible`, and says a wording, or it shows one: quiet hours are for those that are heard. `preview` is
    None where nothing is seen beforehand. `opens_at` is the path of the page of this server that is such a device;
    empty where it is a program of its own. `pictured`: its devices can send photos of what they show. `arranged_at`
    names the address (of Django, with a device's `pk`) where an officer says how the screens of such devices are
    divided; empty where they have none. `driven`: it has devices in the registry, which get orders and plans; a website
    has none.
    """

    kind: str
    label: str
    audible: bool
    pictured: bool
    driven: bool
    preview: Preview | None
    opens_at: str
    arranged_at: str

    def check(self) -> None:
        """Raise with a reason if this channel cannot work here."""

    def speech(self, wording: Wording) -> SpeechJob:
        """How this channel says a wording aloud. Raises ValueError with words for the officer if it cannot."""

    def page(self, wording: Wording) -> Page | None:
        """What this channel shows of a wording: always the same of the same; None if it is only heard.

        Raises ValueError with words for the officer.
        """

    def judge(self, wording: Wording) -> tuple[str, ...]:
        """What may keep people from taking in what is shown of it, in words for the officer; empty if nothing does."""

    def announce(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """One publication per area, and one per device named by itself: never one per device of an area."""

    def remind(self, outgoing: Outgoing, device: UUID, seal: Seal) -> Publication:
        """The same order again to one device that has not answered."""

    def plan(self, schedule: Schedule, seal: Seal) -> bytes:
        """The document its devices fetch. The same schedule and keys give the same bytes."""

    def announce_plan(self, device: UUID, version: int, sha256: str, size: int, seal: Seal) -> Publication:
        """Tell one device that its plan is now the document of this hash and size (bytes)."""

    def silence(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """Stop this broadcast wherever it is playing or waiting."""

    def scene(self, device: UUID) -> Scene | None:
        """What one device shows when no order is on; None if it has no such thing. The same until `tend` says so."""

    def tend(self, now: datetime) -> None:
        """Look after what changes as time passes; whoever is concerned gets new settings. Called about once a minute,
        and soon after bulletins or devices changed.
        """

    def shown(self, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> bool:
        """Take in what one device showed by itself on a day, told whole: the same or a part of it again changes
        nothing. False if devices of this channel show nothing by themselves.
        """
