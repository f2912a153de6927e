"""Pages of a site for everybody. Each asks for what is public now, and is the same for all who read it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nguon.channels.site import air, approved, happenings, reading
from nguon.channels.site.reading import Filter
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.portal import markup, queries
from nguon.portal.models import Posting, Section, SectionKind, Site
from nguon.ui import public, skin

EACH = 12  # articles on a page of a list
PAPERS = 30


def site_of(request: HttpRequest) -> Site:
    """The site whose page this is. Raises Http404 for a page for the public that belongs to none."""
    site = skin.of(request).site
    if site is None:
        raise Http404
    return get_object_or_404(Site.objects.select_related("place"), pk=site)


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page: what is new, by field, and what people come for."""
    site, now = site_of(request), clock.now()
    newest = reading.items(queries.up(site, now)[:5])
    context = {
        "site": site,
        "lead": newest[0] if newest else None,
        "next": newest[1:],
        "groups": reading.groups(site, now, newest),
        "papers": reading.papers(site)[:5],
        "today": air.today(site, now),
        "events": happenings.coming(site, now, happenings.ON_FRONT),
        "is_front": True,
    }
    return public.page(request, "site/front.html", context)


@login_not_required
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """All articles, the newest first."""
    found = queries.up(site_of(request), clock.now()).order_by("-publish_at")
    return public.page(request, "site/news.html", _listed(request, found))


def _listed(request: HttpRequest, found: QuerySet[Posting]) -> dict[str, object]:
    """A page of a list of articles."""
    page = _paged(request, found, EACH)
    return {"page": page, "items": reading.items(page.object_list)}


def _paged(request: HttpRequest, found: QuerySet[Any], each: int) -> Page[Any]:
    return Paginator(found, each).get_page(request.GET.get("trang"))


@login_not_required
@require_safe
def section(request: HttpRequest, key: str) -> HttpResponse:
    """One section, by its kind."""
    found = get_object_or_404(site_of(request).sections.select_related("site"), key=key)
    if found.kind == SectionKind.NEWS:
        context = {"section": found, **_listed(request, reading.of_section(found, clock.now()))}
        return public.page(request, "site/news.html", context)
    if found.kind == SectionKind.PAPERS:
        return public.page(request, "site/papers.html", _papers(request, found))
    if found.kind == SectionKind.PAGE:
        return public.page(request, "site/section.html", {"section": found, **_written(found)})
    target = found.target if found.kind == SectionKind.LINK else reading.built(found)
    if not target:
        return public.page(request, "site/section.html", {"section": found})
    return HttpResponseRedirect(target)


def _written(found: Section) -> dict[str, object]:
    """The wording of a page that is public, as HTML; empty if there is none."""
    edition = reading.edition(found)
    return {"edition": edition, "text": markup.html(edition.body)} if edition else {}


def _papers(request: HttpRequest, found: Section) -> dict[str, object]:
    mine = reading.papers(found.site).filter(section__key=found.key)
    year = request.GET.get("nam", "")
    by = Filter(
        clean(request.GET.get("tim", ""))[:100],
        int(year) if year.isdecimal() and len(year) == 4 else 0,
        clean(request.GET.get("noi", ""))[:200],
        clean(request.GET.get("loai", ""))[:20],
    )
    asked = {"tim": by.words, "nam": by.year, "noi": by.issuer, "loai": by.kind}
    return {
        "section": found,
        "page": _paged(request, reading.filtered(mine, by), PAPERS),
        "filter": by,
        "years": reading.years(mine),
        "issuers": reading.issuers(mine),
        "kinds": reading.kinds(mine),
        "kept": urlencode({name: value for name, value in asked.items() if value}) + "&" if by.any else "",
        "today": clock.local_day(clock.now()),
    }


@login_not_required
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One bulletin as an article: the very document that was approved. What stood there once says that it is gone."""
    site, now = site_of(request), clock.now()
    found = queries.up(site, now).select_related("sound").filter(slug=slug).first()
    if found is None:
        gone = queries.gone(site, slug, now)
        if gone is None:
            raise Http404
        return public.page(request, "site/gone.html", {"posting": gone}, status=410)
    try:
        shown = approved.of(found)
    except LookupError as error:
        raise Http404 from error
    context = {
        "posting": found,
        "article": shown,
        "section": reading.section_of(found),
        "pictures": list(found.version.pictures.all()),
        "description": reading.opening(found.version),
        "related": reading.related(found, now),
    }
    return public.page(request, "site/article.html", context)


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where the locality's office is, when it is open, who answers."""
    return public.page(request, "site/contact.html", {"site": site_of(request)})


@login_not_required
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Everything of the site on one page."""
    chapters = reading.chapters(site_of(request))
    named = {one.label for one in chapters}
    ways = [way for way in skin.of(request).ways if way.label not in named and way.url != request.path]
    return public.page(request, "site/contents.html", {"chapters": chapters, "ways": ways})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site does for people with disabilities, and whom to tell what still hinders them."""
    site = site_of(request)
    own = site.sections.filter(key="tro-nang", kind=SectionKind.PAGE).first()
    context = {"site": site, **(_written(own) if own else {})}
    return public.page(request, "site/accessibility.html", context)
