"""Reading the pages of the territory."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nguon.kit.text import clean


class DayForm(forms.Form):
    """Which day's tree, and a search in it."""

    day = forms.DateField(
        label=_("Xem địa bàn vào ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(label=_("Tìm tên"), required=False, max_length=60)

    def day_or(self, today: date) -> date:
        """The day asked for; today if none or not a day."""
        self.full_clean()
        day: date | None = self.cleaned_data.get("day")
        return day or today


class NameForm(forms.Form):
    """How a place is written."""

    kind = forms.CharField(
        label=_("Loại"), max_length=40, help_text=_("Viết thường: xã, phường, thị trấn, thôn, khu phố…")
    )
    name = forms.CharField(label=_("Tên"), max_length=120, help_text=_("Không kèm loại, ví dụ: Phước Thuận"))

    def clean_name(self) -> str:
        return _filled(self.cleaned_data["name"])

    def clean_kind(self) -> str:
        return _filled(self.cleaned_data["kind"])


def _filled(typed: str) -> str:
    found = clean(typed)
    if not found:
        raise ValidationError(_("Hãy điền mục này."))
    return found
