"""What everybody may fetch without signing in: our alerts as CAP, feeds of them, and the certificates they are under.

Nothing here asks who reads, sets a cookie or costs more with many readers: documents never change, and a feed is made
at most once in some seconds.
"""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nguon.cap import feed, read
from nguon.kit import clock
from nguon.links import queries
from nguon.links.models import Document, DocumentKind

FEED_SECONDS, DOCUMENT_SECONDS = 5, 300  # that they are kept in memory
_BASE = "https://nguon.invalid"  # stands for our own address in a feed that is kept: it may be asked by several names
_START = datetime(1970, 1, 1, tzinfo=UTC)
ATOM = "application/atom+xml; charset=utf-8"


@login_not_required
@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The signed CAP document of an alert that went out. One that still waits is not there."""
    return _document(request, pk, DocumentKind.ISSUE)


@login_not_required
@require_safe
def cancel(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The signed CAP document that an alert was stopped by hand."""
    return _document(request, pk, DocumentKind.CANCEL)


@login_not_required
@require_safe
def widened(request: HttpRequest, pk: UUID, stage: int) -> HttpResponseBase:
    """The signed CAP document that an alert sounds further than before."""
    return _document(request, pk, DocumentKind.WIDEN, stage)


@login_not_required
@require_safe
def everything(request: HttpRequest) -> HttpResponseBase:
    """The feed of all issuing places of this server."""
    return _feed(request, None)


@login_not_required
@require_safe
def of_place(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The feed of one issuing place."""
    return _feed(request, pk)


@login_not_required
@require_safe
def certificates(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The certificates (PEM) under which one place signs, the newest first."""
    found = queries.certificates(pk, clock.now())
    if not found:
        raise Http404
    return _public(request, found.encode(), "application/x-pem-file", sha256(found.encode()).hexdigest(), None, 60)


def _document(request: HttpRequest, pk: UUID, kind: DocumentKind, stage: int | None = None) -> HttpResponseBase:
    key = f"links-document-{pk}-{kind.value}-{stage}"
    found: Document | None = cache.get(key)
    if found is None:
        found = queries.document(pk, kind, stage)
        if found is None:
            raise Http404
        cache.set(key, found, DOCUMENT_SECONDS)
    return _public(request, bytes(found.data), feed.MIME, found.sha256, found.published_at, 300)


def _feed(request: HttpRequest, place: UUID | None) -> HttpResponseBase:
    key = f"links-feed-{place or 'all'}"
    kept: tuple[bytes, str, datetime] | None = cache.get(key)
    if kept is None:
        kept = _made(place, clock.now())
        cache.set(key, kept, FEED_SECONDS)
    data, digest, newest = kept
    base = settings.NGUON_PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    tag = sha256(f"{digest} {base}".encode()).hexdigest()
    return _public(request, data.replace(_BASE.encode(), base.encode()), ATOM, tag, newest, FEED_SECONDS)


def _made(place: UUID | None, now: datetime) -> tuple[bytes, str, datetime]:
    """A feed with _BASE for our own address, its digest, and when it last changed."""
    address, title, author = f"{_BASE}{reverse('links:feed')}", "", "Nguồn"
    with translation.override("vi"):
        title = _("Cảnh báo khẩn cấp")
        if place is not None:
            issuer = queries.place_of_feed(place, clock.local_day(now))
            if issuer is None:
                raise Http404
            address = f"{_BASE}{reverse('links:place-feed', args=[place])}"
            title = _("Cảnh báo khẩn cấp, %(place)s") % {"place": issuer}
            author = str(issuer)
    listed = queries.in_feed(now, place)
    entries = [feed.entry(read.parse(bytes(one.data)), cap=f"{_BASE}{address_of(one)}") for one in listed]
    data = feed.render(entries, address=address, title=title, author=author, now=now)
    return data, sha256(data).hexdigest(), max((one.published_at for one in listed), default=_START)


def address_of(document: Document) -> str:
    """Where a document is, without the name of the server."""
    if document.kind == DocumentKind.WIDEN:
        return reverse("links:widened", args=[document.alert_id, document.stage])
    name = "links:document" if document.kind == DocumentKind.ISSUE else "links:cancel"
    return reverse(name, args=[document.alert_id])


def _public(
    request: HttpRequest, data: bytes, kind: str, digest: str, changed: datetime | None, seconds: int
) -> HttpResponseBase:
    response = HttpResponse(data, content_type=kind)
    response["ETag"] = f'"{digest}"'
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"  # maps and pages of others may read what everybody may
    stamp = int(changed.timestamp()) if changed else None
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    answer = get_conditional_response(request, etag=response["ETag"], last_modified=stamp, response=response)
    return answer or response
