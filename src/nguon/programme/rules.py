"""Pure rules of placing: the rung of a class, whom a choice really means, and names in a sentence."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from nguon.kit.clock import LOCAL
from nguon.wire.ladder import Level

LEVELS = {"priority": Level.PRIORITY, "ordinary": Level.ORDINARY}  # an emergency is not placed from here
JUST_NOW = timedelta(minutes=1)  # a start chosen so little ago means at once
FARTHEST = timedelta(days=30)  # a single broadcast is not planned longer ahead
LONGEST = timedelta(days=7)  # and does not wait longer for those who are away: old news at a wrong hour
MOST_TARGETS = 500  # one order names them all, and must fit into one message


def outermost(chosen: Iterable[UUID], parents: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    """The chosen places without those in another chosen one, in the order given. `parents` must have no circle."""
    wanted = dict.fromkeys(chosen)
    kept = []
    for place in wanted:
        above = parents.get(place)
        while above is not None and above not in wanted:
            above = parents.get(above)
        if above is None:
            kept.append(place)
    return tuple(kept)


def default_expiry(start: datetime, valid_to: datetime | None) -> datetime:
    """The end offered: the evening of the day it starts, at least two hours later, not past the validity.

    A cluster that is off in the morning and on at noon still plays it, and nothing sounds at night.
    """
    evening = start.astimezone(LOCAL).replace(hour=20, minute=0, second=0, microsecond=0)
    end = max(evening, start + timedelta(hours=2))
    return min(end, valid_to) if valid_to is not None and valid_to > start else end


def joined(names: Iterable[str], conjunction: str, shown: int = 3, more: str = "") -> str:
    """`a`, `a và b`, `a, b và c`; of more than `shown` names the rest is counted, as in `a, b và 4 nơi khác`.

    `more` holds `%d`; without it every name is shown.
    """
    parts = list(names)
    if more and len(parts) > shown:
        parts = [*parts[: shown - 1], more % (len(parts) - shown + 1)]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
