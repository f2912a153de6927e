"""Pages of programmes: the list, the editor, copying, stretching, ending."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom.models import Category
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.places.models import Place
from nguon.programme import composing, items, library, programme_forms, recurrence, where, words
from nguon.programme.items import Item, Kind
from nguon.programme.models import Programme, Slot
from nguon.programme.programme_forms import Draft

MS = timedelta(milliseconds=1)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The programmes of a place, its own and those shared from above."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.GET.get("place", ""), on)
    if place is None:
        raise Http404
    found = library.shown(place, on)
    context = {
        "place": place,
        "places": where.offered(person, place, on),
        "own": [each for each in found if each.own],
        "shared": [each for each in found if not each.own],
        "may_change": may(person, Right.BROADCAST, place.pk),
        "words": words.KINDS,
        "icons": words.ICONS,
    }
    return render(request, "programme/programmes.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The editor of a programme that is not there yet."""
    person, on = person_of(request), clock.today()
    asked = request.POST.get("place") or request.GET.get("place", "")
    place = where.chosen(person, asked, on, Right.BROADCAST)
    if place is None:
        raise Http404
    draft = programme_forms.read(request.POST) if request.method == "POST" else Draft()
    if draft.do == "save":
        try:
            made = composing.create(
                place_id=place.pk,
                name=draft.name,
                kept=draft.kept,
                shared=draft.shared,
                actor=person,
                now=clock.now(),
            )
        except composing.ComposeRefused as error:
            return _editor(request, place, draft, None, error)
        messages.success(request, _("Đã lưu chương trình. Đặt giờ phát để chương trình lên loa."))
        return redirect("schedule:programme", pk=made.pk)
    return _editor(request, place, draft, None)


@require_http_methods(["GET", "POST"])
def programme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The editor of a programme; whoever may not change it reads it."""
    person, on = person_of(request), clock.today()
    found = library.seen(person, pk, on)
    if found is None:
        raise Http404
    if request.method != "POST":
        kept = items.of_json(found.items)
        draft = Draft(name=found.name, shared=found.shared, kept=kept, seen=found.changed_at.isoformat())
        return _editor(request, found.place, draft, found)
    if not may(person, Right.BROADCAST, found.place_id):
        raise Http404
    draft = programme_forms.read(request.POST)
    if draft.do != "save":
        return _editor(request, found.place, draft, found)
    try:
        composing.change(
            programme=found,
            seen=clock.from_iso(draft.seen) or clock.now(),
            name=draft.name,
            kept=draft.kept,
            shared=draft.shared,
            actor=person,
            now=clock.now(),
        )
    except composing.ComposeRefused as error:
        return _editor(request, found.place, draft, found, error)
    messages.success(request, _("Đã lưu. Cụm loa sẽ phát theo chương trình mới từ buổi kế tiếp."))
    return redirect("schedule:programme", pk=pk)


@require_POST
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same programme once more, for the person's place."""
    person, on = person_of(request), clock.today()
    found = library.seen(person, pk, on)
    place = where.chosen(person, request.POST.get("place", ""), on, Right.BROADCAST)
    if found is None or place is None:
        raise Http404
    made = composing.copy(programme=found, place_id=place.pk, actor=person, now=clock.now())
    messages.success(request, _("Đã chép. Đây là bản của đơn vị, sửa được thoải mái."))
    return redirect("schedule:programme", pk=made.pk)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a programme up, with its slots."""
    found = _mine(request, pk)
    try:
        slots = composing.end(programme=found, actor=person_of(request), now=clock.now())
    except composing.ComposeRefused as error:
        messages.error(request, str(error))
        return redirect("schedule:programme", pk=pk)
    said = ngettext(
        "Đã kết thúc chương trình và %(count)d khung giờ của nó.",
        "Đã kết thúc chương trình và %(count)d khung giờ của nó.",
        slots,
    )
    messages.success(request, said % {"count": slots} if slots else _("Đã kết thúc chương trình."))
    return redirect(f"{reverse('schedule:programmes')}?place={found.place_id}")


@require_http_methods(["GET", "POST"])
def stretch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the last relay of a programme longer or shorter: asked for by dragging the end of a slot."""
    found, given = _mine(request, pk), request.POST or request.GET
    try:
        minutes = int(given.get("minutes", "0"))
    except ValueError:
        minutes = 0
    if request.method == "POST":
        try:
            composing.stretch(programme=found, seconds=60 * minutes, actor=person_of(request), now=clock.now())
        except composing.ComposeRefused as error:
            messages.error(request, error.faults[min(error.faults)] if error.faults else str(error))
        else:
            messages.success(request, _("Đã đổi thời lượng tiếp âm."))
        return redirect(f"{reverse('schedule:week')}?place={found.place_id}")
    kept = items.of_json(found.items)
    relay = next((item for item in reversed(kept) if item.kind is Kind.RELAY), None)
    context = {
        "programme": found,
        "minutes": minutes,
        "relay": relay,
        "before_ms": relay.seconds * 1000 if relay else 0,
        "after_ms": (relay.seconds + 60 * minutes) * 1000 if relay else 0,
        "slots": found.slots.filter(ended_at=None).count(),
    }
    return render(request, "programme/stretch.html", context)


def _mine(request: HttpRequest, pk: UUID) -> Programme:
    found = library.programmes(person_of(request), clock.today(), Right.BROADCAST).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _editor(
    request: HttpRequest,
    place: Place,
    draft: Draft,
    found: Programme | None,
    error: composing.ComposeRefused | None = None,
) -> HttpResponse:
    now, on, person = clock.now(), clock.today(), person_of(request)
    mine = may(person, Right.BROADCAST, place.pk)
    faults = dict(error.faults) if error else {}
    if request.method == "POST" and not error:
        before = items.of_json(found.items) if found else ()
        wrong = composing.check(place.pk, draft.kept, before, now)
        faults = {at: said for at, said in wrong.items() if at >= 0 and at != draft.focus}
    told = library.lines(draft.kept, now)
    context: dict[str, Any] = {
        "place": place,
        "programme": found,
        "draft": draft,
        "rows": _rows(draft.kept, told, faults, place, mine),
        "ms": sum((line.length for line in told), timedelta()) // MS,
        "whole": faults.get(-1) or (str(error) if error else ""),
        "name_error": str(error) if error and error.field == "name" else "",
        "kinds": [(kind, words.KINDS[kind], words.ICONS[kind]) for kind in Kind],
        "categories": Category.choices,
        "may_change": mine,
        "slots": _slots(found),
        "users": list(library.users(found)) if found and mine else [],
        "copy_to": where.chosen(person, "", on, Right.BROADCAST) if found and not mine else place,
    }
    return render(request, "programme/programme.html", context, status=422 if error else 200)


def _slots(found: Programme | None) -> list[tuple[Slot, str]]:
    """The slots of the place itself, each with when it comes back, in words."""
    rows = found.slots.filter(ended_at=None, place=found.place_id) if found else []
    return [(row, words.repeat(recurrence.read(row.rule, row.lunar_days), row.first_day)) for row in rows]


def _rows(
    kept: tuple[Item, ...], told: list[library.Line], faults: dict[int, str], place: Place, mine: bool
) -> list[dict[str, Any]]:
    """Each item for the page: its fields, what may be chosen, its length, what is wrong."""
    now, on = clock.now(), clock.today()
    music = {each.pk.hex: each.name for each in library.music(place.pk, on)} if mine else {}
    news = (
        {each.pk.hex: each.current.title for each in library.bulletins(place.pk, now, on) if each.current}
        if mine
        else {}
    )
    names = {line.item.what: line.name for line in told if line.item.what}
    offered = {Kind.MUSIC: music, Kind.BULLETIN: news}
    return [
        {
            "at": at,
            "item": line.item,
            "line": line,
            "label": words.KINDS[line.item.kind],
            "icon": words.ICONS[line.item.kind],
            "choices": programme_forms.choices([line.item], offered.get(line.item.kind, {}), names)[0],
            "streams": "\n".join(line.item.streams),
            "minutes": line.item.seconds // 60,
            "category": dict(Category.choices).get(line.item.category, _("Mọi lĩnh vực")),
            "fault": faults.get(at, ""),
        }
        for at, line in enumerate(told)
    ]
