"""What is answered at every address of a site that is closed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.csrf import csrf_exempt

from nguon.portal import leading
from nguon.portal.models import Site
from nguon.ui import public

SHORTLY = "max-age=3600"  # a browser asks again after an hour: the site may open once more


class Moved(HttpResponsePermanentRedirect):
    """The same with the form that was sent."""

    status_code = 308


@login_not_required
@csrf_exempt
def closed(request: HttpRequest) -> HttpResponse:
    """On to the site in its place, or that it is closed."""
    site = getattr(request, "closed", None)
    if not isinstance(site, Site):
        raise Http404
    address = leading.onward(request, site, request.path_info)
    if not address:
        return public.page(request, "portal/closed.html", leading.gone(request, site), status=410)
    query = request.META.get("QUERY_STRING", "")
    kind = HttpResponsePermanentRedirect if request.method in ("GET", "HEAD") else Moved
    made = kind(f"{address}?{query}" if query else address)
    made.headers["Cache-Control"] = SHORTLY
    return made
