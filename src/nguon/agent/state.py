"""All a device knows. Frozen; a step makes the next one. Times are ms UTC, positions ms of content."""

from msgspec import Struct, field

from nguon.wire.messages import Play, Reason, Receipt, Settings, Stage


class Held(Struct, frozen=True):
    """A broadcast that is not over: its order, how far it is, and whether its sound is on disk (`ready`)."""

    order: Play
    stage: Stage = Stage.RECEIVED
    ready: bool = False
    position: int = 0


class Over(Struct, frozen=True):
    """A broadcast that is over, remembered until `until` so that a repeat of its order is answered and not played."""

    stage: Stage
    until: int
    reason: Reason = Reason.NONE
    position: int = 0


class Sounding(Struct, frozen=True):
    """What the player has been asked to play: go number `go`, from `offset`, since `since`; it must end by `deadline`.

    `started` is False until the player said that sound comes out.
    """

    broadcast: str
    go: int
    level: int
    offset: int
    since: int
    deadline: int
    started: bool = False

    def position(self, now: int) -> int:
        """How far into the content the sound is."""
        return self.offset + max(0, now - self.since) if self.started else self.offset


class State(Struct, frozen=True, kw_only=True):
    """One device. Saved whole; `connected`, `checked` and `sounding` mean nothing after power-up (events.Restored)."""

    device: str
    settings: Settings
    held: dict[str, Held] = field(default_factory=dict)
    over: dict[str, Over] = field(default_factory=dict)
    pending: tuple[Receipt, ...] = ()  # not yet acknowledged, by rising seq
    last_seq: int = 0
    hushed_at: int = 0  # issue time of the newest order to stop whatever sounds
    proofs: tuple[str, ...] = ()  # broadcasts whose proof is still to be sent
    proof: bool = False  # proofs are wanted here whatever the settings say
    goes: int = 0
    sounding: Sounding | None = None
    connected: bool = False
    checked: bool = False  # whether the clock was compared with the server's since power-up
    vitals_at: int = 0
    resend_at: int = 0
    save_at: int = 0
    software: str = ""


def fresh(settings: Settings, device: str, software: str = "", *, checked: bool = False) -> State:
    """A device that knows nothing but itself. `checked` says that its clock is the server's."""
    return State(device=device, settings=settings, software=software, checked=checked)


def wanted(state: State) -> frozenset[str]:
    """Hashes of the contents that must stay on disk."""
    return frozenset(held.order.sha256 for held in state.held.values() if held.order.sha256)
