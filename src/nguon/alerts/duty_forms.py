"""What an officer writes of somebody on duty."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nguon.alerts.duty_actions import Turn
from nguon.alerts.models import Duty
from nguon.places.models import Place
from nguon.ports.notice import telephone

DAYS = (
    (0, _("Thứ hai")),
    (1, _("Thứ ba")),
    (2, _("Thứ tư")),
    (3, _("Thứ năm")),
    (4, _("Thứ sáu")),
    (5, _("Thứ bảy")),
    (6, _("Chủ nhật")),
)


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _hour() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DutyForm(forms.Form):
    """Who, by which number, and when."""

    place = PlaceField(Place.objects.none(), label=_("Địa bàn"), empty_label=None)
    name = forms.CharField(label=_("Họ và tên"), max_length=120)
    position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False, help_text=_("Ví dụ: Trưởng thôn."))
    phone = forms.CharField(
        label=_("Điện thoại"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Địa chỉ thư không đúng. Ví dụ: truc@xaphuocthuan.gov.vn")},
    )
    order = forms.IntegerField(
        label=_("Thứ tự gọi"), min_value=1, max_value=99, initial=1, help_text=_("Số 1 gọi trước tiên.")
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Những ngày trong tuần"),
        choices=DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn ngày nào là trực mọi ngày."),
    )
    begins = forms.TimeField(label=_("Từ giờ"), required=False, widget=_hour())
    ends = forms.TimeField(label=_("Đến giờ"), required=False, widget=_hour())
    valid_from = forms.DateField(label=_("Từ ngày"), required=False, widget=_day())
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=_day())

    def __init__(self, places: "QuerySet[Place]", data: Any = None, *, duty: Duty | None = None, **given: Any) -> None:
        super().__init__(data, initial=_initial(duty) if duty else None, **given)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = places
        if duty is not None:
            del self.fields["place"]

    def clean_phone(self) -> str:
        written: str = self.cleaned_data["phone"]
        if not written.strip():
            return ""
        try:
            return telephone(written)
        except ValueError:
            raise forms.ValidationError(_("Số điện thoại chỉ gồm chữ số, có thể bắt đầu bằng dấu +.")) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not {"phone", "email"} & set(self.errors) and not data.get("phone") and not data.get("email"):
            self.add_error("phone", _("Hãy ghi số điện thoại hoặc địa chỉ thư điện tử để báo được cho người trực."))
        if not {"begins", "ends"} & set(self.errors) and (data.get("begins") is None) != (data.get("ends") is None):
            self.add_error("ends", _("Ghi cả giờ bắt đầu và giờ kết thúc."))
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày cuối phải sau ngày đầu."))
        return data

    def turn(self) -> Turn:
        """What was written."""
        data = self.cleaned_data
        kept = ("name", "position", "phone", "email", "order", "valid_from", "valid_to", "begins", "ends")
        return Turn(days=tuple(data["days"]), **{name: data[name] for name in kept})


def _initial(duty: Duty) -> dict[str, Any]:
    kept = ("name", "position", "phone", "email", "order", "days", "valid_from", "valid_to", "begins", "ends")
    return {name: getattr(duty, name) for name in kept}
