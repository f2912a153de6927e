"""What the engine keeps of rows that were overwritten or deleted, beside its tables."""

from django.db import connection

SHORT, LONG = 1000, 20000  # milliseconds to wait for other writers: now, and as the settings have it


def scrub() -> None:
    """Drop it as far as the engine lets us. SQLite's log of writes would hold it until it is written over.

    Where a reader is in the way nothing happens: it is done again every hour. Deleted rows themselves are
    overwritten at once (`secure_delete`). What PostgreSQL and copies keep is the operator's to let run out.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={SHORT}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        cursor.execute(f"PRAGMA busy_timeout={LONG}")
