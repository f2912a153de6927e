"""What a person asks a report to be of. What is not understood is as if not asked."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest

from nguon.monitor.proof import LONGEST, By, Wish

USUAL = timedelta(days=6)  # a week, today included


def wish(request: HttpRequest, today: date) -> Wish:
    """The days, the place, whether only what was planned. The last day is not before the first, nor too far from it."""
    last = _day(request.GET.get("den", "")) or today
    first = _day(request.GET.get("tu", "")) or last - USUAL
    first, last = min(first, last), max(first, last)
    try:
        place = UUID(request.GET.get("place", ""))
    except ValueError:
        place = None
    last = min(last, first + timedelta(days=LONGEST - 1))
    return Wish(first, last, place, planned=request.GET.get("loai", "") == "lich")


def by(request: HttpRequest) -> By:
    """What is put together: slots unless another is asked for."""
    asked = request.GET.get("theo", "")
    return By(asked) if asked in set(By) else By.SLOT


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None
