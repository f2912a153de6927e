"""The priority ladder: one table, used by server and device. Higher wins; the lower is pre-empted and resumes."""

from enum import IntEnum


class Level(IntEnum):
    """The rung of a sound. The order is total: ties are broken by issue time, then by id (see `precedence`)."""

    STOP = 100
    EMERGENCY = 90
    LIVE = 80
    PRIORITY = 60
    ORDINARY = 40
    RELAY = 30
    FILLER = 10
    SILENCE = 0


Precedence = tuple[int, bool, int, int, str]


def precedence(level: int, begun: bool, start: int, issued: int, order_id: str) -> Precedence:
    """A sort key; the smallest plays first: higher level, what has begun, earlier start and issue (ms), smaller id."""
    return (-level, not begun, start, issued, order_id)
