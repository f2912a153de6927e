"""What the core asks its shells to do. The shells answer with events; the core never waits."""

from msgspec import Struct

from nguon.wire.messages import Content, Document, Play, Up


class Send(Struct, frozen=True):
    """Send `message` up on the topic `what` (receipt, vitals, presence). The shell adds its measures to vitals."""

    what: str
    message: Up


class Subscribe(Struct, frozen=True):
    """Listen to exactly these areas (ids) and to the device's own topic."""

    areas: tuple[str, ...]


class Fetch(Struct, frozen=True):
    """Have this content on disk and checked, trying until the time `until` (ms): answer Fetched or FetchFailed.

    Should it have been on disk and be no longer what it was, answer Gone before.
    """

    content: Content
    until: int


class FetchPlan(Struct, frozen=True):
    """Have this document of a plan on disk, trying until the time `until` (ms): answer PlanCame or PlanFailed."""

    document: Document
    until: int


class Look(Struct, frozen=True):
    """Read again which of these contents are on disk and right, in this order: answer Here, once or more.

    Fetch nothing.
    """

    contents: tuple[Content, ...]


class StartPlayer(Struct, frozen=True):
    """Play from `offset` ms, so that sound comes out at the time `at` (ms; past: now).

    Answer PlayerStarted, then PlayerFinished or PlayerFailed, each with this `go`.
    """

    go: int
    order: Play
    offset: int
    volume: int
    at: int = 0


class StopPlayer(Struct, frozen=True):
    """Silence at once; nothing more is heard of this `go`."""

    go: int


class SendProof(Struct, frozen=True):
    """Send the sound recorded for this broadcast: answer ProofSent when it is at the server, or when there is none."""

    broadcast: str


class Save(Struct, frozen=True):
    """Put the state on disk, safe from power loss, before the effects that follow."""


class AskTime(Struct, frozen=True):
    """Look at the server's clock now: what was heard does not fit ours. Answer ClockMoved if that moves us."""


class Log(Struct, frozen=True):
    """Words for the log; `level` is debug, info or warning."""

    level: str
    words: str


Effect = Send | Subscribe | Fetch | FetchPlan | Look | StartPlayer | StopPlayer | SendProof | Save | AskTime | Log
SAVE = Save()
