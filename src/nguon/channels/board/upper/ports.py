"""What a system above is to us, whoever made it. Ours is `between.Between`; an official one would be another class."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from nguon.channels.board.upper.interface import Item, Playlist, Report


class Fault(StrEnum):
    """Why nothing came of asking the system above, or why what came is not taken. Those of the network keep theirs."""

    DENIED = "denied"  # the token is unknown or was taken back
    GONE = "gone"  # there is no such class
    FORM = "form"  # not the interface that we know
    KEY = "key"  # signed by nobody whom we trust
    OTHER = "other"  # the playlist of another class
    OLD = "old"  # older than the one that is held, or over
    AHEAD = "ahead"  # made in the future: a clock is wrong
    SECRET = "secret"  # our own token does not open


class UpperFailed(Exception):
    """Nothing came. `fault`: a value of `Fault` or of `outside.addresses.Fault`; `detail` is for engineers."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault, self.detail = fault, detail[:300]


@dataclass(frozen=True)
class Came:
    """A playlist whose signature holds, and what to say the next time so that the same need not come again."""

    playlist: Playlist
    etag: str = ""


class Upper(Protocol):
    """The system above, for one class of boards. Every method asks the network, and raises UpperFailed."""

    def playlist(self, etag: str) -> Came | None:
        """What boards show; None if it is as it was. Raises interface.Unbelieved if its signer is not trusted."""

    def page(self, item: Item) -> bytes:
        """The bytes of a page: of the size and hash that the playlist says."""

    def report(self, report: Report) -> None:
        """Tell what was shown."""
