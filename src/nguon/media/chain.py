"""Pure rules of the chain of voices: whose turn it is, how long each may take, when one rests, what a month costs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from nguon.media.rules import split_voice
from nguon.ports.voice import Failure, VoiceInfo

SHORT = 2000  # characters: a text up to this gets the plain deadline, a longer one in proportion
LONGEST = 600.0  # seconds for one voice, however long the text
OVERALL = 840.0  # seconds for all voices with an account: under the time after which waiting work is asked for again
NEAR, FULL = 80, 100  # percent of a budget
SCRAP = 100  # characters: when less is left of a budget, no bulletin fits into it
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Passed(StrEnum):
    """Why a voice was not even asked."""

    ABSENT = "absent"  # no account here has it
    OFF = "off"  # switched off by an administrator
    OVER = "over"  # this text does not fit into what is left of the month's budget
    RESTING = "resting"  # it failed a moment ago
    TIME = "time"  # those before it used up the time for all
    LOCKED = "locked"  # its key cannot be opened any more
    BROKEN = "broken"  # its plug is off, or cannot work here


@dataclass(frozen=True)
class Rest:
    """When failures in a row make an account rest: from the `after`th on, `first` long and twice as long each time."""

    after: int
    first: timedelta
    most: timedelta


RESTS = {
    Failure.KEY: Rest(1, 15 * _MINUTE, 6 * _HOUR),  # somebody must do something: asking again is of no use
    Failure.CREDIT: Rest(1, 15 * _MINUTE, 6 * _HOUR),
    Failure.BUSY: Rest(1, _MINUTE, 15 * _MINUTE),
    Failure.AWAY: Rest(2, _MINUTE, 15 * _MINUTE),  # one slip may be chance; a dead line must not delay each bulletin
    Failure.LATE: Rest(2, _MINUTE, 15 * _MINUTE),
    Failure.SOUND: Rest(3, 5 * _MINUTE, _HOUR),  # what is bad is paid for all the same
}


def rest(failure: Failure, in_a_row: int) -> timedelta | None:
    """How long an account rests after a failure that is the `in_a_row`th since it last spoke; None: not at all.

    A refused text (Failure.TEXT) says nothing of the account.
    """
    rule = RESTS.get(failure)
    if rule is None or in_a_row < rule.after:
        return None
    return min(rule.most, rule.first * (1 << min(in_a_row - rule.after, 16)))


def charged(failure: Failure) -> bool:
    """Whether a provider counts what it failed to say: it did its work when the answer was late or bad."""
    return failure in (Failure.LATE, Failure.SOUND)


def patience(seconds: float, characters: int, most: float = LONGEST) -> float:
    """The seconds a voice gets for so many characters, from what it gets for a short text."""
    return min(most, seconds * max(1.0, characters / SHORT))


def nearest(offered: Sequence[VoiceInfo], asked: VoiceInfo | None) -> VoiceInfo:
    """Of the voices of one source the one most like the asked: of its region, then of its gender; else the first."""
    if asked is None:
        return offered[0]
    return min(offered, key=lambda voice: (voice.region != asked.region, voice.gender != asked.gender))


@dataclass(frozen=True)
class Turn:
    """One voice to try: the number of its source, its id there, and whether it is the one that was asked for."""

    source: int
    voice: str
    asked: bool


def turns(sources: Sequence[tuple[str, Sequence[VoiceInfo]]], name: str) -> list[Turn]:
    """The voices to try, each source once: those that have the asked voice (`plug/voice`) first, then the rest.

    `sources` are plug and voices in the order of the place. A source without voices has no turn.
    """
    plug, wanted = split_voice(name)
    having = [n for n, (key, voices) in enumerate(sources) if key == plug and any(v.id == wanted for v in voices)]
    asked = next((voice for n in having for voice in sources[n][1] if voice.id == wanted), None)
    first = [Turn(n, wanted, True) for n in having]
    rest_ = [n for n, (_key, voices) in enumerate(sources) if n not in having and voices]
    # of the same provider but without that voice: a known taste of the place, still in its order
    return first + [Turn(n, nearest(sources[n][1], asked).id, False) for n in rest_]


def percent(used: int, budget: int | None) -> int | None:
    """How much of a budget is used, rounded down; None without a budget. A budget of nothing is used up."""
    if budget is None:
        return None
    return FULL if budget == 0 else 100 * used // budget


def mark(used: int, budget: int | None) -> str:
    """`near` from 80 percent of a budget on, `over` when nothing worth a bulletin is left of it; else empty."""
    share = percent(used, budget)
    if budget is None or share is None:
        return ""
    return "over" if budget - used < SCRAP else "near" if share >= NEAR else ""


def cost(characters: int, price: Decimal | None) -> int | None:
    """What characters cost in đồng, from the price of a thousand; None if no price is known."""
    return None if price is None else round(characters * price / 1000)


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def retired_key(pk: UUID) -> str:
    """The key of a rendition that must not be found any more by what it was made from."""
    return hashlib.sha256(f"retired {pk.hex}".encode()).hexdigest()
