"""The public register: what others told and what was answered, in the words that were moderated."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon.feedback import actions, localities, readers, told_queries
from nguon.feedback.models import Case, Field
from nguon.feedback.rules import FINAL
from nguon.feedback.told_queries import Search
from nguon.kit import clock
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.ui import public, skin

PER_PAGE = 20


def _place_ids(request: HttpRequest) -> frozenset[UUID]:
    """Whose register: of the site's locality, or of the whole installation."""
    of_site = skin.of(request).place
    on = clock.today()
    found = [of_site] if of_site else [one.pk for one in places.roots(on)]
    return places.answered_for(found, on)


@login_not_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The cases of the register, filtered, with the figures of the last year."""
    ids, now = _place_ids(request), clock.now()
    search = _search(request)
    rows = told_queries.register(ids, search, now)
    found = told_queries.matching(rows, search.words) if search.words else rows
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in ("q", "linh-vuc", "noi", "xong") if request.GET.get(name)}
    context = {
        "page": page,
        "search": search,
        "fields": Field.objects.filter(active=True),
        "places": _choices(request),
        "figures": told_queries.figures(ids, now),
        "filtered": bool(kept),
        "narrowed": bool(kept.keys() - {"q"}),
        "kept": f"{urlencode(kept)}&" if kept else "",
    }
    return public.page(request, "feedback/public/register.html", context)


def _search(request: HttpRequest) -> Search:
    place = localities.named(clock.today(), request.GET.get("noi", ""))
    return Search(
        words=request.GET.get("q", "")[:100],
        field=request.GET.get("linh-vuc", ""),
        place=place.pk if place else None,
        over={"1": True, "0": False}.get(request.GET.get("xong", "")),
    )


def _choices(request: HttpRequest) -> list[Place]:
    """The hamlets of the site, or the localities of the installation."""
    of_site = skin.of(request).place
    here = Place.objects.filter(pk=of_site).first() if of_site else None
    return localities.inside(here, clock.today()) if here else localities.all_of(clock.today())


def _case(request: HttpRequest, pk: UUID) -> Case:
    found = told_queries.public_case(_place_ids(request), pk)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case of the register."""
    return _page(request, _case(request, pk))


def _page(request: HttpRequest, found: Case, told: str = "") -> HttpResponse:
    answered = told_queries.public_answer(found)
    context = {
        "case": found,
        "answer": answered,
        "answer_words": answered.text.replace(found.code, "…") if answered else "",
        "told": told,
        "open": found.state not in FINAL,
        "over": found.state in told_queries.OVER,
        "name": told_queries.shared_name(found),
    }
    answer = public.page(request, "feedback/public/case.html", context, form=True)
    readers.give_mark(request, answer)
    return answer


@login_not_required
@require_POST
def too(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody met it too: a browser counts once."""
    found, now = _case(request, pk), clock.now()
    mark = readers.mark_of(request)
    if not mark or not readers.few_too(request, now):
        return _page(request, found, _("Chưa ghi nhận được. Hãy cho phép trang này lưu cookie rồi bấm lại."))
    if actions.too(case=found, mark=mark, now=now):
        return redirect("told:case", pk=found.pk)
    return _page(request, found, _("Bạn đã bấm “Tôi cũng gặp” rồi."))
