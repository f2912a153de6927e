"""One step in the making: the state so far, what to do, and the few verbs every part of the core needs."""

from typing import Any

from msgspec.structs import replace

from nguon.agent.effects import Effect, Log, Send
from nguon.agent.state import Held, Over, State
from nguon.agent.units import MEMORY, SECOND
from nguon.wire.messages import Reason, Receipt, Sha256, Stage

REMEMBERED = 5_000  # and no more than so many
RESEND = 30 * SECOND


class Turn:
    """`now` is ms. `state` and `effects` are what the step returns in the end; nobody else keeps a Turn."""

    __slots__ = ("effects", "now", "state")

    def __init__(self, state: State, now: int) -> None:
        self.state = state
        self.now = now
        self.effects: list[Effect] = []

    def put(self, **changes: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    def log(self, words: str, level: str = "info") -> None:
        """Say it in the log."""
        self.effects.append(Log(level, words))

    def hold(self, held: Held) -> None:
        """Keep this broadcast as it is now."""
        self.put(held={**self.state.held, held.order.id: held})

    def tell(
        self,
        broadcast: str,
        stage: Stage,
        *,
        reason: Reason = Reason.NONE,
        detail: str = "",
        position: int = 0,
        sha256: Sha256 | None = None,
    ) -> None:
        """A receipt with a number of its own: sent now if there is a link, and kept until it is acknowledged."""
        state = self.state
        seq = state.last_seq + 1 if state.last_seq else max(self.now, 1)
        receipt = Receipt(
            id=f"{seq:016x}{state.device[16:]}",
            at=self.now,
            broadcast=broadcast,
            stage=stage,
            seq=seq,
            reason=reason,
            detail=detail[:500],
            position=position,
            sha256=sha256,
        )
        resend_at = state.resend_at if state.pending else self.now + RESEND + jitter(state.device, 10 * SECOND)
        self.state = replace(state, pending=(*state.pending, receipt), last_seq=seq, resend_at=resend_at)
        if state.connected:
            self.effects.append(Send("receipt", receipt))

    def end(
        self,
        broadcast: str,
        stage: Stage,
        until: int,
        *,
        reason: Reason = Reason.NONE,
        position: int = 0,
        rank: int = 0,
    ) -> None:
        """This broadcast is over: no longer held, but remembered. Says nothing to anyone. `rank`: who stopped it."""
        state = self.state
        held = {key: value for key, value in state.held.items() if key != broadcast}
        # By a clock that is wrong all would be forgotten, and played again when it is set right.
        since = self.now if state.checked else 0
        over = {key: value for key, value in state.over.items() if value.until > since and key != broadcast}
        while len(over) >= REMEMBERED:
            del over[next(iter(over))]
        over[broadcast] = Over(stage, until + MEMORY, reason, position, rank)
        self.put(held=held, over=over)


def jitter(device: str, width: int) -> int:
    """A number in [0, width) that is always the same for one device and spread evenly over many."""
    return int(device[-8:], 16) * width >> 32
