"""Pure rules of placing: the rung of a class, whom a choice really means, and names in a sentence."""

from datetime import datetime, timedelta

from nguon.delivery.rules import joined as joined
from nguon.delivery.rules import outermost as outermost
from nguon.kit.clock import LOCAL
from nguon.wire.ladder import Level

LEVELS = {"priority": Level.PRIORITY, "ordinary": Level.ORDINARY}  # an emergency is not placed from here
JUST_NOW = timedelta(minutes=1)  # a start chosen so little ago means at once
FARTHEST = timedelta(days=30)  # a single broadcast is not planned longer ahead
LONGEST = timedelta(days=7)  # and does not wait longer for those who are away: old news at a wrong hour


def default_expiry(start: datetime, valid_to: datetime | None) -> datetime:
    """The end offered: the evening of the day it starts, at least two hours later, not past the validity.

    A cluster that is off in the morning and on at noon still plays it, and nothing sounds at night.
    """
    evening = start.astimezone(LOCAL).replace(hour=20, minute=0, second=0, microsecond=0)
    end = max(evening, start + timedelta(hours=2))
    return min(end, valid_to) if valid_to is not None and valid_to > start else end
