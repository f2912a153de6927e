"""What was heard and not believed: counted, and told to the server without letting a flood through."""

from hashlib import sha256

from nguon.agent.effects import AskTime, Send
from nguon.agent.state import Doubt, State
from nguon.agent.turn import Turn
from nguon.agent.units import MINUTE
from nguon.agent.waiting import NEVER
from nguon.wire.messages import Reason, Refusal

EVERY = MINUTE  # between two words about the same reason
BY_CLOCK = frozenset({Reason.FUTURE, Reason.LATE, Reason.CLOCK, Reason.KEY_OVER})  # or is it our clock that is wrong?


def note(turn: Turn, reason: Reason, digest: str, *, kid: str = "", order: str | None = None) -> None:
    """Count it; the first of its reason is told at once. `digest`: SHA-256 of what was heard.

    Not saved: a flood must not wear out the card.
    """
    doubts = turn.state.doubts
    known = doubts.get(reason, Doubt())
    found = Doubt(known.count + 1, digest, kid, order, known.told_at)
    turn.log(
        f"not believed ({reason.value}): {found.sha256[:12]} {order or ''}", "warning" if not known.count else "debug"
    )
    turn.put(doubts={**doubts, reason: found})
    if reason in BY_CLOCK:
        turn.effects.append(AskTime())
    tell(turn)


def tell(turn: Turn) -> None:
    """Say what was not said yet, as far as it is time."""
    state = turn.state
    if not state.connected:
        return
    for reason, doubt in state.doubts.items():
        if doubt.count and turn.now >= doubt.told_at + EVERY:
            message = Refusal(
                id=sha256(f"{doubt.sha256}{state.device}{turn.now}".encode()).hexdigest()[:32],
                at=turn.now,
                reason=reason,
                sha256=doubt.sha256,
                count=doubt.count,
                key=doubt.kid or None,
                order=doubt.order,
            )
            turn.effects.append(Send("refusal", message))
            turn.put(doubts={**turn.state.doubts, reason: Doubt(told_at=turn.now)})


def due(state: State) -> int:
    """When there is something to tell; NEVER if there is not."""
    waiting = (doubt.told_at + EVERY for doubt in state.doubts.values() if doubt.count)
    return min(waiting, default=NEVER) if state.connected else NEVER
