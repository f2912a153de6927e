"""Pages of events in the office: what is coming, how far each is, writing it, cancelling it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.portal import addresses, markup
from nguon.portal import queries as sites
from nguon.portal.errors import PortalError
from nguon.portal.events import actions, forms, queries, words
from nguon.portal.events.forms import EventForm
from nguon.portal.models import EventWording
from nguon.portal.serving import served

A_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The events of a person's sites, the latest first."""
    person = person_of(request)
    page = Paginator(queries.seen(person), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, words.standing(one, queries.shown(one) is not None), words.when(one)) for one in page]
    context = {"rows": rows, "page": page, "may_write": sites.sites(person).exists(), "today": clock.today()}
    return render(request, "portal/events/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One event: what everybody sees, what waits, what was before."""
    person = person_of(request)
    newest = get_object_or_404(queries.seen(person), event=pk)
    public = queries.shown(newest)
    over = newest.event.cancelled_at is not None or newest.last < clock.today()
    context = {
        "wording": newest,
        "public": public if public != newest else None,
        "standing": words.standing(newest, public is not None),
        "when": words.when(newest),
        "was": words.when(public) if public else "",
        "page": markup.html(newest.body),
        "wordings": newest.event.wordings.select_related("created_by", "review__decided_by").order_by("-number"),
        "may_change": queries.changeable(person).filter(pk=newest.pk).exists(),
        "may_take": queries.takeable(person).filter(pk=newest.pk).exists(),
        "aloud": public if public and not over else None,
        "places": _places(public) if public else [],
    }
    return render(request, "portal/events/detail.html", context)


def _places(public: EventWording) -> list[tuple[str, str]]:
    """Where it stands: the name of each open site and the address of the event there."""
    if not served():
        return []
    found = public.sites.filter(opened_at__isnull=False).select_related("place")
    return [(str(site.place), addresses.of_site(site, "site:event", public.event.slug)) for site in found]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Another event."""
    if not sites.sites(person_of(request)).exists():
        raise Http404
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another wording of an event."""
    return _edited(request, get_object_or_404(queries.changeable(person_of(request)), event=pk))


def _edited(request: HttpRequest, wording: EventWording | None) -> HttpResponse:
    person, now = person_of(request), clock.now()
    form = EventForm(person, request.POST or None, initial=forms.typed(wording) if wording else forms.usual(now))
    if request.method == "POST" and form.is_valid():
        chosen, seen = list(form.cleaned_data["sites"]), form.cleaned_data["seen"] or 0
        event = wording.event if wording else None
        try:
            made = actions.write(plan=form.plan(), sites=chosen, actor=person, now=now, event=event, seen=seen)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu và gửi duyệt. Dân thấy sau khi có người khác duyệt."))
            return redirect("portal:events:detail", made.event_id)
    context = {"form": form, "wording": wording, "public": queries.shown(wording) if wording else None}
    return render(request, "portal/events/edit.html", context, status=422 if form.errors else 200)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It will not be."""
    person = person_of(request)
    found = get_object_or_404(queries.changeable(person), event=pk)
    said = _("Đã hủy “%s”. Trên trang ghi rõ là đã hủy.") if queries.shown(found) else _("Đã bỏ “%s”.")
    return _ended(request, actions.cancel, found, said)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show it no more."""
    found = get_object_or_404(queries.takeable(person_of(request)), event=pk)
    return _ended(request, actions.withdraw, found, _("Đã rút “%s”. Dân không thấy nữa."))


def _ended(request: HttpRequest, verb: Any, found: EventWording, said: str) -> HttpResponse:
    try:
        verb(event=found.event, why=request.POST.get("why", ""), actor=person_of(request), now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said % found.title)
    return redirect("portal:events:detail", found.event_id)
