"""Rows by the thousand: plain SQL that SQLite and PostgreSQL read alike, many rows in one call.

Measured: a model at a time writes 2,400 rows a second, `bulk_create(update_conflicts)` 21,000, `executemany` 160,000.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from nguon.kit.clock import from_ms


def stamp(moment: datetime | None) -> str | None:
    """An aware UTC moment as both databases take it: without zone, which both read as UTC."""
    return str(moment.replace(tzinfo=None)) if moment else None


@lru_cache(maxsize=4096)
def stamp_ms(milliseconds: int | None) -> str | None:
    """The same for a moment in ms since 1970. Kept, because a thousand answers share a few moments."""
    return stamp(from_ms(milliseconds)) if milliseconds is not None else None


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, conflict: str) -> None:
    """Insert rows in one transaction; `conflict` follows `ON CONFLICT`: `DO NOTHING`, or a target and `DO UPDATE`."""
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT {conflict}", list(rows))


def replacing(*columns: str) -> str:
    """The SET list by which each of these columns takes the new row's value."""
    return ", ".join(f"{name} = excluded.{name}" for name in columns)
