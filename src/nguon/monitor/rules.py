"""The state of a device at a glance. Pure: the time is passed in. The words for it are in `words`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(seconds=150)  # connected, but silent for more than two vitals' time
CLOCK_LIMIT = 5_000  # ms the clock of a device may be off before what it plays comes at the wrong time
DISK_LIMIT = 50 * 1024 * 1024  # bytes; under this a device cannot be trusted to hold the next sounds


class Health(StrEnum):
    """What an officer sees of a device. The order is that of urgency: the first that is true is shown."""

    PLANNED = "planned"
    REPAIR = "repair"
    OFFLINE = "offline"
    SILENT = "silent"
    PLAYING = "playing"
    DISK = "disk"
    CLOCK = "clock"
    READY = "ready"


KINDS = {  # the kind of badge: its shape and colour
    Health.PLANNED: "off",
    Health.REPAIR: "wait",
    Health.OFFLINE: "bad",
    Health.SILENT: "warn",
    Health.PLAYING: "busy",
    Health.DISK: "warn",
    Health.CLOCK: "warn",
    Health.READY: "ok",
}
FAULTS = frozenset({Health.SILENT, Health.DISK, Health.CLOCK})
AWAY = frozenset({Health.PLANNED, Health.REPAIR, Health.OFFLINE})


@dataclass(frozen=True)
class Facts:
    """What is known of a device. Missing vitals are None and mean nothing."""

    status: str
    enrolled: bool
    online: bool
    seen_at: datetime | None = None
    playing: bool = False
    disk_free: int | None = None
    clock_offset: int | None = None


def troubles(facts: Facts, now: datetime) -> tuple[Health, ...]:
    """What is wrong with a device that is in use and connected, the worst first."""
    if not facts.online or not facts.enrolled or facts.status != "active":
        return ()
    found = []
    if facts.seen_at is None or now - facts.seen_at > QUIET:
        found.append(Health.SILENT)
    if facts.disk_free is not None and facts.disk_free < DISK_LIMIT:
        found.append(Health.DISK)
    if facts.clock_offset is not None and abs(facts.clock_offset) > CLOCK_LIMIT:
        found.append(Health.CLOCK)
    return tuple(found)


def health(facts: Facts, now: datetime) -> Health:
    """The one word for a device."""
    if facts.status == "repair":
        return Health.REPAIR
    if facts.status == "planned" or not facts.enrolled:
        return Health.PLANNED
    if not facts.online:
        return Health.OFFLINE
    wrong = troubles(facts, now)
    if Health.SILENT in wrong:
        return Health.SILENT
    if facts.playing:
        return Health.PLAYING
    return wrong[0] if wrong else Health.READY


@dataclass(frozen=True)
class Counts:
    """The strip at the top. A playing device with a fault counts as both playing and faulty."""

    total: int
    playing: int
    ready: int
    offline: int
    faulty: int


def count(seen: Iterable[tuple[Health, bool]]) -> Counts:
    """The counts of devices given as (health, has a fault)."""
    rows = list(seen)
    states = [state for state, _fault in rows]
    return Counts(
        total=len(rows),
        playing=states.count(Health.PLAYING),
        ready=states.count(Health.READY),
        offline=states.count(Health.OFFLINE),
        faulty=sum(fault for _state, fault in rows),
    )


STAGES: tuple[tuple[str, str, frozenset[str]], ...] = (  # name, kind of share, the progresses it gathers
    ("waiting", "off", frozenset({"waiting"})),
    ("received", "wait", frozenset({"received", "ready"})),
    ("playing", "busy", frozenset({"started", "preempted"})),
    ("finished", "ok", frozenset({"finished"})),
    ("stopped", "info", frozenset({"stopped"})),
    ("failed", "bad", frozenset({"failed", "refused", "expired"})),
)


def stages(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Counts of deliveries by progress as (stage, kind, count) of the stages that an officer tells apart."""
    return [(name, kind, sum(counts.get(one, 0) for one in gathered)) for name, kind, gathered in STAGES]


def signal_bars(dbm: int | None) -> int:
    """Bars of 0 to 4 for the mobile signal; 0 also where it is not measured."""
    return 0 if dbm is None else sum(dbm >= limit for limit in (-115, -105, -95, -85))
