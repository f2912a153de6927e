"""What is filled in for a timetable and for a feed."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.channels.board.feeds import looking, pasted, picking, queries, timetable, words
from nguon.channels.board.feeds.models import Edition, Kind
from nguon.channels.board.feeds.picking import Offer, Taken
from nguon.channels.board.feeds.rules import EVERY, OLDEST, Feed, Pick, Timetable, usual_oldest
from nguon.channels.board.feeds.timetable import BadTable
from nguon.kit import clock
from nguon.kit.text import line
from nguon.people.models import Person
from nguon.places.models import Place

TITLE = 120  # letters
SHAPES = {Kind.WEATHER: "values", Kind.PRICES: "rows", Kind.TITLES: "titles"}
HOURS = ("time", "updated", "ngay", "gio", "date", "luc")


@dataclass(frozen=True)
class Slot:
    """One value that is usual: how it is called, by which words it is found, what is said after it."""

    name: Any
    marks: tuple[str, ...] = ()
    unit: str = ""
    must: bool = False


USUAL: dict[str, tuple[Slot, ...]] = {
    Kind.WEATHER: (
        Slot(gettext_lazy("Trời"), ("sky", "troi", "mo_ta", "condition", "description")),
        Slot(gettext_lazy("Nhiệt độ"), ("temp", "nhiet"), "°C"),
        Slot(gettext_lazy("Mưa"), ("rain", "precip", "mua"), "mm"),
        Slot(gettext_lazy("Gió"), ("wind", "gio"), "km/h"),
        Slot(gettext_lazy("Độ ẩm"), ("humid", "do_am"), "%"),
    ),
    Kind.PRICES: (
        Slot(gettext_lazy("Mặt hàng"), ("mat_hang", "mat hang", "ten", "item", "name", "hang"), must=True),
        Slot(gettext_lazy("Đơn vị"), ("don_vi", "don vi", "dvt", "unit")),
        Slot(gettext_lazy("Giá"), ("gia", "price", "ban"), must=True),
        Slot(gettext_lazy("Tăng, giảm"), ("thay_doi", "tang", "chenh", "change", "delta")),
    ),
    Kind.TITLES: (),
}
CHANGE = 3  # the slot of prices that is told as more or less


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class SourceForm(forms.Form):
    """What every source has."""

    title = forms.CharField(
        label=gettext_lazy("Tên trên bảng"), max_length=TITLE, help_text=gettext_lazy("Dòng chữ lớn nhất trên bảng.")
    )
    place = PlaceField(Place.objects.none(), label=gettext_lazy("Của đơn vị"), empty_label=None)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = queries.places(person)  # type: ignore[attr-defined]
        self.fields["place"].initial = queries.own_place(person)

    def clean_title(self) -> str:
        """On one line."""
        said = line(self.cleaned_data["title"])
        if not said:
            raise forms.ValidationError(_("Hãy đặt tên để người xem biết đây là gì."))
        return said


class TimetableForm(SourceForm):
    """A table as it is pasted, or a file of one."""

    cells = forms.CharField(
        label=gettext_lazy("Nội dung bảng"),
        required=False,
        strip=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
        help_text=gettext_lazy("Chép các ô trong Excel rồi dán vào đây. Nhiều nhất 6 cột, 200 dòng."),
    )
    file = forms.FileField(
        label=gettext_lazy("Hoặc tệp CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy("Tệp thay cho bảng đã dán ở trên."),
        error_messages={"empty": gettext_lazy("Tệp trống. Hãy chọn tệp khác.")},
    )
    named = forms.BooleanField(label=gettext_lazy("Dòng đầu là tên cột"), required=False, initial=True)
    day = forms.BooleanField(
        label=gettext_lazy("Cột đầu là ngày"),
        required=False,
        help_text=gettext_lazy("Qua ngày thì dòng tự mất. Viết như 27/11/2026, 27/11 hoặc 25/11 – 27/11."),
    )
    hour = forms.BooleanField(
        label=gettext_lazy("Có cột giờ"),
        required=False,
        help_text=gettext_lazy("Cột đầu, hoặc cột ngay sau cột ngày. Chuyến, giờ còn tới trong hôm nay hiện trước."),
    )
    table: Timetable

    def clean(self) -> dict[str, Any]:
        """The table itself, in `self.table`."""
        data = super().clean() or self.cleaned_data
        where = "file" if data.get("file") else "cells"
        try:
            text = pasted.text_of(data["file"].read()) if data.get("file") else data.get("cells", "")
            rows = pasted.squared(pasted.cells_of(text))
        except pasted.CannotRead as error:
            self.add_error(where, words.unread(error.why))
            return data
        head = rows.pop(0) if data.get("named") and rows else []
        made = Timetable(tuple(head), tuple(map(tuple, rows)), bool(data.get("day")), bool(data.get("hour")))
        try:
            self.table = timetable.checked(made, clock.today())
        except BadTable as error:
            self.add_error(where, words.bad_table(error))
        return data


def typed(edition: Edition, terms: Timetable) -> dict[str, Any]:
    """A timetable as its form shows it again."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(
        [*([terms.head] if terms.head else []), *terms.rows]
    )
    told = {"title": edition.title, "place": edition.source.place_id, "cells": text.getvalue()}
    return {**told, "named": bool(terms.head), "day": terms.day, "hour": terms.hour}


@dataclass(frozen=True)
class Found:
    """What was found at an address: single values, and lists of things; nothing if it was not asked."""

    form: str = ""
    data: Any = None
    offers: tuple[Offer, ...] = ()  # of these the values are chosen
    lists: tuple[str, ...] = ()
    tops: tuple[Offer, ...] = ()  # of these the hour
    rows: str = ""  # the list whose things have these values

    @staticmethod
    def of(form: str, data: Any, kind: str, rows: str | None) -> "Found":
        """For a kind of source; of a list (`rows`, or the first one) the values of one thing of it."""
        lists, tops = tuple(picking.lists(data)), tuple(picking.leaves(data))
        if SHAPES[Kind(kind)] != "rows":
            return Found(form, data, tops, lists, tops)
        where = rows if rows in lists else lists[0] if lists else None
        things = picking.at(data, where) if where is not None else []
        return Found(form, data, tuple(picking.leaves(things[0] if things else {})), lists, tops, where or "")


_RHYTHMS = (5, 10, 15, 30, 60, 180, 360, 720, 1440)  # minutes
_AGES = (60, 180, 360, 720, 1440, 2880, 4320, OLDEST[1])


class FeedForm(SourceForm):
    """A feed: where it is, how often, and which of what came is shown."""

    address = forms.CharField(
        label=gettext_lazy("Địa chỉ lấy số liệu"),
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy(
            "Địa chỉ https của tệp JSON, CSV, RSS hoặc Atom. Đơn vị cung cấp số liệu cho địa chỉ này."
        ),
    )
    credit = forms.CharField(
        label=gettext_lazy("Số liệu của ai"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Hiện ở chân bảng, ví dụ: Đài Khí tượng thủy văn tỉnh."),
    )
    every = forms.TypedChoiceField(label=gettext_lazy("Lấy lại sau mỗi"), coerce=int, initial=30)
    oldest = forms.TypedChoiceField(
        label=gettext_lazy("Mất nguồn thì giữ số liệu cũ"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=gettext_lazy("Quá thời gian này bảng không hiện nữa, để số liệu cũ không bị coi là của hôm nay."),
    )

    def __init__(self, person: Person, kind: str, data: Any = None, found: Found | None = None, **kwargs: Any) -> None:
        super().__init__(person, data, **kwargs)
        self.kind, self.found = Kind(kind), found or Found()
        self.fields["every"].choices = [(one, words.span(one)) for one in _RHYTHMS]  # type: ignore[attr-defined]
        usual = [("", _("Ba lần lấy, ít nhất 1 giờ"))]
        self.fields["oldest"].choices = usual + [(one, words.span(one)) for one in _AGES]  # type: ignore[attr-defined]
        for at, slot in enumerate(USUAL[self.kind]):
            self._slot(at, slot)
        if SHAPES[self.kind] == "rows":
            lists = [(one, one or _("cả tệp")) for one in self.found.lists]
            self.fields["rows"] = self._choice("rows", _("Danh sách"), lists)
        if SHAPES[self.kind] != "titles":
            hours = [("", _("Tính từ lúc lấy")), *_choices(self.found.tops)]
            self.fields["own_hour"] = self._choice("own_hour", _("Giờ của số liệu"), hours)

    def _slot(self, at: int, slot: Slot) -> None:
        values = [("", _("Không hiện")), *_choices(self.found.offers)]
        self.fields[f"name_{at}"] = forms.CharField(label=_("Tên"), max_length=40, required=False, initial=slot.name)
        self.fields[f"path_{at}"] = self._choice(f"path_{at}", _("Giá trị"), values)
        self.fields[f"unit_{at}"] = forms.CharField(
            label=_("Đơn vị đo"), max_length=12, required=False, initial=slot.unit
        )

    def _choice(self, name: str, label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
        """A choice of what was found; what was chosen before stays, found or not."""
        said = self.data.get(name, "") if self.is_bound else self.initial.get(name, "")
        extra = [(said, said)] if said and said not in dict(choices) and len(said) <= 300 else []
        return forms.ChoiceField(label=label, choices=[*choices, *extra], required=False)

    def slots(self) -> list[dict[str, Any]]:
        """The fields of each value, together."""
        names = ("name", "path", "unit")
        return [{one: self[f"{one}_{at}"] for one in names} for at in range(len(USUAL[self.kind]))]

    def clean_address(self) -> str:
        """An address that may be asked."""
        address: str = self.cleaned_data["address"].strip()
        if not looking.acceptable(address):
            raise forms.ValidationError(_("Địa chỉ phải bắt đầu bằng https:// và không chứa mật khẩu."))
        return address

    def clean(self) -> dict[str, Any]:
        """A name for each value that is chosen, no two alike."""
        data = super().clean() or self.cleaned_data
        names: set[str] = set()
        for at, slot in enumerate(USUAL[self.kind]):
            name = line(data.get(f"name_{at}") or "")
            if not data.get(f"path_{at}"):
                if slot.must and self.found.offers:
                    self.add_error(f"path_{at}", _("Hãy chọn giá trị cho “%(name)s”.") % {"name": name or slot.name})
                continue
            if not name or name in names:
                self.add_error(f"name_{at}", _("Mỗi giá trị cần một tên riêng."))
            names.add(name)
        if SHAPES[self.kind] == "values" and not names and self.found.offers:
            self.add_error("path_0", _("Hãy chọn ít nhất một giá trị để hiện."))
        return data

    def feed(self) -> Feed:
        """The feed as filled in."""
        data = self.cleaned_data
        shape, every = SHAPES[self.kind], data["every"]
        picks = tuple(
            Pick(line(data[f"name_{at}"]), data[f"path_{at}"], line(data[f"unit_{at}"]), at)
            for at in range(len(USUAL[self.kind]))
            if data.get(f"path_{at}")
        )
        change = line(data[f"name_{CHANGE}"]) if shape == "rows" and data.get(f"path_{CHANGE}") else ""
        return Feed(
            shape=shape,
            address=data["address"],
            form=self.found.form,
            every=min(max(every, EVERY[0]), EVERY[1]),
            oldest=max(data["oldest"] or usual_oldest(every), every),
            picks=picks,
            rows=data.get("rows", ""),
            hour=data.get("own_hour", ""),
            credit=line(data["credit"]),
            change=change,
        )


def _choices(offers: tuple[Offer, ...]) -> list[tuple[str, str]]:
    return [(one.path, f"{one.path}: {one.sample}") for one in offers]


def filled(data: QueryDict, kind: str, found: Found) -> "QueryDict | MultiValueDict[str, str]":
    """What was sent, with the values that sound right where none was chosen yet."""
    slots = USUAL[Kind(kind)]
    if any(data.get(f"path_{at}") for at in range(len(slots))):
        return data
    made = data.copy()
    made["rows"] = found.rows
    for at, slot in enumerate(slots):
        made[f"path_{at}"] = picking.guessed(list(found.offers), slot.marks)
        made.setdefault(f"name_{at}", str(slot.name))  # before anything was had there were no such fields
        made.setdefault(f"unit_{at}", slot.unit)
    if slots and not data.get("own_hour"):
        hours = [one for one in found.tops if picking.moment(picking.at(found.data, one.path)) is not None]
        made["own_hour"] = picking.guessed(hours, HOURS)
    return made


def chosen(edition: Edition, feed: Feed) -> Mapping[str, Any]:
    """A feed as its form shows it again."""
    told: dict[str, Any] = {"title": edition.title, "place": edition.source.place_id, "address": feed.address}
    told |= {"credit": feed.credit, "every": feed.every, "rows": feed.rows, "own_hour": feed.hour}
    told["oldest"] = "" if feed.oldest == max(usual_oldest(feed.every), feed.every) else feed.oldest
    for one in feed.picks:
        told |= {f"name_{one.slot}": one.name, f"path_{one.slot}": one.path, f"unit_{one.slot}": one.unit}
    return told


def as_before(feed: Feed, before: Feed) -> Feed:
    """A feed that could not be had now, with the form it had when its values were chosen."""
    return msgspec.structs.replace(feed, form=before.form)


def sample_of(edition: Edition) -> Taken | None:
    """What a feed gave when an edition was written."""
    kept = edition.sample
    return Taken(tuple(kept["head"]), tuple(map(tuple, kept["rows"])), tuple(kept["lines"])) if kept else None
