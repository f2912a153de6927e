"""What a person asks the monitor to show."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from nguon.kit import clock, text
from nguon.monitor.queries import FAULTY, Wish
from nguon.monitor.rules import Health

_STATES = {FAULTY, *Health}


def wish(request: HttpRequest) -> Wish:
    """The wish in the address; what is not understood is left out."""
    state = request.GET.get("state", "")
    try:
        place = UUID(request.GET.get("place", ""))
    except ValueError:
        place = None
    words = text.clean(request.GET.get("q", ""))[:80]
    return Wish(words=words, place=place, state=state if state in _STATES else "")


def since(request: HttpRequest, now: datetime) -> datetime:
    """When the page that opens a stream was made; now, if it does not say or says the future."""
    try:
        said = clock.from_ms(int(request.GET.get("since", "")))
    except (ValueError, OverflowError, OSError):
        return now
    return min(said, now)
