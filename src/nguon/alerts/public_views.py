"""The page of alerts for everybody, below each site and on the server itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nguon.alerts import public as alerts
from nguon.kit import clock
from nguon.ui import public, skin


@login_not_required
@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """What is in force now, with what to do; and what was in the last days."""
    place, now = skin.of(request).place, clock.now()
    context = {"live": alerts.warned(place, now), "past": alerts.lately(place, now)}
    return public.page(request, "alerts/public.html", context)
