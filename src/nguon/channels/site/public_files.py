"""Files of a site for everybody: pictures of its articles, its emblem, its papers, as long as each is public."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from nguon.channels.site import reading
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.media import pictures, ranged
from nguon.media.models import File
from nguon.newsroom.models import Picture
from nguon.portal import queries
from nguon.portal.models import Site

KEEP = "public, max-age=3600, s-maxage=60"  # the address has the hash of its bytes; what is taken down goes in an hour

SIZES = {"vua": pictures.SMALL, "nho": pictures.SMALLEST}
SHA256 = re.compile(r"[0-9a-f]{64}")


@login_not_required
@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A picture of an article that is up, or the emblem; for phones with `?vua`, for lists with `?nho`."""
    site = site_of(request)
    if not SHA256.fullmatch(sha256):
        raise Http404
    file = get_object_or_404(File, pk=sha256)
    if not _is_public(site, file):
        raise Http404
    longest = next((size for name, size in SIZES.items() if name in request.GET), 0)
    if longest:
        data, _size = pictures.small(file.pk, longest)
        answer: HttpResponseBase = HttpResponse(data, content_type=pictures.MIME)
    else:
        answer = ranged.respond(request, file)
    answer.headers["Cache-Control"] = KEEP
    return answer


def _is_public(site: Site, file: File) -> bool:
    if site.emblem_id == file.pk:
        return True
    return Picture.objects.filter(file=file, version__in=queries.up(site, clock.now()).values("version")).exists()


@login_not_required
@require_safe
def paper(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The file of a paper that is public."""
    found = get_object_or_404(reading.papers(site_of(request)).filter(file__isnull=False), pk=pk)
    assert found.file is not None
    return document(request, found.file, found.filename or found.title)


def document(request: HttpRequest, file: File, name: str) -> HttpResponseBase:
    """A document under its name: a PDF is read where it is, all else is saved."""
    answer = ranged.respond(request, file)
    shown = file.mime == "application/pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=not shown, filename=name) or ""
    answer.headers["Cache-Control"] = "public, max-age=0, s-maxage=1"
    return answer
