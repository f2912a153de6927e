"""The page that shows where the loudspeakers and boards of a site's place stand."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nguon.channels.site import clusters
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.ui import public


@login_not_required
@require_safe
def town(request: HttpRequest) -> HttpResponse:
    """A drawing and a list by hamlet."""
    site = site_of(request)
    return public.page(request, "site/map.html", {"site": site, "town": clusters.town(site, clock.now())})
