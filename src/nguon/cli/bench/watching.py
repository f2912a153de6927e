"""When receipts can be read from the database by another process than those that write them."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

LONGEST = 60.0  # seconds for a round
LOOK = 0.01  # seconds between looks into the database
REST = 4  # times as long as a look took it rests, so that who looks takes a fifth of a processor at most


def watch(broadcast: UUID, wanted: int, start: float) -> list[float]:
    """When the receipt of each device became visible to another connection of the database, in seconds since `start`.

    The one who looks must not slow what is looked at: rows are counted in an index alone, and by devices only when
    there are as many as wanted. A device's first receipt says that it has the order, which is checked in the end.
    """
    from nguon.delivery.models import Receipt

    seen: list[float] = []
    rows = Receipt.objects.filter(broadcast=broadcast)
    count, devices = _counting(rows, Count("*")), _counting(rows, Count("device", distinct=True))
    while len(seen) < wanted and time.monotonic() - start < LONGEST:
        began = time.monotonic()
        found = min(count(), wanted - 1)
        if found == wanted - 1:
            found = devices()
        seen.extend([time.monotonic() - start] * (found - len(seen)))
        time.sleep(max(LOOK, REST * (time.monotonic() - began)))
    if rows.filter(stage="received").count() < len(seen):
        raise RuntimeError("a receipt was counted that is not of the order's arrival")
    return seen


def watch_all(broadcast: UUID, rows: int, start: float) -> float:
    """Seconds since `start` until the database holds so many receipts of a broadcast; counted in an index alone."""
    from nguon.delivery.models import Receipt

    count = _counting(Receipt.objects.filter(broadcast=broadcast), Count("*"))
    until(lambda: count() >= rows, pause=LOOK)
    return time.monotonic() - start


def until(true: Callable[[], bool], longest: float = LONGEST, *, pause: float = 0.2) -> bool:
    """Wait until something is so, at most so many seconds. Whether it is."""
    limit = time.monotonic() + longest
    while not (found := true()) and time.monotonic() < limit:
        time.sleep(pause)
    return found


def sounded(broadcast: UUID) -> int:
    """Of how many devices the database knows that they began to sound it."""
    from nguon.delivery.models import Receipt

    return Receipt.objects.filter(broadcast=broadcast, stage="started").values("device").distinct().count()


def _counting(rows: "QuerySet[Any]", what: Count) -> Callable[[], int]:
    """A count as one prepared question, without the work of building it each time."""
    grouped = rows.order_by().values("broadcast").annotate(n=what).values_list("n")
    sql, parameters = grouped.query.sql_with_params()

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    return ask


def at(values: list[float], share: float) -> float:
    """The value below which this share of the sorted values lies."""
    return values[min(int(len(values) * share), len(values) - 1)] if values else float("nan")
