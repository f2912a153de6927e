"""Pages of alerts: which danger, its facts, the hands, what became of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.alerts import actions, duty_queries, maps, queries, scores, sheets, sounding, staging
from nguon.alerts.errors import AlertError, NotNow, Nowhere
from nguon.alerts.forms import LEVEL, FactsForm, ReasonForm
from nguon.alerts.models import Alert, State
from nguon.alerts.show import Shown
from nguon.cap import hazards
from nguon.cap.hazards import Hazard, Kind, MissingWords
from nguon.delivery import choosing
from nguon.kit import clock
from nguon.people.asking import fresh_second_factor, person_of, prove_again
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, forbidden, may

FIELDS = {LEVEL: "level"}  # of blanks that are not filled by a field of their own name
BEFORE_ITS_END = {State.DRAFT, State.WAITING, State.LIVE}
FRESH = timedelta(minutes=10)  # so long ago at most somebody who signs has proved who they are


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for one's hand, what is live, what was."""
    person = person_of(request)
    seen = queries.seen(person)
    waiting = list(queries.waiting_for(person))
    live = list(seen.filter(state=State.LIVE).order_by("-live_at"))
    rest = seen.exclude(state=State.LIVE).exclude(pk__in=[one.pk for one in waiting])
    page = Paginator(rest.order_by("-created_at"), 30).get_page(request.GET.get("page"))
    context = {
        "waiting": [Shown(one) for one in waiting],
        "live": [Shown(one) for one in live],
        "page": page,
        "rows": [Shown(one) for one in page],
        "may_write": Right.ALERT in rights(person),
    }
    return render(request, "alerts/list.html", context)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The first screen: which danger, in earnest or as a drill."""
    if Right.ALERT not in rights(person_of(request)):
        raise forbidden()
    context = {"hazards": hazards.all(), "drill": _drill(request)}
    return render(request, "alerts/choose.html", context)


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, hazard: str) -> HttpResponse:
    """The second screen: facts, places, how long. What is sent becomes a draft; the third screen shows and signs it."""
    person, now = person_of(request), clock.now()
    if Right.ALERT not in rights(person):
        raise forbidden()
    changed = _changed(request)
    follows = changed.follows if changed else _follows(request)
    form = _form(request, _hazard(hazard), changed or follows)
    if request.method == "POST" and form.is_valid():
        try:
            made = _written(form, person, now, follows, changed)
        except MissingWords as error:
            for name in error.names:
                form.add_error(FIELDS.get(name, name), _("Hãy điền mục này."))
        except (AlertError, Forbidden) as error:
            form.add_error(None, str(error))
        else:
            return redirect("alerts:detail", pk=made.pk)
    context = {
        "form": form,
        "hazard": _hazard(hazard),
        "drill": form.drill,
        "follows": follows,
        "kind": form.kind.value,
        "facts": [form[name] for name in form.asked()],
        "levels": hazards.levels(),
        "choices": choosing.choices(person, (queries.CHANNEL,), clock.today()),
        "chosen": _chosen(form, changed or follows),
        "changed": changed,
        "map": maps.drawing(person, form.corners()),
        "told": _told(person, form),
    }
    return render(request, "alerts/compose.html", context, status=422 if form.errors else 200)


def _written(form: FactsForm, person: Person, now: datetime, follows: Alert | None, changed: Alert | None) -> Alert:
    on = clock.local_day(now)
    targets = queries.with_area(person, form.targets(), form.corners(), on)
    if not targets:
        raise Nowhere(_("Hãy chọn nơi nhận."))
    draft = form.draft(targets, queries.said_place(targets, on))
    if changed:
        return actions.change(alert=changed, draft=draft, actor=person, now=now)
    place = queries.speaks_for(person, targets, on)
    return actions.create(draft=draft, place_id=place, actor=person, now=now, follows=follows)


def _told(person: Person, form: FactsForm) -> dict[str, Any]:
    """What would be said, how far it would reach, and how many must sign."""
    on = clock.today()
    chosen = queries.own(person, queries.with_area(person, form.targets(), form.corners(), on), on)
    reach = queries.reach(chosen, on) if chosen else None
    return {
        "words": form.so_far(queries.said_place(chosen, on) if chosen else ""),
        "reach": reach,
        "needed": sounding.signers(reach, drill=form.drill) if reach else None,
        "whom": queries.spoken(chosen, on, drawn=bool(form.corners())) if chosen else "",
        "silent": queries.silent(chosen, on) if chosen else [],
    }


@require_POST
def preview(request: HttpRequest, hazard: str) -> HttpResponse:
    """What would be said, and how far it would reach: a piece of the second screen."""
    person = person_of(request)
    if Right.ALERT not in rights(person):
        raise forbidden()
    form = _form(request, _hazard(hazard), _follows(request))
    form.is_valid()
    return render(request, "alerts/parts/preview.html", {"told": _told(person, form), "drill": form.drill})


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The third screen: all of it, the hands under it, and what became of it."""
    person, alert = person_of(request), _alert(request, pk)
    context = {
        "alert": alert,
        "shown": Shown(alert),
        "whom": queries.whom(alert),
        "hands": alert.consents.select_related("person"),
        "signed": alert.consents.filter(person=person).exists(),
        "may": may(person, Right.ALERT, alert.place_id),
        "map": maps.shown(alert),
        "others": queries.others(queries.targets_of(alert), clock.today()) if alert.live_at is None else (),
        "seen": sounding.previews(alert, clock.now()) if alert.state in BEFORE_ITS_END else [],
        "staging": staging.shown(alert, person, clock.now()),
        "duty": duty_queries.board(alert, person, clock.now()) if alert.live_at else None,
        "score": scores.score(alert, person),
        "past": scores.past(alert, person),
        "sayings": alert.sayings.select_related("broadcast"),
        "ready": alert.followers.filter(prepared=True, state=State.WAITING).select_related("sound__file").first(),
        "followers": [Shown(one) for one in alert.followers.exclude(prepared=True, live_at=None)],
        "reason_form": ReasonForm(),
    }
    return render(request, "alerts/detail.html", context)


@require_GET
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who received it and who sounded it by now: a piece of the page, asked for while it is live."""
    alert = _alert(request, pk)
    context = {"alert": alert, "score": scores.score(alert, person_of(request))}
    return render(request, "alerts/parts/score.html", context)


@require_GET
def voice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far its voice is: a piece of the page, asked for until it can be heard."""
    return render(request, "alerts/parts/voice.html", {"alert": _alert(request, pk)})


@require_GET
def export(request: HttpRequest, pk: UUID) -> FileResponse:
    """The scorecard as a workbook."""
    alert = _alert(request, pk)
    name = f"canh-bao-{clock.local_day(alert.live_at or alert.created_at):%Y-%m-%d}-{alert.pk.hex[-6:]}.xlsx"
    return FileResponse(sheets.workbook(alert, person_of(request)), as_attachment=True, filename=name)


@require_POST
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's hand under it. A draft is submitted by that; the last hand sends it."""
    alert = _alert(request, pk)
    if not fresh_second_factor(request, FRESH):
        return prove_again(request, back=reverse("alerts:detail", args=[pk]))
    person, now = person_of(request), clock.now()
    try:
        if alert.state == State.DRAFT:
            done = actions.submit(alert=alert, actor=person, now=now)
        else:
            done = actions.sign(alert=alert, digest=request.POST.get("digest", ""), actor=person, now=now)
    except AlertError as error:
        messages.error(request, str(error))
    else:
        live = done.state == State.LIVE
        messages.success(request, _("Đã gửi tới các cụm loa.") if live else _("Đã ký. Đang chờ người ký tiếp theo."))
    return redirect("alerts:detail", pk=pk)


@require_POST
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return it to its writer with a reason."""
    return _done(request, pk, actions.give_back, _("Đã trả lại người soạn."), reason=request.POST.get("reason", ""))


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it up before it went out."""
    return _done(request, pk, actions.withdraw, _("Đã rút. Không cụm loa nào phát tin này."))


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that it was a mistake, in the words that lay ready, and silence it."""
    alert = _alert(request, pk)
    ready = alert.followers.filter(prepared=True, state=State.WAITING).first()
    if ready is None:
        messages.error(request, str(NotNow.message))
        return redirect("alerts:detail", pk=pk)
    try:
        actions.release(alert=ready, actor=person_of(request), now=clock.now())
    except AlertError as error:
        messages.error(request, str(error))
        return redirect("alerts:detail", pk=pk)
    messages.success(request, _("Đã dừng tin cũ và đang phát tin báo nhầm."))
    return redirect("alerts:detail", pk=ready.pk)


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Silence it everywhere."""
    return _done(request, pk, actions.stop, _("Đã ra lệnh dừng. Các cụm loa im ngay."))


def _done(request: HttpRequest, pk: UUID, act: Any, words: str, **given: str) -> HttpResponse:
    try:
        act(alert=_alert(request, pk), actor=person_of(request), now=clock.now(), **given)
    except AlertError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("alerts:detail", pk=pk)


def _form(request: HttpRequest, hazard: Hazard, before: Alert | None) -> FactsForm:
    """The form; `before` is the alert that is changed or answered, whose facts stand in it."""
    person = person_of(request)
    data = request.POST if request.method == "POST" else None
    known = queries.known_facts(person, clock.now())
    initial: dict[str, Any] = {}
    if before:
        corners = " ".join(f"{latitude},{longitude}" for latitude, longitude in before.area or ())
        initial |= before.facts | {"source": before.source, "level": before.level, "area": corners}
        initial |= {"hours": round(before.lasts.total_seconds() / 3600), "staged": before.staged}
    kind = Kind(before.kind) if before and _changed(request) else _kind(request)
    drill = before.drill if before else _drill(request)
    return FactsForm(hazard, kind, drill=drill, known=known, data=data, initial=initial)


def _chosen(form: FactsForm, follows: Alert | None) -> set[UUID]:
    if form.is_bound and hasattr(form, "cleaned_data"):
        found = form.targets()
        return {*found.places, *found.groups, *found.devices}
    if follows is None:
        return set()
    before = queries.targets_of(follows)
    return {*before.places, *before.groups, *(() if follows.area else before.devices)}


def _hazard(code: str) -> Hazard:
    try:
        return hazards.by_code(code)
    except KeyError as error:
        raise Http404 from error


def _drill(request: HttpRequest) -> bool:
    return (request.POST.get("drill") or request.GET.get("dien-tap")) == "1"


def _kind(request: HttpRequest) -> Kind:
    try:
        return Kind(request.POST.get("kind") or request.GET.get("loai") or Kind.WARNING)
    except ValueError as error:
        raise Http404 from error


def _changed(request: HttpRequest) -> Alert | None:
    """The draft that is written anew."""
    given = request.POST.get("changed") or request.GET.get("sua")
    try:
        return _alert(request, UUID(given)) if given else None
    except ValueError as error:
        raise Http404 from error


def _follows(request: HttpRequest) -> Alert | None:
    given = request.POST.get("follows") or request.GET.get("tin")
    if not given:
        return None
    try:
        return _alert(request, UUID(given))
    except ValueError as error:
        raise Http404 from error


def _alert(request: HttpRequest, pk: UUID) -> Alert:
    found: Alert = get_object_or_404(queries.seen(person_of(request)), pk=pk)
    return found
