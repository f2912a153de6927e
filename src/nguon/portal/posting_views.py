"""Pages of the office for bulletins on sites: posting one, where it stands, what stands on a site."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom import queries as bulletins
from nguon.newsroom.errors import NewsroomError
from nguon.people.asking import person_of
from nguon.people.scope import Forbidden
from nguon.portal import posting, posting_queries
from nguon.portal.models import Site
from nguon.portal.posting import PostingRefused
from nguon.portal.posting_forms import PostedForm, PostForm

PAGE = 30


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a bulletin up on sites: which, when, until when."""
    person, now = person_of(request), clock.now()
    bulletin = get_object_or_404(posting_queries.open_to(person, now), pk=pk)
    choices = posting_queries.offered(person, bulletin, now)
    form = PostForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        how = {"sites": form.sites(), "until": data["until"], "pinned": data["pinned"]}
        try:
            made = posting.post(bulletin=bulletin, actor=person, now=now, **how)
        except (PostingRefused, NewsroomError, Forbidden) as error:
            form.add_error(None, str(error))
        else:
            said = ngettext("Đã đăng lên %(count)d trang.", "Đã đăng lên %(count)d trang.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("posting:post", pk=pk)
    context = {
        "bulletin": bulletin,
        "version": bulletins.newest(bulletin),
        "form": form,
        "barred": [str(one.site.place) for one in choices if one.barred],
        "posted": posting_queries.of_bulletin(person, bulletin, now),
        "own": bulletins.bulletins(person, now).filter(pk=pk).exists(),
    }
    return render(request, "portal/post.html", context, status=422 if form.errors else 200)


@require_GET
def postings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a bulletin stands on sites: a piece of its page, empty where there is nothing to say or do."""
    person, now = person_of(request), clock.now()
    bulletin = get_object_or_404(bulletins.bulletins(person, now), pk=pk)
    context = {
        "bulletin": bulletin,
        "posted": posting_queries.of_bulletin(person, bulletin, now),
        "may_post": posting_queries.sites(person).exists(),
        "approved": bulletin.state == "approved",
    }
    return render(request, "portal/parts/postings.html", context)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What stands on a site, will stand and stood; `cho`: what may be posted there."""
    person, now = person_of(request), clock.now()
    sites = list(posting_queries.sites(person))
    site = _chosen(sites, request.GET.get("trang", ""))
    form = PostedForm(request.GET)
    context: dict[str, Any] = {"site": site, "sites": sites, "form": form}
    context |= {"waiting": "cho" in request.GET, "not_waiting": "cho" not in request.GET}
    if site is not None:
        ready = posting_queries.ready_for(person, site, now)
        asked = form.asked()
        rows = ready if context["waiting"] else posting_queries.of_site(site, now=now, **asked)
        page: Any = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        posted = [] if context["waiting"] else posting_queries.told(person, page.object_list, now)
        context |= {"page": page, "posted": posted, "filtered": any(asked.values()), "ready": ready.count()}
    return render(request, "portal/posted.html", context)


@require_POST
def act(request: HttpRequest, pk: UUID, do: str) -> HttpResponse:
    """Take a posting down, or put the newest wording in its place."""
    person = person_of(request)
    found = get_object_or_404(posting_queries.posting(person, pk))
    try:
        if do == "go":
            posting.withdraw(posting=found, why=request.POST.get("why", ""), actor=person, now=clock.now())
            messages.success(request, _("Đã gỡ tin khỏi trang."))
        elif do == "dinh-chinh":
            posting.correct(posting=found, actor=person, now=clock.now())
            messages.success(request, _("Đã thay bằng bản mới."))
        else:
            raise Http404
    except (PostingRefused, NewsroomError) as error:
        messages.error(request, str(error))
    if request.POST.get("ve") == "tin":
        return redirect("posting:post", pk=found.bulletin_id)
    return redirect(f"{reverse('posting:list')}?trang={found.site.slug}")


def _chosen(sites: list[Site], asked: str) -> Site | None:
    """The site that is asked for, or the first. Raises Http404 for one that is none of the person's."""
    if not asked:
        return sites[0] if sites else None
    found = next((site for site in sites if site.slug == asked), None)
    if found is None:
        raise Http404
    return found
