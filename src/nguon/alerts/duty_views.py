"""Pages of duty: who is called when loudspeakers do not answer; what did not answer; the stages of an alert."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.alerts import actions, duty_actions, duty_queries, queries, staging
from nguon.alerts.duty_actions import DutyError
from nguon.alerts.duty_forms import DutyForm
from nguon.alerts.errors import AlertError
from nguon.alerts.models import Alert, Duty
from nguon.delivery import choosing, notifiers
from nguon.delivery.rules import joined
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import forbidden, visible


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Who is on duty where one may alert, those of this hour marked."""
    person, now = person_of(request), clock.now()
    _require_anywhere(person)
    every = duty_queries.listed(person, clock.local_day(now))
    bare, ways = duty_queries.nobody_at(person, now), notifiers.active().values()
    context = {
        "groups": duty_queries.by_place(every, now),
        "bare": bare,
        "bare_words": joined(map(choosing.spoken, bare), _("và"), more=_("%d nơi khác")),
        "ways": [_(way.label) for way in ways],
        "told": any(way.real for way in ways),
    }
    return render(request, "alerts/duty.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody more."""
    person, now = person_of(request), clock.now()
    _require_anywhere(person)
    places = duty_queries.places_of(person, clock.local_day(now))
    form = DutyForm(places, request.POST or None, prefix=None)
    form.fields["place"].initial = request.GET.get("dia-ban") or duty_queries.highest(person, clock.local_day(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = duty_actions.add(
                place_id=form.cleaned_data["place"].pk, turn=form.turn(), actor=person, now=clock.now()
            )
        except DutyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã thêm %(name)s vào danh sách trực.") % {"name": made.name})
            return redirect("duty:list")
    return render(request, "alerts/duty_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another number, other hours."""
    person, duty = person_of(request), _duty(request, pk)
    form = DutyForm(duty_queries.places_of(person, clock.today()), request.POST or None, duty=duty)
    if request.method == "POST" and form.is_valid():
        try:
            duty_actions.change(duty=duty, turn=form.turn(), actor=person, now=clock.now())
        except DutyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("duty:list")
    context = {"form": form, "duty": duty}
    return render(request, "alerts/duty_form.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No longer on duty."""
    duty = _duty(request, pk)
    duty_actions.remove(duty=duty, actor=person_of(request), now=clock.now())
    messages.success(request, _("Đã bỏ %(name)s khỏi danh sách trực.") % {"name": duty.name})
    return redirect("duty:list")


@require_GET
def board(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What did not answer, and who was told: a piece of an alert's page. 204 while nothing has changed on it."""
    person, alert = person_of(request), _alert(request, pk)
    found = duty_queries.board(alert, person, clock.now())
    if request.GET.get("v") == found.version:
        return HttpResponse(status=204)
    return render(request, "alerts/parts/duty.html", {"alert": alert, "duty": found})


@require_GET
def stages(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How wide it went by now: a piece of an alert's page."""
    person, alert = person_of(request), _alert(request, pk)
    return render(
        request, "alerts/parts/stages.html", {"alert": alert, "staging": staging.shown(alert, person, clock.now())}
    )


@require_POST
def reached(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Somebody told the people there; or the mark was a mistake."""
    person, alert = person_of(request), _alert(request, pk)
    act = duty_actions.unreach if request.POST.get("undo") else duty_actions.reach
    try:
        act(alert=alert, place_id=place, actor=person, now=clock.now())
    except AlertError as error:
        messages.error(request, str(error))
    if request.headers.get("HX-Request"):
        found = duty_queries.board(alert, person, clock.now())
        return render(request, "alerts/parts/duty.html", {"alert": alert, "duty": found})
    return redirect(reverse("alerts:detail", args=[pk]) + "#khong-tra-loi")


@require_POST
def widen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send it to the next stage, now."""
    person, alert = person_of(request), _alert(request, pk)
    to = request.POST.get("to", "")
    try:
        actions.widen(alert=alert, to=int(to) if to.isascii() and to.isdigit() else -1, actor=person, now=clock.now())
    except AlertError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã phát rộng ra."))
    return redirect("alerts:detail", pk=pk)


def _require_anywhere(person: Person) -> None:
    if not duty_queries.places_of(person, clock.today()).exists():
        raise forbidden()


def _duty(request: HttpRequest, pk: UUID) -> Duty:
    found = visible(Duty.objects.select_related("place"), person_of(request), Right.ALERT).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _alert(request: HttpRequest, pk: UUID) -> Alert:
    found: Alert = get_object_or_404(queries.seen(person_of(request)), pk=pk)
    return found
