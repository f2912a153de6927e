"""Reading the list of the desk: its filters, and what is done to several cases at once."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nguon.devices.queries import place_labels
from nguon.feedback import desk
from nguon.feedback.desk import Search, Tab
from nguon.feedback.models import CaseState, Field, Severity, Source
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.people.models import Office, Person
from nguon.people.queries import places_with
from nguon.people.rules import Right

AnyChoice = forms.ChoiceField | forms.TypedChoiceField


class Words(forms.CharField):
    """Several lines, cleaned at the door."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean(str(super().to_python(value) or ""))


class Line(forms.CharField):
    """One line, cleaned at the door."""

    def to_python(self, value: Any) -> str:
        return " ".join(clean(str(super().to_python(value) or "")).split())


def fields() -> list[tuple[str, str]]:
    """The fields in use, by their order."""
    return [(str(one.pk), one.name) for one in Field.objects.filter(active=True)]


def places(person: Person, first: str) -> list[tuple[str, str]]:
    """The places where the person works on cases, those below set in."""
    on = clock.today()
    return [("", first), *((str(pk), name) for pk, name in place_labels(places_with(person, Right.CASES, on), on))]


class OfficeField(forms.ModelChoiceField[Office]):
    """One office, with its place where the name does not say it."""

    def label_from_instance(self, obj: Office) -> str:
        return obj.name if obj.place.name in obj.name else f"{obj.name} ({obj.place})"


class FilterForm(forms.Form):
    """The filters above the list. Nonsense in the address is no filter."""

    q = Line(label=_("Tìm chữ hoặc mã"), required=False, max_length=100)
    field = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    place = forms.ChoiceField(label=_("Địa bàn"), required=False)
    state = forms.ChoiceField(
        label=_("Trạng thái"), required=False, choices=[("", _("Mọi trạng thái")), *CaseState.choices]
    )
    source = forms.ChoiceField(label=_("Gửi qua"), required=False, choices=[("", _("Mọi đường")), *Source.choices])
    late = forms.BooleanField(label=_("Chỉ việc trễ hạn"), required=False)

    def __init__(self, person: Person, given: QueryDict) -> None:
        super().__init__(given)
        field, place = self.fields["field"], self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(place, forms.ChoiceField)
        field.choices = [("", str(_("Mọi lĩnh vực"))), *fields()]
        place.choices = places(person, str(_("Mọi nơi")))

    def tab(self) -> Tab:
        """The tab that is asked for; what is open if it is none."""
        asked = self.data.get("muc", "")
        return Tab(asked) if asked in [*Tab] else Tab.OPEN

    def search(self) -> Search:
        """What is asked for."""
        self.is_valid()
        data = self.cleaned_data
        return Search(
            words=data.get("q", ""),
            field=_uuid(data.get("field")),
            place=_uuid(data.get("place")),
            state=data.get("state", ""),
            source=data.get("source", ""),
            late=bool(data.get("late")),
        )


class BulkForm(forms.Form):
    """What is done to the cases that were ticked: given to an office, or sorted into a field."""

    do = forms.ChoiceField(choices=[("assign", ""), ("sort", "")])
    case = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": _("Hãy đánh dấu ít nhất một phản ánh.")}
    )
    office = OfficeField(
        label=_("Giao cho"), queryset=Office.objects.none(), required=False, empty_label=_("Chọn cơ quan")
    )
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"),
        queryset=Field.objects.filter(active=True),
        required=False,
        empty_label=_("Chọn lĩnh vực"),
    )
    severity = forms.ChoiceField(label=_("Mức độ"), choices=Severity.choices, required=False, initial=Severity.ORDINARY)

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        office, cases = self.fields["office"], self.fields["case"]
        assert isinstance(office, forms.ModelChoiceField)
        assert isinstance(cases, forms.TypedMultipleChoiceField)
        office.queryset = desk.offices(person, clock.now())
        if data is not None:
            cases.choices = [(each, each) for each in data.getlist("case") if _uuid(each)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("do") == "assign" and not data.get("office"):
            self.add_error("office", _("Hãy chọn cơ quan để giao."))
        if data.get("do") == "sort" and not data.get("field"):
            self.add_error("field", _("Hãy chọn lĩnh vực."))
        return data

    def told(self) -> str:
        """All that is wrong, in one line."""
        return " ".join(str(words) for wrong in self.errors.values() for words in wrong)


def _uuid(said: str | None) -> UUID | None:
    try:
        return UUID(said or "")
    except ValueError:
        return None
