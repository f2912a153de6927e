"""What the shells tell the core."""

from msgspec import Struct

from nguon.agent.agenda import Agenda
from nguon.wire.messages import Reason


class Heard(Struct, frozen=True):
    """A sealed message came down, as received."""

    data: bytes


class Connected(Struct, frozen=True):
    """The broker accepted us."""


class Disconnected(Struct, frozen=True):
    """The link is gone; the shell is trying again by itself."""


class Fetched(Struct, frozen=True):
    """This content is on disk and is the one meant."""

    sha256: str


class FetchFailed(Struct, frozen=True):
    """This content will not come."""

    sha256: str
    reason: Reason
    detail: str = ""


class Here(Struct, frozen=True):
    """These contents are on disk and are the ones meant. `all`: no more are found of those asked for."""

    sha256s: frozenset[str]
    all: bool = True


class Gone(Struct, frozen=True):
    """This content was on disk and is there no more: damaged, or gone to make room for what is needed sooner."""

    sha256: str


class PlanCame(Struct, frozen=True):
    """The document of a plan is on disk, whole and safe from power loss, and this is what it says."""

    agenda: Agenda


class PlanFailed(Struct, frozen=True):
    """The document of a plan did not come, or (`unreadable`) is none that can be read."""

    sha256: str
    detail: str
    unreadable: bool = False
    doubt: Reason | None = None  # why it was not believed


class Metered(Struct, frozen=True):
    """So many bytes more were fetched and sent."""

    used: int


class Measured(Struct, frozen=True):
    """The signal is so strong (dBm); None: it is not measured."""

    signal: int | None


class PlayerStarted(Struct, frozen=True):
    """Sound comes out."""

    go: int


class PlayerFinished(Struct, frozen=True):
    """The player came to the end by itself, `position` ms into the content."""

    go: int
    position: int


class PlayerFailed(Struct, frozen=True):
    """The player could not play, or broke off.

    `position`: how far (ms) into the content sound was last heard, where that is not until now; None: until now.
    """

    go: int
    detail: str
    position: int | None = None


class ProofSent(Struct, frozen=True):
    """The proof of this broadcast is at the server, or there is none to send."""

    broadcast: str


class Tick(Struct, frozen=True):
    """Time passed. Due at `core.due_at` at the latest, harmless at any time."""


class ClockMoved(Struct, frozen=True):
    """The time we go by was set: `by` ms more from now on, while no time passed. `checked`: it is the server's now."""

    by: int
    checked: bool


class Restored(Struct, frozen=True):
    """Power-up: the state is what the disk held. `proof` asks for proofs whatever the settings say.

    `checked` as in ClockMoved.
    """

    proof: bool = False
    checked: bool = False


Event = (
    Heard
    | Connected
    | Disconnected
    | Fetched
    | FetchFailed
    | Here
    | Gone
    | PlanCame
    | PlanFailed
    | Metered
    | Measured
    | PlayerStarted
    | PlayerFinished
    | PlayerFailed
    | ProofSent
    | Tick
    | ClockMoved
    | Restored
)
