"""The links of a site that lead nowhere, for its owner."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nguon.channels.site.broken import queries, words
from nguon.people.asking import person_of
from nguon.portal import queries as portal
from nguon.portal.models import Site


@require_GET
def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which page, which words, what is wrong, where it is mended."""
    site: Site = get_object_or_404(portal.sites(person_of(request)), pk=pk)
    rows = [(one, words.fault(one.fault)) for one in queries.told(site)]
    return render(request, "site/broken.html", {"site": site, "rows": rows, "look": queries.last_look(site)})
