"""A way to tell a person something that cannot wait: who is on duty where loudspeakers do not answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

WITHIN = 20.0  # seconds one try may take, if the caller does not say


@dataclass(frozen=True)
class Recipient:
    """Whom to tell. `phone`: digits with `+` or 0 before them; what is not known is empty."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Notice:
    """What is told to one person. The same `id` is the same telling: whoever gets it twice may drop the second.

    `short` is all of it in one line, for a message on a telephone; `text` is the whole, in lines. `url`: where in the
    server to look, empty if its address is not known.
    """

    id: UUID
    to: Recipient
    subject: str
    text: str
    short: str
    at: datetime
    drill: bool = False
    level: int | None = None
    url: str = ""


class Failure(StrEnum):
    """What kind of thing went wrong: it decides what an officer is told, and whether another try makes sense."""

    KEY = "key"  # not let in: name, password or secret is wrong
    ADDRESS = "address"  # this recipient is refused
    REFUSED = "refused"  # the message is refused
    BUSY = "busy"  # asked to come later
    AWAY = "away"  # no connection, or an answer nobody understands
    LATE = "late"  # nothing within the time that was given
    TRUST = "trust"  # its certificate is not to be trusted, or it does not speak in secret


FINAL = frozenset({Failure.ADDRESS, Failure.REFUSED})  # another try would say the same
FIRST_TRY_AGAIN = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
TRIES = 8
PHONE_LETTERS = frozenset("0123456789")


class NoticeFailed(Exception):
    """It was not told; the text says why, for the log, and never holds a password. `after`: seconds it asks to wait."""

    def __init__(self, why: str, failure: Failure = Failure.AWAY, *, after: float = 0.0) -> None:
        super().__init__(why)
        self.failure, self.after = failure, after


class Notifier(Protocol):
    """One way of telling. `kind` is what is stored; `label` is what an officer reads (Vietnamese).

    `real`: somebody hears of it. A way that is not real (a twin) is shown as such.
    """

    @property
    def kind(self) -> str:
        """Its name in records: a word of at most 20 letters."""

    @property
    def label(self) -> str:
        """How an officer calls it."""

    @property
    def real(self) -> bool:
        """Whether a person hears of what is told by it."""

    def check(self) -> None:
        """Raise ValueError with a reason if it cannot work as the settings say. Asks nobody outside this machine."""

    def address(self, to: Recipient) -> str:
        """Where it would reach this recipient; empty if it cannot."""

    def tell(self, notice: Notice, *, within: float = WITHIN) -> str:
        """Tell it, and return what the other side answered (its own name for it, or nothing).

        Takes no longer than `within` seconds. Raises NoticeFailed.
        """


def again(tries: int, failure: str, after: float = 0.0) -> timedelta | None:
    """How long to wait after so many tries that failed; None: give it up. At least as long as the other side asks."""
    if tries >= TRIES or failure in FINAL:
        return None
    doubled: timedelta = FIRST_TRY_AGAIN * 2 ** min(max(tries, 1) - 1, 10)
    return max(min(doubled, LONGEST_WAIT), timedelta(seconds=min(after, 3600.0)))


def telephone(written: str) -> str:
    """A telephone number as it is dialled: digits, with a + before them if it has one. Raises ValueError for others."""
    bare = "".join(letter for letter in written if letter not in " .-()\u00a0")
    digits = bare.removeprefix("+")
    if not 3 <= len(digits) <= 15 or not set(digits) <= PHONE_LETTERS:
        raise ValueError(written)
    return bare
