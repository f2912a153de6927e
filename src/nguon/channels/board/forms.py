"""What officers type about layouts of boards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.channels.board.actions import Playing, Wanted
from nguon.channels.board.layouts import TEMPLATES, Box
from nguon.channels.board.models import Item, Layout, Region, RegionKind, Shape
from nguon.channels.board.scene import MOST_LINES, MOST_REGIONS, Kind
from nguon.channels.board.sources import SOURCES, Current
from nguon.channels.board.telling import WEEKDAYS
from nguon.devices import queries as devices
from nguon.devices.forms import Line
from nguon.kit import clock, text
from nguon.people.models import Person
from nguon.places.models import Place

PRIORITIES = ((0, _("Thường")), (3, _("Ưu tiên")), (6, _("Rất ưu tiên")))
LONGEST_SECONDS = 3_600
SIZES = ("left", "top", "width", "height")


def _percent(label: Any, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=100, required=False)


class NewForm(forms.Form):
    """A layout to begin with."""

    name = Line(label=_("Tên bố cục"), max_length=120, help_text=_("Ví dụ: Ti vi nhà văn hóa thôn."))
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Địa bàn"), help_text=_("Bảng của địa bàn này và bên dưới dùng được bố cục.")
    )
    template = forms.ChoiceField(label=_("Bắt đầu từ mẫu"), widget=forms.RadioSelect, initial="day-du")

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = clock.today()
        places = devices.manageable_places(person, on)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        field.choices = [("", _("Chọn địa bàn")), *devices.place_labels(places, on)]
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)
        template.choices = [(name, gettext(one.label)) for name, one in TEMPLATES.items()]


class LayoutForm(forms.Form):
    """What a layout is called, and for which screens it is."""

    name = Line(label=_("Tên bố cục"), max_length=120)
    shape = forms.ChoiceField(label=_("Kiểu màn hình"), choices=Shape.choices)
    usual = forms.BooleanField(
        label=_("Dùng chung cho mọi bảng kiểu này của địa bàn"),
        required=False,
        help_text=_("Bảng nào đã chọn bố cục riêng thì vẫn giữ bố cục riêng."),
    )


class RegionForm(forms.Form):
    """One region. Without a kind it is an empty row of the page."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Vùng"), choices=[("", _("Không có")), *RegionKind.choices], required=False)
    left = _percent(_("Lề trái"), 0)
    top = _percent(_("Lề trên"), 0)
    width = _percent(_("Chiều rộng"), 1)
    height = _percent(_("Chiều cao"), 1)
    lines = forms.CharField(
        label=_("Dòng chữ"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mỗi dòng một câu, nhiều nhất bốn dòng. Chỉ cho vùng tên đơn vị."),
    )

    def clean(self) -> dict[str, Any]:
        """A region has its sizes; an empty row needs none."""
        data = super().clean() or {}
        for name in SIZES if data.get("kind") else ():
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, gettext("Hãy ghi số phần trăm."))
        return data

    def clean_lines(self) -> str:
        """Cleaned at the door."""
        return "\n".join(text.clean(str(self.cleaned_data["lines"])).split("\n")[:MOST_LINES])

    def wanted(self, full: frozenset[UUID]) -> Wanted | None:
        """As the action takes it; None for an empty row. `full`: the regions that have something in their playlist."""
        data = self.cleaned_data
        if not data["kind"]:
            return None
        kind, pk = Kind(data["kind"]), data["pk"]
        filled = bool(data["lines"].strip()) if kind is Kind.LOGO else pk in full
        box = Box(kind, data["left"], data["top"], data["width"], data["height"], filled)
        return Wanted(pk, box, data["lines"] if kind is Kind.LOGO else "")


Regions = forms.formset_factory(RegionForm, extra=0, max_num=MOST_REGIONS, absolute_max=MOST_REGIONS)
NEW = {"kind": "", "left": 0, "top": 0, "width": 25, "height": 25}


def rows_of(layout: Layout) -> list[dict[str, Any]]:
    """A layout as the rows of its page: its regions, and one empty row more."""
    rows = [_row(region) for region in layout.regions.order_by("number")]
    return [*rows, NEW][:MOST_REGIONS]


def _row(region: Region) -> dict[str, Any]:
    fields = ("pk", "kind", "left", "top", "width", "height", "lines")
    return {name: getattr(region, name) for name in fields}


def _date(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class ItemForm(forms.Form):
    """Something in a playlist, and when it shows."""

    what = forms.ChoiceField(label=_("Tin"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Ngày trong tuần"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn ngày nào là hiện mọi ngày."),
    )
    begins = _time(_("Từ giờ"))
    ends = _time(_("Đến giờ"))
    first_day = _date(_("Từ ngày"))
    last_day = _date(_("Đến hết ngày"))
    priority = forms.TypedChoiceField(
        label=_("Mức ưu tiên"),
        coerce=int,
        choices=PRIORITIES,
        initial=0,
        help_text=_("Khi có tin ưu tiên hơn đang trong giờ hiện, các tin khác của vùng tạm nhường chỗ."),
    )
    seconds = forms.IntegerField(
        label=_("Hiện trong (giây)"),
        required=False,
        min_value=3,
        max_value=LONGEST_SECONDS,
        help_text=_("Để trống: vừa đủ để đọc thong thả một lượt."),
    )

    def __init__(self, person: Person, now: datetime, *args: Any, kept: tuple[Item, Current] | None = None) -> None:
        super().__init__(*args)
        choices = [
            (f"{name}:{subject.hex}", title)
            for name, source in SOURCES.items()
            for subject, title in source.offered(person, now)
        ]
        if kept is not None:
            item, current = kept
            own = f"{item.source}:{item.subject.hex}"
            if own not in dict(choices):
                choices.insert(0, (own, current.title or own))
            self.initial = _initial(item)
        what, weekdays = self.fields["what"], self.fields["weekdays"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(weekdays, forms.ChoiceField)
        what.choices = [("", _("Chọn tin đã duyệt")), *choices]
        weekdays.choices = [(number, gettext(name)) for number, name in enumerate(WEEKDAYS)]
        self.offers = bool(choices)

    def playing(self) -> Playing:
        """As the action takes it."""
        data = self.cleaned_data
        source, _colon, subject = data["what"].partition(":")
        times = ("begins", "ends", "first_day", "last_day", "priority", "seconds")
        more = {name: data[name] for name in times}
        return Playing(source=source, subject=UUID(subject), weekdays=tuple(data["weekdays"]), **more)


def _initial(item: Item) -> dict[str, Any]:
    fields = ("weekdays", "begins", "ends", "first_day", "last_day", "priority", "seconds")
    return {"what": f"{item.source}:{item.subject.hex}", **{name: getattr(item, name) for name in fields}}


class GlassForm(forms.Form):
    """Which layout a board has."""

    shape = forms.ChoiceField(label=_("Kiểu màn hình"), choices=Shape.choices)
    layout = forms.ModelChoiceField(
        Layout.objects.none(),
        label=_("Bố cục"),
        required=False,
        empty_label=_("Bố cục dùng chung của địa bàn"),
    )

    def __init__(self, fitting: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["layout"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = fitting


class MomentForm(forms.Form):
    """The moment an explanation is about, by the clock on the wall in Vietnam."""

    luc = forms.DateTimeField(
        label=_("Vào lúc"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
