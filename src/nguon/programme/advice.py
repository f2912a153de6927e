"""What an officer is told while a slot is being edited: what of it would not sound, why, and what would help."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from nguon.programme import gather, hearing
from nguon.programme.gather import Known, Placed
from nguon.programme.hearing import Areas
from nguon.programme.slots import LOOKAHEAD, Slot, Why
from nguon.programme.timeline import Timeline

AHEAD = timedelta(days=28)  # so far ahead it is looked what happens
STEP, FARTHEST = timedelta(minutes=15), timedelta(hours=5)  # times of the day that are tried instead
OWN_WISH = frozenset({Why.EXCEPTED, Why.SUSPENDED, Why.HOLIDAY, Why.NO_HOLIDAY, Why.LUNAR, Why.NOT_VALID})
HARM = (Why.QUIET, Why.LONG, Why.MANY, Why.BUSY, Why.HIGHER, Why.CUT, Why.WAITED, Why.RESUMED)  # the gravest first


@dataclass(frozen=True)
class Trouble:
    """Something that stands in the way. `title`: of the other slot that would suffer; empty: it is this one."""

    why: Why
    by: str
    first: datetime
    times: int
    silent: bool  # does not sound at all these times; else late or cut
    title: str = ""


@dataclass(frozen=True)
class Advice:
    """`due`: how often it should sound in the days looked at; `heard`: how often it does. `better`: a fitting time."""

    due: int
    heard: int
    devices: int
    troubles: tuple[Trouble, ...] = ()
    better: time | None = None

    @property
    def hopeless(self) -> bool:
        """Whether it is due and nothing of it could ever sound."""
        return self.due > 0 and self.heard == 0


def consider(placed: Placed, on: date, known: Known | None = None) -> Advice:
    """What would happen if the slot, which may be stored or not, were as it is here."""
    slot = placed.slot
    world = known or gather.known(on)
    others = replace(world, placed=tuple(each for each in world.placed if each.slot.id != slot.id))
    here = replace(others, placed=(*others.placed, placed))
    sets = hearing.by_areas(placed.targets, on)
    sorts = [areas for areas, _devices in hearing.alike(here, sets)]
    start = datetime.combine(max(on, slot.first.date()), time())
    end = _end(placed, start, world)
    pairs = [(here.timeline(areas, start, end), others.timeline(areas, start, end)) for areas in sorts]
    due, heard = _counted(slot.id, [now for now, _ in pairs])
    troubles = [*_own(slot.id, [now for now, _ in pairs]), *_of_others(slot.id, pairs)]
    better = _better(slot, placed, others, sorts, start, end) if troubles else None
    return Advice(due, heard, hearing.count(sets), tuple(troubles), better)


def _end(placed: Placed, start: datetime, world: Known) -> datetime:
    """Far enough to see it due at least once: some are due once a month, or a year."""
    alone = replace(world, placed=(placed,), limited=())
    near = start + AHEAD
    if alone.timeline(placed.areas, start, near).soundings:
        return near
    later = alone.timeline(placed.areas, start, start + LOOKAHEAD).soundings
    return later[0].occurrence.start + timedelta(days=1) if later else near


def _counted(slot_id: str, lines: Iterable[Timeline]) -> tuple[int, int]:
    """(how often due, how often heard anywhere), each time of the slot counted once."""
    heard, silent = set[datetime](), set[datetime]()
    for line in lines:
        heard |= {each.occurrence.start for each in line.soundings if each.slot.id == slot_id}
        silent |= {each.start for each in line.silences if each.slot.id == slot_id and each.why not in OWN_WISH}
    return len(heard | silent), len(heard)


def _harms(line: Timeline) -> set[tuple[str, str, Why, str, datetime, bool]]:
    """(slot, its title, why, by what, when, silent) of all that is not as it should be."""
    found = {
        (each.slot.id, each.slot.title, each.why, each.by, each.start, True)
        for each in line.silences
        if each.why not in OWN_WISH
    }
    for each in line.soundings:
        worst = next((why for why in HARM if why in each.why), None)
        if worst is not None:
            found.add((each.slot.id, each.slot.title, worst, each.by, each.occurrence.start, False))
    return found


def _own(slot_id: str, lines: Sequence[Timeline]) -> list[Trouble]:
    found = {harm for line in lines for harm in _harms(line) if harm[0] == slot_id}
    return _joined(found, other=False)


def _of_others(slot_id: str, pairs: Sequence[tuple[Timeline, Timeline]]) -> list[Trouble]:
    """What goes wrong with others that went right before."""
    found = set()
    for now, before in pairs:
        earlier = {(harm[0], harm[4]) for harm in _harms(before)}
        found |= {harm for harm in _harms(now) if harm[0] != slot_id and (harm[0], harm[4]) not in earlier}
    return _joined(found, other=True)


def _joined(found: Iterable[tuple[str, str, Why, str, datetime, bool]], *, other: bool) -> list[Trouble]:
    """One trouble for each reason, with how often and when first."""
    times: dict[tuple[str, Why, str, bool], set[datetime]] = {}
    for _id, title, why, by, at, silent in found:
        times.setdefault((title if other else "", why, by, silent), set()).add(at)
    made = [
        Trouble(why, by, min(moments), len(moments), silent, title)
        for (title, why, by, silent), moments in times.items()
    ]
    return sorted(made, key=lambda each: (bool(each.title), not each.silent, HARM.index(each.why), each.first))


def _better(
    slot: Slot, placed: Placed, others: Known, sorts: Sequence[Areas], start: datetime, end: datetime
) -> time | None:
    """The nearest time of the day at which it, and everything else on its first day, goes right."""
    alone = replace(others, placed=(placed,), limited=())
    due = alone.timeline(placed.areas, start, end).soundings
    if not due:
        return None
    day = datetime.combine(due[0].occurrence.start.date(), time())
    for at in _times(slot.first):
        tried = replace(placed, slot=replace(slot, first=at))
        world = replace(others, placed=(*others.placed, tried))
        if all(
            _fits(slot.id, world.timeline(areas, day, day + timedelta(days=1)), others, areas, day) for areas in sorts
        ):
            return at.time()
    return None


def _times(wanted: datetime) -> list[datetime]:
    """The quarters of an hour of the same day around a time, the nearest first; of two as near the later one."""
    quarter = wanted - (wanted - datetime.combine(wanted.date(), time())) % STEP
    near = [quarter + STEP * number for number in range(-(FARTHEST // STEP), FARTHEST // STEP + 1)]
    same_day = (at for at in near if at.date() == wanted.date() and at != wanted)
    return sorted(same_day, key=lambda at: (abs(at - wanted), wanted - at))


def _fits(slot_id: str, line: Timeline, others: Known, areas: Areas, day: datetime) -> bool:
    if not any(each.slot.id == slot_id for each in line.soundings):
        return False
    harms = _harms(line)
    if any(harm[0] == slot_id for harm in harms):
        return False
    if not harms:
        return True
    before = {(harm[0], harm[4]) for harm in _harms(others.timeline(areas, day, day + timedelta(days=1)))}
    return all((harm[0], harm[4]) in before for harm in harms)
