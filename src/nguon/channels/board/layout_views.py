"""The officer's pages of layouts: the list, one layout, its regions and playlists, and what a board shows and why."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.channels.board import actions, forms, picture, queries, staging
from nguon.channels.board.models import Item, Layout, Region
from nguon.channels.board.sources import SOURCES, Current
from nguon.devices import queries as devices
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The layouts of the places a person looks after."""
    person, now = person_of(request), clock.now()
    rows = [(row, picture.of(queries.explained(row, now), row.shape)) for row in queries.layouts_of(person)]
    context = {"rows": rows, "may_shape": devices.manages_any(person, clock.today())}
    return render(request, "board/layouts.html", context)


@require_form
def new(request: HttpRequest) -> HttpResponse:
    """Begin one from a template."""
    person = person_of(request)
    if not devices.manages_any(person, clock.today()):
        raise PermissionDenied
    form = forms.NewForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create(**form.cleaned_data, actor=person, now=clock.now())
        messages.success(request, _("Đã lập bố cục. Hãy xem lại các vùng, thêm tin, rồi chọn bảng dùng bố cục này."))
        return redirect("board:layout", pk=made.pk)
    return render(request, "board/layout_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One layout: its picture, its playlists, and the boards that have it."""
    layout, person = _layout(request, pk), person_of(request)
    now = clock.now()
    boards = queries.boards_with(layout, person)
    parts, told_at = queries.tallied(queries.explained(layout, now), boards, now)
    context = {
        "layout": layout,
        "parts": parts,
        "drawn": picture.of(parts, layout.shape),
        "staged": staging.staged(layout),
        "boards": boards,
        "told_at": told_at,
        "may_shape": may(person, Right.DEVICES, layout.place_id),
        "may_fill": may(person, Right.BROADCAST, layout.place_id),
    }
    return render(request, "board/layout.html", context)


@require_form
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its regions as numbers, with a picture that follows them."""
    layout = _layout(request, pk, Right.DEVICES)
    known = {name: getattr(layout, name) for name in ("name", "shape", "usual")}
    form = forms.LayoutForm(request.POST or None, initial=known)
    regions = forms.Regions(request.POST or None, initial=forms.rows_of(layout))
    refused: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid() and regions.is_valid():
        wanted = [one for each in regions if (one := each.wanted(_full(layout)))]
        try:
            actions.reshape(
                layout=layout, **form.cleaned_data, wanted=wanted, actor=person_of(request), now=clock.now()
            )
        except actions.Refused as error:
            refused = error.said
        else:
            messages.success(request, _("Đã lưu bố cục. Bảng đang kết nối nhận ngay."))
            return redirect("board:layout", pk=pk)
    context = {"layout": layout, "form": form, "regions": regions, "refused": refused}
    context |= {"drawn": picture.typed(regions, form["shape"].value(), _full(layout))}
    wrong = request.method == "POST"
    return render(request, "board/layout_edit.html", context, status=422 if wrong else 200)


@require_POST
def drawn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The picture of what is typed, with what is wrong of it; nothing is saved."""
    layout = _layout(request, pk, Right.DEVICES)
    shown = picture.typed(forms.Regions(request.POST), request.POST.get("shape", ""), _full(layout))
    return render(request, "board/parts/picture.html", {"drawn": shown})


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it away."""
    actions.delete(layout=_layout(request, pk, Right.DEVICES), actor=person_of(request), now=clock.now())
    messages.success(request, _("Đã xóa bố cục. Bảng đang dùng bố cục này chuyển về bố cục dùng chung."))
    return redirect("board:layouts")


@require_form
def item_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put something into the playlist of a region."""
    region = get_object_or_404(Region.objects.select_related("layout"), pk=pk)
    layout = _layout(request, region.layout_id, Right.BROADCAST)
    person, now = person_of(request), clock.now()
    form = forms.ItemForm(person, now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add(region=region, playing=form.playing(), actor=person, now=now)
        except actions.Refused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Đã thêm tin. Bảng đang kết nối nhận ngay."))
            return redirect("board:layout", pk=layout.pk)
    return _item_page(request, form, region, None)


@require_form
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When something in a playlist shows."""
    row, person, now = _item(request, pk), person_of(request), clock.now()
    form = forms.ItemForm(person, now, request.POST or None, kept=(row, _current(row, now)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(item=row, playing=form.playing(), actor=person, now=now)
        except actions.Refused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("board:layout", pk=row.region.layout_id)
    return _item_page(request, form, row.region, row)


@require_POST
def item_act(request: HttpRequest, pk: UUID, do: str) -> HttpResponse:
    """Up, down, or out of the playlist."""
    row, person, now = _item(request, pk), person_of(request), clock.now()
    if do == "go":
        actions.remove(item=row, actor=person, now=now)
        messages.success(request, _("Đã gỡ tin khỏi danh sách."))
    elif do in ("len", "xuong"):
        actions.move(item=row, up=do == "len", actor=person, now=now)
    else:
        raise Http404
    return redirect("board:layout", pk=row.region.layout_id)


@require_form
def board(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a board shows at a moment, and why; POST gives it a layout."""
    person, now = person_of(request), clock.now()
    device = _board(request, pk)
    may_shape = may(person, Right.DEVICES, device.place_id)
    glass = queries.glass(device)
    known = {"shape": glass.shape, "layout": glass.layout_id}
    form = forms.GlassForm(queries.fitting(device, now), request.POST or None, initial=known)
    if request.method == "POST":
        if not may_shape:
            raise PermissionDenied
        if form.is_valid():
            actions.hang(device=device, **form.cleaned_data, actor=person, now=now)
            messages.success(request, _("Đã lưu. Bảng đang kết nối nhận ngay."))
            return redirect("board:board", pk=pk)
    at, moment = _moment(request, now)
    layout = queries.layout_of(device, now)
    parts, told_at = queries.tallied(queries.explained(layout, at) if layout else [], [device], now)
    context = {
        "device": device,
        "layout": layout,
        "own": glass.layout_id is not None and layout is not None and glass.layout_id == layout.pk,
        "parts": parts,
        "told_at": told_at,
        "staged": staging.staged(layout, at if moment.is_bound else None) if layout else None,
        "form": form,
        "moment": moment,
        "at": at,
        "may_shape": may_shape,
        "sees_layout": layout is not None and queries.layouts_of(person).filter(pk=layout.pk).exists(),
    }
    return render(request, "board/board.html", context, status=422 if form.errors else 200)


def _moment(request: HttpRequest, now: datetime) -> tuple[datetime, forms.MomentForm]:
    """The moment asked for; now, if none was or it is none."""
    asked = forms.MomentForm(request.GET if "luc" in request.GET else None, initial={"luc": now})
    if asked.is_bound and asked.is_valid():
        found: datetime = asked.cleaned_data["luc"]
        return found, asked
    return now, asked


def _layout(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> Layout:
    return get_object_or_404(queries.layouts_of(person_of(request), right), pk=pk)


def _item(request: HttpRequest, pk: UUID) -> Item:
    return get_object_or_404(queries.items_of(person_of(request)), pk=pk)


def _board(request: HttpRequest, pk: UUID) -> Device:
    found = queries.device_of(person_of(request), pk)
    if found is None:
        raise Http404
    return found


def _full(layout: Layout) -> frozenset[UUID]:
    return frozenset(layout.regions.filter(items__isnull=False).values_list("pk", flat=True))


def _current(row: Item, now: datetime) -> Current:
    source = SOURCES.get(row.source)
    return (source.current([row.subject], now) if source else {}).get(row.subject, Current(""))


def _item_page(request: HttpRequest, form: forms.ItemForm, region: Region, row: Item | None) -> HttpResponse:
    context = {"form": form, "region": region, "layout": region.layout, "item": row}
    return render(request, "board/item.html", context, status=422 if form.errors else 200)
