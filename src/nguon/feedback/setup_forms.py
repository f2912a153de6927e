"""What is filled in to set the desk up. One form for each kind of thing."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.devices.queries import place_labels
from nguon.feedback import setting_up, setup
from nguon.feedback.desk_forms import Line, OfficeField, Words
from nguon.feedback.models import DayOff, Field, Route, Severity, Source, Step, Template, Term, Unit
from nguon.feedback.rules import State
from nguon.kit import clock
from nguon.kit.text import fold
from nguon.people.models import Office, Person
from nguon.places.models import Place
from nguon.places.queries import in_force

STATES = [
    (State.ANSWERED, _("Trả lời")),
    (State.ASKED, _("Hỏi thêm người gửi")),
    (State.REFUSED, _("Không tiếp nhận")),
    (State.PASSED_ON, _("Chuyển cơ quan ngoài hệ thống")),
    (State.DIVERTED, _("Hướng dẫn khiếu nại, tố cáo")),
]
NEEDED = "*"


class SetupForm(forms.Form):
    """A thing of a place, or of everywhere where the person may set that up."""

    everywhere = True  # whether there may be one of everywhere at all
    place = forms.ChoiceField(label=_("Dùng cho"), required=False)

    def __init__(self, person: Person, row: Any = None, data: Any = None) -> None:
        super().__init__(data, initial=self.initial_of(row) if row is not None else None)
        self.person, self.row = person, row
        place, on = self.fields["place"], clock.today()
        assert isinstance(place, forms.ChoiceField)
        mine = in_force(on).filter(pk__in=setting_up.reach(person))
        named = [(str(pk), name) for pk, name in place_labels(mine, on)]
        first = [("", gettext("Mọi nơi"))] if self.everywhere and setting_up.may(person, None) else []
        place.choices = [*first, *named]
        place.required = not first
        if "field" in self.fields:
            self.fields["field"].queryset = Field.objects.filter(active=True)  # type: ignore[attr-defined]

    def initial_of(self, row: Any) -> dict[str, Any]:
        """What the form shows of a row."""
        found = {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}
        return found | {"place": str(row.place_id or ""), "field": getattr(row, "field_id", None)}

    def clean_place(self) -> Place | None:
        said = self.cleaned_data["place"]
        return Place.objects.get(pk=UUID(said)) if said else None

    def values(self) -> dict[str, Any]:
        """What the action keeps."""
        return dict(self.cleaned_data)


class FieldForm(SetupForm):
    name = Line(label=_("Tên lĩnh vực"), max_length=120)
    key = forms.SlugField(
        label=_("Khóa"),
        max_length=40,
        required=False,
        help_text=_("Chữ không dấu, ví dụ: rac-thai. Đặt rồi không đổi."),
    )
    hint = Line(label=_("Gợi ý cho người dân"), max_length=300, required=False)
    words = Words(
        label=_("Từ nhận ra"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cách nhau bằng dấu phẩy. Hệ thống gợi ý lĩnh vực này khi gặp các từ ấy; cán bộ quyết định."),
    )
    questions = Words(
        label=_("Hỏi thêm người gửi"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một câu. Thêm * nếu bắt buộc. Có lựa chọn thì ghi: Bao lâu rồi?: Hôm nay | Nhiều ngày"),
    )
    radius_m = forms.IntegerField(
        label=_("Bán kính coi là cùng một việc (mét)"), min_value=10, max_value=5000, initial=150
    )
    number = forms.IntegerField(label=_("Thứ tự"), min_value=0, max_value=999, initial=0)
    open = forms.BooleanField(
        label=_("Phản ánh lĩnh vực này được công khai sau khi kiểm duyệt"), required=False, initial=True
    )
    active = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)

    def initial_of(self, row: Field) -> dict[str, Any]:
        asked = "\n".join(_question_line(one) for one in row.questions)
        return super().initial_of(row) | {"words": ", ".join(row.words), "questions": asked}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("key") and data.get("name"):
            data["key"] = slug(data["name"])[:40]
        data["words"] = [word for part in data.get("words", "").split(",") if (word := " ".join(part.split()))]
        data["questions"] = [_question(line) for line in data.get("questions", "").splitlines() if line.strip()]
        return data


class RouteForm(SetupForm):
    everywhere = False
    name = Line(label=_("Tên quy tắc"), max_length=120)
    fields_ = forms.ModelMultipleChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    sources = forms.MultipleChoiceField(
        label=_("Gửi qua"), choices=Source.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    severities = forms.MultipleChoiceField(
        label=_("Mức độ"), choices=Severity.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = Line(
        label=_("Có một trong các từ"), max_length=400, required=False, help_text=_("Cách nhau bằng dấu phẩy.")
    )
    devices = forms.BooleanField(label=_("Chỉ phản ánh gửi từ mã QR ở cụm loa, bảng tin"), required=False)
    office = OfficeField(label=_("Giao cho"), queryset=Office.objects.none(), empty_label=_("Chọn cơ quan"))
    severity = forms.ChoiceField(
        label=_("Đặt mức độ"), choices=[("", _("Giữ nguyên")), *Severity.choices], required=False
    )
    active = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)

    def __init__(self, person: Person, row: Any = None, data: Any = None) -> None:
        super().__init__(person, row, data)
        office, chosen = self.fields["office"], self.fields["fields_"]
        assert isinstance(office, forms.ModelChoiceField)
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        office.queryset = setup.offices(person)
        chosen.queryset = Field.objects.filter(active=True)

    def initial_of(self, row: Route) -> dict[str, Any]:
        when = row.when
        chosen = {
            "fields_": Field.objects.filter(key__in=when.get("fields", [])),
            "sources": when.get("sources", []),
            "severities": when.get("severities", []),
            "words": ", ".join(when.get("words", [])),
            "devices": when.get("devices") is True,
            "office": row.office_id,
        }
        return super().initial_of(row) | chosen

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        words = [word for part in data["words"].split(",") if (word := " ".join(part.split()))]
        when: dict[str, Any] = {
            "fields": [one.key for one in data["fields_"]],
            "sources": data["sources"],
            "severities": data["severities"],
            "words": words,
        }
        when = {key: value for key, value in when.items() if value}
        if data["devices"]:
            when["devices"] = True
        kept = self.row.when.get("places") if self.row is not None else None
        if kept:
            when["places"] = kept
        rest = {name: data[name] for name in ("place", "name", "office", "severity", "active")}
        return rest | {"when": when}


class TermForm(SetupForm):
    step = forms.ChoiceField(label=_("Việc"), choices=Step.choices)
    amount = forms.IntegerField(label=_("Thời hạn"), min_value=1, max_value=365)
    unit = forms.ChoiceField(label=_("Đơn vị"), choices=Unit.choices)
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.none(), required=False, empty_label=_("Mọi lĩnh vực")
    )
    severity = forms.ChoiceField(label=_("Mức độ"), choices=[("", _("Mọi mức độ")), *Severity.choices], required=False)
    basis = Line(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản, điều khoản; hoặc quy định của đơn vị."))
    verified = forms.BooleanField(label=_("Đã đọc trong chính văn bản"), required=False)
    valid_from = forms.DateField(
        label=_("Tính từ ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DayOffForm(SetupForm):
    day = forms.DateField(label=_("Ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    works = forms.ChoiceField(label=_("Ngày này"), choices=[("", _("Nghỉ")), ("1", _("Làm bù"))], required=False)
    why = Line(label=_("Lý do"), max_length=200)

    def values(self) -> dict[str, Any]:
        return super().values() | {"works": bool(self.cleaned_data["works"])}


class TemplateForm(SetupForm):
    title = Line(label=_("Tên mẫu"), max_length=120)
    state = forms.ChoiceField(label=_("Dùng khi"), choices=STATES)
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.none(), required=False, empty_label=_("Mọi lĩnh vực")
    )
    text = Words(
        label=_("Nội dung mẫu"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Các chỗ tự điền: {ten} người gửi, {ma} mã phản ánh, {noi_dung} nội dung, {don_vi} cơ quan trả lời."
        ),
    )
    active = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)


FORMS: dict[type, type[SetupForm]] = {
    Field: FieldForm,
    Route: RouteForm,
    Term: TermForm,
    DayOff: DayOffForm,
    Template: TemplateForm,
}


def slug(words: str) -> str:
    """A key of words: `Rác thải` becomes `rac-thai`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")


def _question(line: str) -> dict[str, Any]:
    label, _colon, rest = line.strip().partition(":")
    choices = [words for part in rest.split("|") if (words := part.strip())]
    needed = label.rstrip().endswith(NEEDED)
    label = label.rstrip().rstrip(NEEDED).rstrip()
    kind = {"kind": "choice", "choices": choices} if choices else {"kind": "text", "choices": []}
    return {"key": slug(label)[:40], "label": label, "needed": needed, **kind}


def _question_line(one: dict[str, Any]) -> str:
    label = f"{one['label']}{NEEDED if one.get('needed') else ''}"
    return f"{label}: {' | '.join(one['choices'])}" if one.get("choices") else label
