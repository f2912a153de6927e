"""The plan a device lives by: a newer one replaces it whole, and what is due in it is taken in hand."""

from msgspec.structs import replace

from nguon.agent import ahead, doubts, sound, waiting
from nguon.agent.agenda import Agenda, kept_from
from nguon.agent.effects import SAVE, FetchPlan
from nguon.agent.events import PlanFailed
from nguon.agent.state import Held, Over, State
from nguon.agent.turn import Turn, jitter
from nguon.agent.units import HOUR, MINUTE, SECOND
from nguon.wire.messages import NewPlan, Play, Reason, Stage

PATIENCE = 24 * HOUR  # so long a document is tried for; the server announces it again
SEEN_EVERY = 10 * MINUTE  # how often the time is put on disk, so that a clock that fell back is known


def announced(turn: Turn, message: NewPlan) -> None:
    """There may be a newer plan. The same document under a higher number is in force at once."""
    state = turn.state
    coming = state.announced.version if state.announced else 0
    if message.version <= state.plan or message.version < coming:
        turn.log(f"plan {message.version} is not newer than {max(state.plan, coming)}", "debug")
    elif message.document.sha256 == state.unread:
        turn.log(f"plan {message.version} is the document that could not be read", "debug")
    elif state.agenda is not None and message.document.sha256 == state.agenda.sha256:
        turn.put(plan=message.version, announced=None)
        tell_soon(turn)
        turn.effects.append(SAVE)
    else:
        if message.version > coming:
            turn.put(announced=message)
            turn.effects.append(SAVE)
        fetch(turn)


def fetch(turn: Turn) -> None:
    """Ask for the document that was announced, if there is one. Asking again is harmless, and ends a pause."""
    message = turn.state.announced
    if message is not None:
        turn.effects.append(FetchPlan(message.document, turn.now + PATIENCE))


def failed(turn: Turn, event: PlanFailed) -> None:
    """It did not come, or is none: the old plan stays."""
    sha256 = event.sha256
    turn.log(f"the plan {sha256[:12]} is not used: {event.detail[:200]}", "warning")
    if event.doubt is not None:
        doubts.note(turn, event.doubt, sha256)
    state = turn.state
    if event.unreadable:
        turn.put(unread=sha256)
    if state.announced is not None and state.announced.document.sha256 == sha256:
        turn.put(announced=None)
    turn.effects.append(SAVE)


def came(turn: Turn, agenda: Agenda) -> None:
    """A plan is here: it replaces the old one whole, but for what has begun."""
    message = turn.state.announced
    if message is None or message.document.sha256 != agenda.sha256:
        turn.log(f"the plan {agenda.sha256[:12]} came too late: a newer one is on its way", "debug")
        return
    passing(turn)  # what was due by the old one is judged by the old one
    _let_go(turn)
    turn.put(agenda=agenda, plan=message.version, announced=None, taken=kept_from(turn.now), unread="")
    turn.put(planned_from=turn.state.planned_from or turn.now)
    turn.log(f"plan {message.version} is in force: {len(agenda.plays)} plays")
    turn.effects.append(SAVE)
    ahead.begin(turn)
    passing(turn)
    tell_soon(turn)


def tell_soon(turn: Turn) -> None:
    """The server is to hear of it soon, and not of all devices at once."""
    state = turn.state
    soon = turn.now + jitter(state.device, 5 * SECOND)
    turn.put(vitals_at=min(state.vitals_at, soon) if state.vitals_at else soon)


def _let_go(turn: Turn) -> None:
    """What was taken in hand and has not begun is no longer held; without a word."""
    state = turn.state
    sounding = state.sounding.broadcast if state.sounding else None
    turn.put(held={key: held for key, held in state.held.items() if not _unbegun(held) or key == sounding})


def _unbegun(held: Held) -> bool:
    return held.planned and not held.since


def take_again(turn: Turn) -> None:
    """The clock or the power has changed what has not begun: it is taken in hand anew."""
    state = turn.state
    starts = [held.order.start for held in state.held.values() if _unbegun(held)]
    _let_go(turn)
    turn.put(taken=min([state.taken, turn.now, *(start - 1 for start in starts)]))


def passing(turn: Turn) -> None:
    """What time does: the plan's plays come due, sounds end, begin, or are too late."""
    take(turn)
    if turn.state.held:
        sound.passing(turn)
    state = turn.state
    if state.agenda is not None:
        if turn.now >= state.fetch_at:
            ahead.look(turn)
        if turn.now >= state.seen + SEEN_EVERY and not state.doubt:
            turn.effects.append(SAVE)


def revive(turn: Turn) -> None:
    """The clock was ahead: what was given up by it, unheard, and is still to come, is to come again."""
    state = turn.state
    if state.agenda is None:
        return
    coming = {play.id for play in state.agenda.plays if (play.begin_by or play.expires) > turn.now}
    over = {key: end for key, end in state.over.items() if key not in coming or not _unheard(end)}
    turn.put(over=over)


def _unheard(end: Over) -> bool:
    return end.stage in (Stage.EXPIRED, Stage.REFUSED) and end.position == 0


def take(turn: Turn) -> None:
    """Take in hand what is due by now, each once. What can no longer be heard is told by `sound.passing`."""
    state = turn.state
    if state.agenda is None or next_due(state) > turn.now:
        return
    plays = state.agenda.plays
    early = state.settings.warm_up - state.settings.stagger
    index = state.agenda.after(state.taken)
    while index < len(plays) and plays[index].start - early <= turn.now:
        _take(turn, plays[index], state.agenda.made)
        index += 1
    turn.put(taken=max(plays[index - 1].start, state.taken))


def _take(turn: Turn, order: Play, made: int) -> None:
    state = turn.state
    if order.id in state.held or order.id in state.over:
        return
    held = Held(order, ready=order.stream is not None or order.sha256 in state.here, planned=True)
    start = waiting.due(held, state)
    held = replace(held, by_clock=start < state.up_at or state.blind[0] <= start < state.blind[1])
    if waiting.ends(held, state) <= max(made, state.planned_from):
        return  # over before there was this plan, or any: it was never meant for us
    turn.hold(held)
    if order.at <= state.hushed_at and order.start <= state.hushed_at:
        sound.over(turn, order.id, Stage.STOPPED, reason=Reason.STOPPED)
    elif waiting.ends(held, state) <= turn.now:
        stage, reason, detail = waiting.why_not(held, state, turn.now)
        if reason not in (Reason.OFF, Reason.CLOCK):
            stage, reason, detail = Stage.EXPIRED, Reason.LATE, "it came with a plan when its time was over"
        sound.over(turn, order.id, stage, reason=reason, detail=detail)


def next_due(state: State) -> int:
    """When the next play of the plan is to be taken in hand; NEVER if there is none."""
    if state.agenda is None:
        return waiting.NEVER
    index = state.agenda.after(state.taken)
    if index == len(state.agenda.plays):
        return waiting.NEVER
    return state.agenda.plays[index].start + state.settings.stagger - state.settings.warm_up
