"""A week at a place, from the pure scheduler: for each time of each slot where it is heard, where not, and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from nguon.delivery.rules import Targets
from nguon.places.queries import tree
from nguon.places.rules import Tree
from nguon.programme import gather, hearing
from nguon.programme.gather import Known
from nguon.programme.lunar import LunarDay, lunar
from nguon.programme.policies import Policy, Quiet, QuietHours
from nguon.programme.slots import Slot, Why
from nguon.programme.timeline import Part, Sounding, Timeline

DAY = timedelta(days=1)
LONG_AGO = datetime.min
NEVER_MEANT = frozenset({Why.LUNAR, Why.NO_HOLIDAY, Why.NOT_VALID})  # no day of the slot at all: nobody waits for it


@dataclass(frozen=True)
class Fate:
    """What becomes of one time of a slot at some devices. `parts` is empty where it is silent."""

    why: tuple[Why, ...]
    by: str
    parts: tuple[Part, ...]
    whole: bool
    devices: int

    @property
    def silent(self) -> bool:
        """Whether nothing of it is heard."""
        return not self.parts


@dataclass(frozen=True)
class Block:
    """One time of a slot, as a calendar draws it. `lane` of `lanes` side by side where several overlap."""

    slot: Slot
    start: datetime
    fates: tuple[Fate, ...]
    lane: int = 0
    lanes: int = 1

    @property
    def end(self) -> datetime:
        """When it is over if nothing comes between."""
        return self.start + self.slot.length

    @property
    def heard(self) -> bool:
        """Whether something of it is heard anywhere."""
        return any(not fate.silent for fate in self.fates)

    @property
    def everywhere(self) -> bool:
        """Whether it is heard whole, and on its minute, at every device."""
        return all(fate.whole and fate.parts[0].start == self.start for fate in self.fates)

    @property
    def worst(self) -> Fate:
        """The fate to tell of: silence before a cut, a cut before the rest."""
        return min(self.fates, key=lambda fate: (not fate.silent, fate.whole, -len(fate.why), -fate.devices))

    @property
    def devices(self) -> int:
        """How many devices it is for."""
        return sum(fate.devices for fate in self.fates)

    @property
    def reached(self) -> int:
        """How many of them hear something of it."""
        return sum(fate.devices for fate in self.fates if not fate.silent)


@dataclass(frozen=True)
class Column:
    """One day of a week. `holiday` is empty on others."""

    day: date
    holiday: str
    moon: LunarDay
    blocks: tuple[Block, ...] = field(default=())
    quiet: tuple[Quiet, ...] = field(default=())  # of the day, cut at midnight


def of_place(place_id: UUID, first: date, days: int = 7, *, known: Known | None = None) -> list[Column]:
    """What happens at the devices of a place from a day on."""
    graph = tree()
    world = known or gather.known(first)
    sets = hearing.by_areas(Targets(places=(place_id,)), first, graph)
    return _columns(world, hearing.alike(world, sets), first, days)


def of_device(device_id: UUID, first: date, days: int = 7, *, territory: Tree | None = None) -> list[Column]:
    """What happens at one device from a day on; nothing if it is not in use."""
    world = gather.known(first)
    sets = hearing.by_areas(Targets(devices=(device_id,)), first, territory)
    return _columns(world, list(sets.items()), first, days)


def held_back(place_id: UUID, basis: str, first: date, days: int = 7) -> int:
    """How many times of slots at a place a policy of this basis silences or cuts in the days from `first` on."""
    blocks = (block for column in of_place(place_id, first, days) for block in column.blocks)
    return sum(any(fate.by == basis for fate in block.fates) for block in blocks)


def _columns(world: Known, sorts: Sequence[tuple[hearing.Areas, list[UUID]]], first: date, days: int) -> list[Column]:
    start = datetime.combine(first, time())
    end = start + days * DAY
    found: dict[tuple[str, datetime], list[Fate]] = defaultdict(list)
    slots: dict[str, Slot] = {}
    for areas, devices in sorts:
        for slot, at, fate in _fates(world.timeline(areas, start, end), start, len(devices)):
            slots[slot.id] = slot
            found[slot.id, at].append(fate)
    blocks = [Block(slots[pk], at, _joined(fates)) for (pk, at), fates in found.items()]
    by_day: dict[date, list[Block]] = defaultdict(list)
    for block in blocks:
        by_day[max(block.start, start).date()].append(block)
    limits = [policy for areas, _ in sorts[:1] for policy in world.policies(areas)]
    return [
        Column(day, world.days.holidays.get(day, ""), lunar(day), tuple(laid(by_day[day])), _quiet(limits, day))
        for day in (first + number * DAY for number in range(days))
    ]


def _quiet(limits: Sequence[Policy], day: date) -> tuple[Quiet, ...]:
    """The quiet hours of one day at the first sort of devices, cut at midnight."""
    start = datetime.combine(day, time())
    end = start + DAY
    spans = QuietHours(limits, start, end).spans
    return tuple(replace(span, start=max(span.start, start), end=min(span.end, end)) for span in spans)


def _fates(line: Timeline, start: datetime, devices: int) -> Iterable[tuple[Slot, datetime, Fate]]:
    for each in line.soundings:
        yield each.slot, each.occurrence.start, _of_sounding(each, devices)
    for silence in line.silences:
        if silence.start >= start and silence.why not in NEVER_MEANT:
            yield silence.slot, silence.start, Fate((silence.why,), silence.by, (), False, devices)


def _of_sounding(each: Sounding, devices: int) -> Fate:
    return Fate(each.why, each.by, each.parts, each.whole, devices)


def _joined(fates: Iterable[Fate]) -> tuple[Fate, ...]:
    """The same fate at several sorts of devices is one."""
    counts: dict[tuple[tuple[Why, ...], str, tuple[Part, ...], bool], int] = defaultdict(int)
    for fate in fates:
        counts[fate.why, fate.by, fate.parts, fate.whole] += fate.devices
    return tuple(Fate(*key, devices) for key, devices in counts.items())


def laid(blocks: Iterable[Block]) -> list[Block]:
    """The blocks of a day in order, side by side where they overlap."""
    ordered = sorted(blocks, key=lambda block: (block.start, -block.slot.length, block.slot.id))
    done: list[Block] = []
    cluster: list[tuple[Block, int]] = []
    until, ends = LONG_AGO, list[datetime]()
    for block in ordered:
        if block.start >= until:
            done += _side_by_side(cluster, len(ends))
            cluster, ends = [], []
        lane = next((at for at, end in enumerate(ends) if end <= block.start), len(ends))
        ends[lane : lane + 1] = [block.end]
        cluster.append((block, lane))
        until = max([*ends, block.end])
    return done + _side_by_side(cluster, len(ends))


def _side_by_side(cluster: Iterable[tuple[Block, int]], lanes: int) -> list[Block]:
    return [Block(block.slot, block.start, block.fates, lane, lanes) for block, lane in cluster]
