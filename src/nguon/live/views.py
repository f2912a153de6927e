"""Pages of live voice: choose to whom, speak, hear it again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.delivery import choosing
from nguon.kit import clock
from nguon.live import actions, queries
from nguon.live.forms import ChooseForm, LimitForm
from nguon.live.models import LiveSession, State, Why
from nguon.people.asking import person_of
from nguon.people.queries import places_with, rights
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, forbidden, may


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Who speaks now, and what was spoken."""
    return _listing(request, LimitForm(None, places_with(person_of(request), Right.PLACES)))


def _listing(request: HttpRequest, form: LimitForm) -> HttpResponse:
    person = person_of(request)
    begun = queries.sessions(person).exclude(state=State.READY).order_by("-began_at")
    context = {
        "live": begun.filter(state=State.ON_AIR),
        "page": Paginator(begun.filter(state=State.ENDED), 30).get_page(request.GET.get("page")),
        "may_speak": Right.BROADCAST in rights(person),
        "limits": queries.limits(person, clock.today()),
        "limit_form": form if Right.PLACES in rights(person) else None,
    }
    return render(request, "live/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose to whom."""
    person, now = person_of(request), clock.now()
    if Right.BROADCAST not in rights(person):
        raise forbidden()
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.prepare(targets=form.targets(), title=form.cleaned_data["title"], actor=person, now=now)
        except (actions.LiveError, Forbidden) as error:
            form.add_error(None, str(error))
        else:
            return redirect("live:detail", pk=made.pk)
    chosen = form.targets() if form.is_bound and hasattr(form, "cleaned_data") else None
    context = {
        "form": form,
        "choices": choosing.choices(person, (queries.CHANNEL,), clock.today()),
        "chosen": {*chosen.places, *chosen.groups, *chosen.devices} if chosen else set(),
        "preview": queries.preview(person, chosen, now) if chosen else None,
    }
    return render(request, "live/new.html", context, status=422 if form.errors else 200)


@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """Whom the choice reaches so far: a piece of the page."""
    person, form = person_of(request), ChooseForm(request.POST)
    form.is_valid()
    preview = queries.preview(person, form.targets(), clock.now())
    return render(request, "live/parts/reach.html", {"preview": preview})


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The desk of whoever speaks; for others, and afterwards, what was spoken."""
    person, now = person_of(request), clock.now()
    session = _session(request, pk)
    targets = queries.targets_of(session)
    mine = session.person_id == person.pk
    if mine and session.state != State.ENDED:
        preview = queries.preview(person, targets, now)
        if preview is None:
            raise forbidden()
        return render(request, "live/desk.html", {"session": session, "preview": preview, "whys": Why.choices})
    context = {
        "session": session,
        "whom": queries.said_of(session, person),
        "saving": queries.saving(session, now),
        "may_stop": session.state == State.ON_AIR and (mine or may(person, Right.BROADCAST, session.place_id)),
    }
    return render(request, "live/detail.html", context)


@require_GET
def quiet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where nothing would be heard now: a piece of the desk, asked for as long as that stays open."""
    session = _session(request, pk)
    targets, now = queries.targets_of(session), clock.now()
    preview = queries.preview(person_of(request), targets, now) if session.state != State.ENDED else None
    return render(request, "live/parts/quiet.html", {"quiet": preview.quiet if preview else None})


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Off the air, whoever speaks."""
    if actions.stop(session=_session(request, pk), actor=person_of(request), now=clock.now()):
        messages.success(request, _("Đã dừng phát trực tiếp. Các cụm loa im ngay."))
    else:
        messages.info(request, _("Lần phát này đã kết thúc từ trước."))
    return redirect("live:detail", pk=pk)


@require_POST
def limit(request: HttpRequest) -> HttpResponse:
    """How long one may speak in the name of a place."""
    person = person_of(request)
    if Right.PLACES not in rights(person):
        raise forbidden()
    form = LimitForm(request.POST, places_with(person, Right.PLACES))
    if not form.is_valid():
        return _listing(request, form)
    place, minutes = form.cleaned_data["place"], form.cleaned_data["minutes"]
    actions.set_limit(place=place, minutes=minutes, actor=person, now=clock.now())
    messages.success(request, _("Đã ghi thời gian nói của %(place)s.") % {"place": place})
    return redirect("live:list")


def _session(request: HttpRequest, pk: UUID) -> LiveSession:
    found: LiveSession = get_object_or_404(queries.sessions(person_of(request)), pk=pk)
    return found
