"""Was that day as planned? Judged from the plan and from what sounded, by other code than the device's.

Each play was heard whole, or something stood in the way: then that must be true, and the device must have said so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from nguon.cli.bench.daybox import Box, Sound
from nguon.wire.ladder import Level
from nguon.wire.messages import Plan, Play, Reason, Receipt, Span, Stage

SECOND = 1_000
EXACT = 1 * SECOND  # after start and stagger a sound comes out within this
TAIL = 6 * SECOND  # of a sound may be missing at its end
FINAL = frozenset({Stage.FINISHED, Stage.FAILED, Stage.STOPPED, Stage.EXPIRED, Stage.REFUSED})
LATENCY = 2 * SECOND  # between two sounds
FAR = 1 << 62


@dataclass
class Verdict:
    """Counts of what must not be, with examples; `ends`: how it ended for each play; `lateness`: ms, where alone."""

    plays: int = 0
    whole: int = 0
    missed: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    at_once: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    lateness: list[int] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [*self.missed, *self.double, *self.quiet, *self.at_once, *self.late, *self.loud]


def judge(plan: Plan, box: Box) -> Verdict:
    """The verdict on one box after the day."""
    verdict = Verdict()
    _sounds(plan, box, verdict)
    ends: dict[str, list[Receipt]] = {}
    for receipt in box.state.pending:
        if receipt.stage in FINAL:
            ends.setdefault(receipt.broadcast, []).append(receipt)
    for play in plan.plays:
        verdict.plays += 1
        heard = [sound for sound in box.sounds if sound.broadcast == play.id]
        _once(play, heard, ends.get(play.id, []), verdict)
        _heard(play, heard, ends.get(play.id, []), plan, box, verdict)
        _on_time(play, heard, plan, box, verdict)
    return verdict


def _sounds(plan: Plan, box: Box, verdict: Verdict) -> None:
    for sound in box.sounds:
        if sound.level < Level.EMERGENCY:
            verdict.quiet += [f"{sound} in {span}" for span in plan.quiet if _meet(sound, span)]
            most = min((each.most for each in plan.limits if each.start <= sound.start < each.end), default=100)
            asked_before = any(each.start <= sound.start - LATENCY < each.end for each in plan.limits)
            if sound.volume > most and asked_before:
                verdict.loud.append(f"{sound} over {most}")
    inorder = sorted(box.sounds, key=lambda sound: sound.start)
    pairs = pairwise(inorder)
    verdict.at_once += [f"{one} and {two}" for one, two in pairs if two.start < one.end]


def _meet(sound: Sound, span: Span) -> bool:
    return sound.start < span.end and span.start < sound.end


def _once(play: Play, heard: list[Sound], ends: list[Receipt], verdict: Verdict) -> None:
    parts = sorted((sound.offset, sound.offset + sound.end - sound.start) for sound in heard)
    for (_, one_end), (two_start, _) in pairwise(parts):
        if two_start + SECOND < min(one_end, play.duration):
            verdict.double.append(f"{play.title} {play.id}: {parts}")
    if len({(receipt.stage, receipt.reason) for receipt in ends}) > 1:
        verdict.double.append(f"{play.title} {play.id} ended {ends}")


def _heard(play: Play, heard: list[Sound], ends: list[Receipt], plan: Plan, box: Box, verdict: Verdict) -> None:
    last = ends[-1] if ends else None
    verdict.ends[f"{last.stage} {last.reason}".strip() if last else "untold"] += 1
    reached = max((sound.offset + sound.end - sound.start for sound in heard), default=0)
    length = sum(sound.end - sound.start for sound in heard)
    if last is None:
        verdict.missed.append(f"untold: {play}")
    elif last.stage is Stage.FINISHED:
        verdict.whole += 1
        without = length + TAIL < play.duration
        if reached + TAIL < play.duration or (without and not play.stream and not _hurt(play, box)):
            verdict.missed.append(f"told as finished: {play} {heard}")
        in_the_way = any(_explained(reason, play, heard, plan, box) for reason in (Reason.BUSY, Reason.QUIET))
        if without and play.stream and not (in_the_way or _hurt(play, box)):
            verdict.missed.append(f"a stream with a hole: {play} {heard}")
    elif _chance(play, heard, plan, box) or not _explained(last.reason, play, heard, plan, box):
        verdict.missed.append(f"{last.stage} {last.reason} {last.detail}: {play} {heard}")


def _chance(play: Play, heard: list[Sound], plan: Plan, box: Box) -> bool:
    """Whether there was a moment at which it could have begun, or gone on: nothing in the way for a while."""
    due, away = play.start + box.settings.stagger, [*box.off, *box.blind]
    if heard:
        last = max(heard, key=lambda sound: sound.end)
        left = play.duration - last.offset - (last.end - last.start)
        by_clock = play.stream is not None or any(gone >= last.end for gone, _back in away)
        start, until = last.end, min(play.expires, last.end + left if by_clock else FAR)
        since = last.end + left - play.duration
    else:
        missed = any(gone <= due < back for gone, back in away)
        by_clock = play.stream is not None or missed
        start, left, since = due, play.duration, due
        until = min(play.expires, FAR if missed else play.begin_by, due + left - SECOND if by_clock else FAR)
    return _gap(start, until, sorted(_blocked(play, left, since if by_clock else 0, plan, box)))


def _blocked(play: Play, left: int, clock: int, plan: Plan, box: Box) -> Iterator[tuple[int, int]]:
    """When it could not sound; with `left` to be heard, or going by the clock since `clock`."""
    for sound in box.sounds:
        if sound.broadcast != play.id and sound.level >= play.level:
            yield sound.start - LATENCY, sound.end + LATENCY // 2
    for gone, back in (*box.off, *box.blind):
        yield gone, back + LATENCY
    for span in plan.quiet if play.level < Level.EMERGENCY else ():
        if play.cut:
            yield span.start, span.end
        elif not clock:
            yield span.start - left, span.end
        elif clock + play.duration > span.start:
            yield span.start - play.duration, span.end


def _gap(start: int, until: int, blocked: list[tuple[int, int]]) -> bool:
    for one, end in blocked:
        if one > start + LATENCY:
            break
        start = max(start, end)
    return start + LATENCY < until


def _window(play: Play, box: Box) -> tuple[int, int]:
    stagger = box.settings.stagger
    return play.start + stagger, max(play.begin_by, play.start + stagger + play.duration, play.expires) + SECOND


def _hurt(play: Play, box: Box) -> bool:
    """Whether the power, or the clock, was away while it should have been heard."""
    start, end = _window(play, box)
    return any(gone < end and start < back for gone, back in (*box.off, *box.blind))


def _explained(reason: Reason, play: Play, heard: list[Sound], plan: Plan, box: Box) -> bool:
    start, end = _window(play, box)
    match reason:
        case Reason.OFF | Reason.CLOCK:
            return _hurt(play, box)
        case Reason.BUSY:
            others = (each for each in box.sounds if each.broadcast != play.id)
            return any(each.start < end and start < each.end + LATENCY for each in others)
        case Reason.QUIET:
            return any(span.start < end + play.duration and start < span.end for span in plan.quiet)
        case Reason.LATE:  # begun, broken into by what took until its end
            return (bool(heard) and _explained(Reason.BUSY, play, heard, plan, box)) or _hurt(play, box)
    return False


def _on_time(play: Play, heard: list[Sound], plan: Plan, box: Box, verdict: Verdict) -> None:
    """What nothing stood in the way of begins within a second."""
    due = play.start + box.settings.stagger
    until = due + play.duration
    others = [each for each in box.sounds if each.broadcast != play.id]
    if _hurt(play, box) or any(each.start - LATENCY <= due < each.end + LATENCY for each in others):
        return
    hours = plan.quiet if play.level < Level.EMERGENCY else ()
    if any(span.start <= due < span.end or (not play.cut and due < span.start < until) for span in hours):
        return
    higher = [each for each in plan.plays if each.id != play.id and each.level >= play.level]
    if any(abs(each.start - play.start) <= SECOND for each in higher):
        return
    if not heard:
        verdict.late.append(f"alone and not heard: {play}")
        return
    lateness = min(sound.start for sound in heard) - due
    verdict.lateness.append(lateness)
    if not 0 <= lateness <= EXACT:
        verdict.late.append(f"{lateness} ms: {play}")
