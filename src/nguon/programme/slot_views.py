"""Pages of one slot: making, changing, advice while that is done, dragging, leaving out, adding, resting, ending."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, may
from nguon.places.models import Place
from nguon.programme import hearing, library, queries, recurrence, slotting, telling, where, words
from nguon.programme.models import Slot
from nguon.programme.planned import slots_of
from nguon.programme.slot_forms import DayForm, MoveForm, RestForm, SlotForm, initial_of
from nguon.programme.slotting import Reach, SlotRefused

NOBODY = UUID(int=0)
ACTS = ("bo-ngay", "them-ngay", "nghi", "phat-lai", "ket-thuc")
WHOLE = {"length", "rule"}  # what is wrong with the whole rather than with a field


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new slot; `from`: like this one."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.POST.get("in") or request.GET.get("place", ""), on, Right.BROADCAST)
    if place is None:
        raise Http404
    form = SlotForm(
        request.POST if request.method == "POST" else None,
        programmes=library.of_place(place, on),
        initial=_begun(request, place, on),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = slotting.create(wanted=form.wanted(place.pk), actor=person, now=clock.now())
        except SlotRefused as error:
            _add(form, error)
        except Forbidden as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã đặt giờ phát."))
            return redirect(f"{reverse('schedule:week')}?place={place.pk}&week={made.first_day}")
    return _page(request, place, form, None)


@require_http_methods(["GET", "POST"])
def slot(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A slot, seen from one of its days (`day`) or as a whole."""
    person, found = person_of(request), _slot(request, pk, Right.VIEW)
    day = _day(request.POST.get("day") or request.GET.get("day", ""))
    mine = may(person, Right.BROADCAST, found.place_id)
    if request.method == "POST" and not mine:
        raise Http404
    other = words.repeat(recurrence.read(found.rule, found.lunar_days), found.first_day)
    programmes = _with(library.of_place(found.place, clock.today()), found)
    data = request.POST if request.method == "POST" else None
    form = SlotForm(data, programmes=programmes, initial=initial_of(found, other, day))
    if data is not None and form.is_valid():
        reach = _reach(data, day)
        wanted = form.wanted(found.place_id, found)
        if reach is Reach.ALL and wanted.first_day == day:
            wanted = slotting.since(wanted, found.first_day)
        try:
            slotting.change(slot=found, wanted=wanted, reach=reach, day=day, actor=person, now=clock.now())
        except SlotRefused as error:
            _add(form, error)
        except Forbidden as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu khung giờ."))
            return redirect(f"{reverse('schedule:week')}?place={found.place_id}&week={day or clock.today()}")
    return _page(request, found.place, form, found, day)


@require_POST
def advice(request: HttpRequest) -> HttpResponse:
    """What would come of the form as it is now: a piece of the page."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.POST.get("in", ""), on, Right.BROADCAST)
    if place is None:
        raise Http404
    pk, found = request.POST.get("slot", ""), None
    if pk:
        found = slots_of(person, Right.BROADCAST).filter(pk=_uuid(pk) or NOBODY).first()
    programmes = library.of_place(place, on)
    other = words.repeat(recurrence.read(found.rule, found.lunar_days)) if found else ""
    initial = initial_of(found, other) if found else {}
    form = SlotForm(request.POST, programmes=_with(programmes, found) if found else programmes, initial=initial)
    return render(request, "programme/parts/advice.html", _advised(form, place, found))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drag a slot from one of its days to a day and a time: first asked, with what would come of it."""
    person, found = person_of(request), _slot(request, pk, Right.BROADCAST)
    posted = request.method == "POST"
    form = MoveForm(request.POST if posted else request.GET, bound=posted)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            slotting.move(
                slot=found,
                day=given["day"],
                to=given["to"],
                at=given["at"],
                reach=Reach(given["reach"]),
                actor=person,
                now=clock.now(),
            )
        except SlotRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã dời khung giờ."))
            return redirect(f"{reverse('schedule:week')}?place={found.place_id}&week={given['to']}")
    context = {"slot": found, "form": form, **_moved(found, form, request.POST if posted else request.GET)}
    return render(request, "programme/move.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: UUID, do: str) -> HttpResponse:
    """One tap on a slot: leave a day out, add one, rest, go on, end."""
    if do not in ACTS:
        raise Http404
    person, found, now = person_of(request), _slot(request, pk, Right.BROADCAST), clock.now()
    try:
        said = _act(found, do, request.POST, person, now)
    except SlotRefused as error:
        messages.error(request, str(error))
        return redirect("schedule:slot", pk=pk)
    messages.success(request, said)
    if do == "ket-thuc":
        return redirect(f"{reverse('schedule:week')}?place={found.place_id}")
    return redirect("schedule:slot", pk=pk)


def _act(found: Slot, do: str, data: QueryDict, person: Person, now: datetime) -> str:
    """Do it; what to say. Raises SlotRefused."""
    if do == "nghi":
        rest = RestForm(data, today=clock.today())
        if not rest.is_valid():
            raise SlotRefused(_("Hãy chọn ngày bắt đầu nghỉ."))
        slotting.suspend(slot=found, **rest.cleaned_data, actor=person, now=now)
        return _("Khung giờ sẽ nghỉ như đã ghi.")
    if do == "phat-lai":
        slotting.resume(slot=found, actor=person, now=now)
        return _("Khung giờ phát trở lại.")
    if do == "ket-thuc":
        slotting.end(slot=found, actor=person, now=now)
        return _("Đã kết thúc khung giờ.")
    form = DayForm(data)
    if not form.is_valid():
        raise SlotRefused(_("Hãy chọn ngày."))
    if do == "bo-ngay":
        slotting.except_day(slot=found, day=form.cleaned_data["day"], actor=person, now=now)
        return _("Đã bỏ ngày này; các ngày khác vẫn phát.")
    slotting.add_day(slot=found, day=form.cleaned_data["day"], actor=person, now=now)
    return _("Đã thêm ngày phát.")


def _slot(request: HttpRequest, pk: UUID, right: Right) -> Slot:
    found = slots_of(person_of(request), right).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _with(programmes: Sequence[Any], found: Slot) -> list[Any]:
    """The programmes to choose from, with the one that is chosen now even if it is offered no more."""
    known = {each.pk for each in programmes}
    return [*programmes, *([] if found.programme_id in known else [found.programme])]


def _begun(request: HttpRequest, place: Place, on: date) -> dict[str, Any]:
    """How the form of a new slot begins: as the one it is copied from, or at the hour that was tapped."""
    asked = request.GET
    like = slots_of(person_of(request), Right.VIEW).filter(pk=_uuid(asked.get("from", "")) or NOBODY).first()
    day = _day(asked.get("day", "")) or on + timedelta(days=1)
    if like is not None:
        return initial_of(like, "", day) | {"valid_to": None}
    return {
        "programme": asked.get("programme", "").replace("-", ""),
        "at": asked.get("at") or "05:00",
        "first_day": day,
        "every": "daily",
        "on_holiday": "play",
        "place": (place.pk,),
        "group": (),
        "device": (),
    }


def _reach(data: Mapping[str, Any], day: date | None) -> Reach:
    asked = data.get("reach", "")
    return Reach(asked) if day is not None and asked in set(Reach) else Reach.ALL


def _add(form: SlotForm, error: SlotRefused) -> None:
    known = error.field in form.fields and error.field not in WHOLE
    form.add_error(error.field if known else None, str(error))


def _page(
    request: HttpRequest, place: Place, form: SlotForm, found: Slot | None, day: date | None = None
) -> HttpResponse:
    person, on = person_of(request), clock.today()
    chosen = form.targets() if form.is_bound and hasattr(form, "cleaned_data") else None
    ticked = (
        [*chosen.places, *chosen.groups, *chosen.devices]
        if chosen
        else [*form.initial.get("place", ()), *form.initial.get("group", ()), *form.initial.get("device", ())]
    )
    context = {
        "place": place,
        "places": where.offered(person, place, on, Right.BROADCAST),
        "form": form,
        "slot": found,
        "day": day,
        "choices": queries.choices_in(person, place, hearing.CHANNELS, on),
        "chosen": set(ticked),
        "may_change": found is None or may(person, Right.BROADCAST, found.place_id),
        "rest": RestForm(today=day or on),
        "add": DayForm(),
        **(_known(found, on) if found else {}),
    }
    return render(request, "programme/slot.html", context, status=422 if form.errors else 200)


def _known(found: Slot, on: date) -> dict[str, Any]:
    """What the page of a slot says of it."""
    rests = [rest for rest in found.suspensions.all() if rest.last is None or rest.last >= on]
    return {
        "repeat": words.repeat(recurrence.read(found.rule, found.lunar_days), found.first_day),
        "rests": rests,
        "resting": any(rest.first <= on for rest in rests),
        "out": [date.fromisoformat(each) for each in found.except_on if each >= on.isoformat()],
        "added": [date.fromisoformat(each) for each in found.also_on if each >= on.isoformat()],
        "where": queries.names(slotting.targets_of(found), on),
    }


def _advised(form: SlotForm, place: Place, found: Slot | None) -> dict[str, Any]:
    """The context of the advice: nothing to say as long as the form is not filled in."""
    if not form.is_valid():
        return {}
    try:
        seen = slotting.considered(form.wanted(place.pk, found), clock.now(), found)
    except SlotRefused as error:
        return {"refused": str(error)}
    return _counselled(seen)


def _counselled(seen: Any) -> dict[str, Any]:
    helps = {telling.advised(each.why) for each in seen.troubles if not each.title} - {""}
    return {"advice": seen, "lines": telling.counsel(seen), "helps": sorted(helps)}


def _moved(found: Slot, form: MoveForm, data: QueryDict) -> dict[str, Any]:
    """What the dialog of a drag says: in short what happens, and what would come of it."""
    day, to = _day(data.get("day", "")), _day(data.get("to", ""))
    try:
        at = datetime.strptime(data.get("at", "")[:5], "%H:%M").time()
    except ValueError:
        return {}
    if day is None or to is None:
        return {}
    try:
        seen = slotting.considered(slotting.alone(slotting.wanted_of(found), to, at), clock.now(), found)
    except SlotRefused as error:
        return {"refused": str(error), "day": day, "to": to, "at": at}
    return {"day": day, "to": to, "at": at, **_counselled(seen)}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
