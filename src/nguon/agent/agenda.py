"""What a plan says, laid out for a device that looks into it at every step. Pure; times are ms UTC."""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from nguon.agent.units import CHANNEL, MEMORY
from nguon.wire.ladder import Level
from nguon.wire.messages import Content, Limit, Plan, Play, Span


class Use(Struct, frozen=True):
    """One time a file of the plan is needed: to sound from `start` on, for nothing any more from `end` on."""

    start: int
    end: int


class Need(Struct, frozen=True):
    """A file of the plan and when it is needed, by time."""

    content: Content
    uses: tuple[Use, ...]

    def next(self, now: int) -> Use | None:
        """When it is needed next; None if never again."""
        return next((use for use in self.uses if use.end > now), None)


class Agenda(Struct, frozen=True):
    """A plan in order: plays by start, no id twice; quiet hours joined; the files it needs by their first use."""

    sha256: str
    made: int
    until: int
    plays: tuple[Play, ...] = ()
    quiet: tuple[Span, ...] = ()
    limits: tuple[Limit, ...] = ()
    fetch: tuple[Span, ...] = ()
    needs: tuple[Need, ...] = ()

    def after(self, start: int) -> int:
        """The index of the first play that starts after this moment."""
        return bisect_right(self.plays, start, key=lambda play: play.start)

    def find(self, broadcast: str) -> Play | None:
        """The play of this id, if it is in the plan."""
        return next((play for play in self.plays if play.id == broadcast), None)

    def quiet_at(self, now: int) -> Span | None:
        """The quiet hours at this moment, if any."""
        index = bisect_right(self.quiet, now, key=lambda span: span.start) - 1
        return self.quiet[index] if index >= 0 and now < self.quiet[index].end else None

    def quiet_after(self, now: int) -> Span | None:
        """The next quiet hours that begin after this moment."""
        index = bisect_right(self.quiet, now, key=lambda span: span.start)
        return self.quiet[index] if index < len(self.quiet) else None

    def loudest(self, now: int) -> int:
        """The volume that must not be exceeded at this moment, percent."""
        return min((limit.most for limit in self.limits if limit.start <= now < limit.end), default=100)


def lay_out(plan: Plan, sha256: str, channel: str = CHANNEL) -> Agenda:
    """The agenda of a plan. What is not for this channel, or has no start, is left out."""
    plays: dict[str, Play] = {}
    for play in sorted(plan.plays, key=lambda play: (play.start, play.id)):
        if play.channel == channel and play.start > 0:
            plays.setdefault(play.id, play)
    inorder = tuple(plays.values())
    fetch = joined(plan.fetch)
    needed = needs(inorder, plan.keep, Use(plan.made, plan.until))
    return Agenda(sha256, plan.made, plan.until, inorder, joined(plan.quiet), plan.limits, fetch, needed)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same times as spans in order that neither touch nor overlap. An empty span is none."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if span.end <= span.start:
            continue
        if made and span.start <= made[-1].end:
            made[-1] = Span(start=made[-1].start, end=max(made[-1].end, span.end))
        else:
            made.append(span)
    return tuple(made)


def needs(plays: Iterable[Play], keep: Iterable[Content], whole: Use) -> tuple[Need, ...]:
    """The files of these plays, and those kept as long as the plan holds (`whole`); each once, by first use."""
    found: dict[str, tuple[Content, list[Use]]] = {content.sha256: (content, [whole]) for content in keep}
    for play in plays:
        if play.content is not None:
            entry = found.setdefault(play.content.sha256, (play.content, []))
            entry[1].append(Use(play.start, play.expires))
    made = (Need(content, tuple(sorted(uses, key=lambda use: use.start))) for content, uses in found.values())
    return tuple(sorted(made, key=lambda need: need.uses[0].start))


def free(order: Play) -> bool:
    """Whether it is above quiet hours and volumes by hour: an emergency, and no drill of one."""
    return order.level >= Level.EMERGENCY and not order.drill


def kept_from(now: int) -> int:
    """What starts before then is not looked at in a new plan: what became of it may be forgotten already."""
    return now - MEMORY
