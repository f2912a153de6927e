"""Of what is held: what may sound at a moment, from where, until when, and why it did not. Pure."""

from nguon.agent import right
from nguon.agent.agenda import free
from nguon.agent.state import Held, State
from nguon.agent.units import SECOND
from nguon.kit import clock
from nguon.wire import trust
from nguon.wire.messages import Play, Reason, Span, Stage

NEVER = right.NEVER
SKEW = trust.SKEW  # an order may be issued so much later than our clock says; more, and our clock is wrong
TAIL = 5 * SECOND  # so much of a sound may be missing where quiet hours begin: players are not exact
SCRAP = 1 * SECOND  # less than that of a sound is not begun in its middle


def due(held: Held, state: State) -> int:
    """When it is to begin; 0 for an order to play at once."""
    return held.order.start + (state.settings.stagger if held.planned else 0)


def by_clock(held: Held) -> bool:
    """Whether it goes on where the clock is: a stream always, a file after a loss of power."""
    return held.by_clock or held.order.stream is not None


def beginning(held: Held, state: State) -> int:
    """When its beginning was heard, or would have been; 0 if that is open."""
    return held.since or (due(held, state) if held.planned else 0)


def offset(held: Held, state: State, at: int) -> int:
    """How far into it the sound is to begin at this moment."""
    if not by_clock(held):
        return held.position
    since = beginning(held, state)
    return min(max(at - since, 0), held.order.duration) if since else 0


def ends(held: Held, state: State) -> int:
    """From this moment on it does not begin, nor go on, any more."""
    order, found = held.order, held.order.expires
    since = beginning(held, state) if by_clock(held) else 0
    if since:
        found = min(found, since + max(order.duration - SCRAP, 1))
    if held.planned and not held.since and not held.by_clock and order.begin_by:
        found = min(found, order.begin_by + 1)
    return found


def lead(state: State) -> int:
    """How long before a sound the amplifier is to be switched on: not at all while something sounds."""
    return state.settings.warm_up if state.sounding is None else 0


def moment(held: Held, state: State, now: int) -> int | None:
    """When its sound would begin if it were chosen now; None if it may not be."""
    at = max(now, due(held, state))
    if not held.ready or at - lead(state) > now or ends(held, state) <= at or _misled(held, state, now):
        return None
    if right.forbids(state, at):
        return None
    return at if in_quiet(held, state, at) is None else None


def _misled(held: Held, state: State, now: int) -> bool:
    """Whether the clock is not to be trusted with it."""
    return not state.checked and (ahead_of(now, held.order) or (held.planned and state.doubt))


def ahead_of(now: int, order: Play) -> bool:
    """Whether an order was issued in our future: then our clock is behind."""
    return order.at > now + SKEW


def in_quiet(held: Held, state: State, at: int) -> Span | None:
    """The quiet hours that stand in the way of a sound from this moment on: there now, or before it would end."""
    agenda, order = state.agenda, held.order
    if agenda is None or free(order):
        return None
    here = agenda.quiet_at(at)
    if here is not None or order.cut:
        return here
    coming = agenda.quiet_after(at)
    left = order.duration - offset(held, state, at)
    return coming if coming is not None and at + left > coming.start + TAIL else None


def next_chance(held: Held, state: State, now: int) -> int:
    """When, after now, it may be able to sound, as far as that is a matter of time."""
    if not held.ready or (held.planned and state.doubt and not state.checked):
        return NEVER
    at = due(held, state) - lead(state)
    if not state.checked:
        at = max(at, held.order.at - SKEW)
    if at > now:
        return at
    agenda = state.agenda
    if agenda is None or free(held.order):
        return NEVER
    span = agenda.quiet_at(now) or agenda.quiet_after(now)
    return span.end if span is not None else NEVER


def why_not(held: Held, state: State, now: int) -> tuple[Stage, Reason, str]:
    """What is told of a broadcast whose time is over though it was not heard, or not to its end."""
    if not held.planned:
        quiet = held.ready and in_quiet(held, state, min(now, held.order.expires)) is not None
        return Stage.EXPIRED, Reason.QUIET if quiet else Reason.LATE if held.ready else Reason.FETCH, ""
    over, start = ends(held, state), due(held, state)
    if over <= state.up_at:
        return Stage.EXPIRED, Reason.OFF, "no power at that time"
    if state.doubt or (start >= state.blind[0] and over <= state.blind[1]):
        stage = Stage.EXPIRED if held.since else Stage.REFUSED
        return stage, Reason.CLOCK, "the time was not known well enough"
    if not held.ready:
        return _unfetched(held, state)
    sounding = state.sounding
    if sounding is not None and sounding.broadcast != held.order.id:
        return Stage.EXPIRED, Reason.BUSY, f"{sounding.broadcast} of level {sounding.level} sounded until then"
    span = in_quiet(held, state, min(now, over))
    if span is not None:
        return Stage.EXPIRED, Reason.QUIET, f"quiet hours {_local(span.start)} to {_local(span.end)} in the way"
    return Stage.EXPIRED, Reason.LATE, f"{now - start} ms after its start"


def _unfetched(held: Held, state: State) -> tuple[Stage, Reason, str]:
    trouble = state.troubles.get(held.order.sha256 or "")
    if trouble is None:
        return Stage.EXPIRED, Reason.FETCH, "the file was not here in time"
    stage = Stage.EXPIRED if trouble.reason is Reason.FETCH else Stage.FAILED
    return stage, trouble.reason, trouble.detail


def _local(at: int) -> str:
    return f"{clock.from_ms(at).astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
