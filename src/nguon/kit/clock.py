"""Time at the edges. Core functions take `now`; only shells ask for it here."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day where the server's people live."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The day it is there at an aware moment: places, rights and codes hold from day to day."""
    return moment.astimezone(LOCAL).date()


def ms(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC of an aware moment: the form of every time on the wire."""
    return round(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """The aware UTC moment of a wire time. Raises OverflowError or ValueError outside years 1–9999."""
    return datetime.fromtimestamp(value / 1000, UTC)


def from_iso(written: str) -> datetime | None:
    """The aware moment of an ISO 8601 text; None if it is none, or has no zone."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
