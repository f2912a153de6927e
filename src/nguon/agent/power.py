"""Power-up, and the clock: what a device may believe of the time, and what a change of it means."""

from msgspec.structs import replace

from nguon.agent import ahead, plans
from nguon.agent.effects import SAVE, Effect, Fetch
from nguon.agent.state import State
from nguon.agent.turn import Turn
from nguon.agent.units import SECOND
from nguon.agent.waiting import SKEW

UNSAVED_MOST = 1_000  # receipts told after the last save, at most


def restored(turn: Turn, proof: bool, checked: bool) -> None:
    """Power-up. Nothing sounds and there is no link; what is held is fetched again (a matter of looking at the disk).

    Numbers go on from the clock, or well above the last: those told after the last save must not be used twice.
    """
    state = turn.state
    held = {
        key: replace(value, ready=value.order.stream is not None, by_clock=value.planned)
        for key, value in state.held.items()
    }
    last_seq = max(state.last_seq + UNSAVED_MOST if state.last_seq else 0, turn.now - 1)
    turn.put(held=held, last_seq=last_seq, sounding=None, connected=False, proof=proof, vitals_at=0)
    turn.put(up_at=turn.now, blind=(0, 0), here={}, unread="", doubt=False, good_since=0)
    _believe(turn, checked, turn.now)
    plans.take_again(turn)
    turn.effects.extend(fetches(turn.state))
    ahead.begin(turn)
    plans.fetch(turn)
    plans.take(turn)
    turn.effects.append(SAVE)


def clock_moved(turn: Turn, by: int, checked: bool) -> None:
    """What counts from our own past moments moves along; what the server named stands."""
    state = turn.state
    turn.put(
        vitals_at=state.vitals_at and max(state.vitals_at + by, 1),
        resend_at=max(state.resend_at + by, 0),
        save_at=max(state.save_at + by, 0),
        fetch_at=turn.now,
        up_at=max(state.up_at + by, 0),
        good_since=_moved(state.good_since, by),
        held={key: replace(held, since=_moved(held.since, by)) for key, held in state.held.items()},
        here={key: at + by for key, at in state.here.items()},
        troubles={key: replace(trouble, again=trouble.again + by) for key, trouble in state.troubles.items()},
    )
    sounding = state.sounding
    if sounding is not None:
        since, deadline = sounding.since + by, sounding.deadline + by
        turn.put(sounding=replace(sounding, since=since, deadline=deadline, at=sounding.at + by))
    doubted = state.doubt
    # One that fell back at power-up is behind by what was on before; one that is set while we run may be set a little.
    _believe(turn, checked, turn.state.up_at if doubted else turn.now + SKEW)
    if not turn.state.doubt and (doubted or by > SECOND):
        turn.put(blind=(turn.state.up_at if doubted else turn.now - by, turn.now))
    if by < 0 and checked:
        plans.revive(turn)
    plans.take_again(turn)
    plans.passing(turn)


def _moved(since: int, by: int) -> int:
    return max(since + by, 1) if since else 0


def _believe(turn: Turn, checked: bool, earliest: int) -> None:
    """A clock that nobody checked, and that is before what is remembered, cannot be right."""
    state = turn.state
    before = earliest < state.seen or (state.agenda is not None and state.agenda.made > turn.now + SKEW)
    doubt = before and not checked
    if doubt and not state.doubt:
        words = "the clock is earlier than what is remembered, and nobody has checked it: nothing planned is played"
        turn.log(words, "warning")
    turn.put(checked=checked, doubt=doubt, seen=state.seen if doubt else turn.now)
    if checked:
        turn.put(checked_at=turn.now)


def fetches(state: State) -> list[Effect]:
    """What is still to come. Asking again is harmless, and ends a pause between two tries."""
    return [
        Fetch(held.order.content, held.order.expires)
        for held in state.held.values()
        if held.order.content is not None and not held.ready
    ]
