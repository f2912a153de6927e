"""What the engine keeps of rows that were overwritten or deleted, beside its tables."""

import logging

from django.db import OperationalError, connection

log = logging.getLogger(__name__)

SHORT, LONG = 1000, 20000  # milliseconds to wait for other writers: now, and as the settings have it


def scrub() -> None:
    """Drop it as far as the engine lets us. SQLite's log of writes would hold it until it is written over.

    Where a reader is in the way nothing happens: it is done again every hour. Deleted rows themselves are
    overwritten at once (`secure_delete`). What PostgreSQL and copies keep is the operator's to let run out.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={SHORT}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        except OperationalError as error:  # somebody reads: what was asked for is done all the same
            log.info("the log of writes could not be cut: %s", error)
        cursor.execute(f"PRAGMA busy_timeout={LONG}")
