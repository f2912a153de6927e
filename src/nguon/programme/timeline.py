"""The scheduler: (slots, policies, device's hours, window) → what sounds when, and why; and what does not, and why not.

Pure: the same input gives the same output. It goes through time as a device does, by the same ladder: of what is due
the highest sounds; what it breaks off goes on afterwards, if there is time left. Never two sounds at once; nothing in
quiet hours but what no policy holds back; each time a slot is due is told once, as a Sounding or as a Silence.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from nguon.programme import policies as limits
from nguon.programme.policies import FOREMOST, FREE, Policy, QuietHours
from nguon.programme.slots import Days, Occurrence, Silence, Slot, Why, occurrences
from nguon.wire.ladder import Precedence, precedence

BEFORE = timedelta(days=1)  # so long before the day of a window time is gone through, for what goes on into it
FOREVER = datetime.max
EPOCH, MILLISECOND = datetime(1970, 1, 1), timedelta(milliseconds=1)


@dataclass(frozen=True)
class Part:
    """A stretch of sound: from when to when, and how far into the sound it begins."""

    start: datetime
    end: datetime
    offset: timedelta


@dataclass(frozen=True)
class Sounding:
    """One time a slot sounds, in one part or more. `why`: what brought it about, and what became of it on the way."""

    occurrence: Occurrence
    parts: tuple[Part, ...]
    why: tuple[Why, ...]
    by: str = ""  # what stood in the way, if anything

    @property
    def slot(self) -> Slot:
        """Whose time it is."""
        return self.occurrence.slot

    @property
    def start(self) -> datetime:
        """When sound begins."""
        return self.parts[0].start

    @property
    def whole(self) -> bool:
        """Whether all of it is heard."""
        return sum((part.end - part.start for part in self.parts), timedelta()) >= self.slot.length


@dataclass(frozen=True)
class Timeline:
    """What happens at one device: sounds by their beginning, silences by the time they were due."""

    soundings: tuple[Sounding, ...]
    silences: tuple[Silence, ...]


@dataclass
class _Run:
    """An occurrence on its way through time."""

    occurrence: Occurrence
    left: timedelta
    parts: list[Part] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    by: str = ""

    @property
    def slot(self) -> Slot:
        return self.occurrence.slot

    @property
    def latest(self) -> datetime:
        """After this it does not begin, or go on, any more."""
        return self.occurrence.latest_end if self.parts else self.occurrence.start + self.slot.grace

    def rank(self) -> Precedence:
        """The ladder, as a device goes by it."""
        since = self.occurrence.start - EPOCH
        return precedence(self.slot.level, bool(self.parts), since // MILLISECOND, self.slot.issued, self.slot.id)


def timeline(
    slots: Sequence[Slot], policies: Sequence[Policy], start: datetime, end: datetime, days: Days | None = None
) -> Timeline:
    """What happens in [start, end), local time: of all that is due from `start` on, and of what sounds on into it."""
    since = datetime.combine(start.date(), time()) - BEFORE
    all_ = [each for slot in slots for each in occurrences(slot, since, end, days or Days())]
    due = sorted((each for each in all_ if isinstance(each, Occurrence)), key=_by_time)
    silences = [each for each in all_ if isinstance(each, Silence)]
    kept, refused = _within_limits(due, policies)
    soundings, missed = _walk(kept, QuietHours(policies, since, end + timedelta(days=2)))
    told = sorted([*silences, *refused, *missed], key=lambda each: (each.start, each.slot.id))
    return Timeline(
        tuple(each for each in soundings if each.parts[-1].end > start),
        tuple(each for each in told if each.start >= start),
    )


def _by_time(each: Occurrence) -> tuple[datetime, int, str]:
    return each.start, -each.slot.level, each.slot.id


def _within_limits(due: Iterable[Occurrence], policies: Sequence[Policy]) -> tuple[list[Occurrence], list[Silence]]:
    """What the policies of its day allow: not too long, and not one session too many."""
    kept, refused = [], []
    sessions: Counter[date] = Counter()
    for each in due:
        day, level = each.start.date(), each.slot.level
        long, many = limits.longest(policies, day), limits.most_sessions(policies, day)
        if level < FREE and long and each.slot.length > long[0] and not each.slot.can_be_cut:
            refused.append(Silence(each.slot, each.start, Why.LONG, long[1].basis))
        elif level < FOREMOST and many and sessions[day] >= many[0]:
            refused.append(Silence(each.slot, each.start, Why.MANY, many[1].basis))
        else:
            sessions[day] += level < FOREMOST
            kept.append(each)
    return kept, refused


def _walk(due: list[Occurrence], quiet: QuietHours) -> tuple[list[Sounding], list[Silence]]:
    """Go through time from one change to the next: something is due, ends or gives up, quiet hours begin or end."""
    ahead, waiting = list(reversed(due)), list[_Run]()
    done: list[Sounding] = []
    missed: list[Silence] = []
    now = due[0].start if due else FOREVER
    while ahead or waiting:
        while ahead and ahead[-1].start <= now:
            one = ahead.pop()
            waiting.append(_Run(one, one.slot.length))
        waiting = _give_up(waiting, now, quiet, done, missed)
        playing = min((run for run in waiting if _may_sound(run, now, quiet)), key=_Run.rank, default=None)
        until = _next_change(waiting, ahead, playing, now, quiet)
        if until == FOREVER:
            break
        if playing is not None:
            _sound(playing, now, until, waiting)
            if playing.left <= timedelta():
                waiting.remove(playing)
                done.append(_told(playing))
        now = until
    return sorted(done, key=lambda each: (each.start, each.slot.id)), missed


def _may_sound(run: _Run, now: datetime, quiet: QuietHours) -> bool:
    """Not in quiet hours; and not just before them, unless it may be cut: nobody wants half a notice."""
    if run.slot.level >= FREE:
        return True
    if quiet.at(now):
        return False
    coming = quiet.after(now)
    return run.slot.can_be_cut or coming is None or now + run.left <= coming.start


def _next_change(
    waiting: list[_Run], ahead: list[Occurrence], playing: _Run | None, now: datetime, quiet: QuietHours
) -> datetime:
    """The next moment at which something may be different."""
    moments = [ahead[-1].start] if ahead else []
    moments += [run.latest for run in waiting if run is not playing]
    moments.append(quiet.next_edge(now))
    if playing is not None:
        moments += [now + playing.left, playing.occurrence.latest_end]
    return min((each for each in moments if each > now), default=FOREVER)


def _sound(run: _Run, now: datetime, until: datetime, waiting: list[_Run]) -> None:
    """A stretch of sound; one that follows upon the last without a gap is the same stretch."""
    if not run.parts and now > run.occurrence.start:
        run.why.append(Why.WAITED)
    if run.parts and run.parts[-1].end == now:
        run.parts[-1] = Part(run.parts[-1].start, until, run.parts[-1].offset)
    else:
        if run.parts:
            run.why.append(Why.RESUMED)
        run.parts.append(Part(now, until, run.slot.length - run.left))
    run.left -= until - now
    for other in waiting:
        if other is not run:
            other.by = run.slot.title


def _give_up(
    waiting: list[_Run], now: datetime, quiet: QuietHours, done: list[Sounding], missed: list[Silence]
) -> list[_Run]:
    """Let go of what has no time left: what was heard in part, and what was not heard at all."""
    kept = []
    for run in waiting:
        late = now > run.latest if not run.parts else now >= run.latest
        if not late:
            kept.append(run)
        elif run.parts:
            done.append(_cut(run, quiet))
        else:
            missed.append(_missed(run, quiet))
    return kept


def _cut(run: _Run, quiet: QuietHours) -> Sounding:
    """What was not heard to its end, and what ended it."""
    run.why.append(Why.CUT)
    span = quiet.at(run.parts[-1].end) if run.slot.level < FREE else None
    if span:
        run.why.append(Why.QUIET)
        run.by = span.policy.basis
    return _told(run)


def _told(run: _Run) -> Sounding:
    why = (run.occurrence.why, *run.why)
    return Sounding(run.occurrence, tuple(run.parts), why, run.by if len(why) > 1 else "")


def _missed(run: _Run, quiet: QuietHours) -> Silence:
    """Why it never began: the quiet hours it stood in or would have run into, or whatever sounded instead."""
    occurrence = run.occurrence
    if run.slot.level < FREE and not run.by:
        span = quiet.at(occurrence.start) or quiet.after(occurrence.start)
        if span:
            return Silence(run.slot, occurrence.start, Why.QUIET, span.policy.basis)
    return Silence(run.slot, occurrence.start, Why.BUSY, run.by)
