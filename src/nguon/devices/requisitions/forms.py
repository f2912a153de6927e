"""What officers type about a requisition, and what an owner complains of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.devices.forms import Line
from nguon.devices.requisitions.actions import LONGEST, Terms
from nguon.devices.requisitions.rules import Area
from nguon.kit import text


def _percent(label: Any, initial: int, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=100, initial=initial)


class TermsForm(forms.Form):
    """The terms of a requisition."""

    owner = Line(label=_("Chủ bảng"), max_length=200, help_text=_("Ví dụ: Công ty TNHH Quảng cáo Tuy Phước."))
    contact = Line(label=_("Điện thoại, thư điện tử"), max_length=200, required=False)
    basis = Line(
        label=_("Căn cứ"), max_length=300, help_text=_("Số, ngày của văn bản huy động, trưng dụng hoặc thỏa thuận.")
    )
    first_day = forms.DateField(label=_("Từ ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Đến hết ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(label=_("Từ giờ"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Đến giờ"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    left = _percent(_("Lề trái (%)"), 0, 0)
    top = _percent(_("Lề trên (%)"), 0, 0)
    width = _percent(_("Chiều rộng (%)"), 100, 1)
    height = _percent(_("Chiều cao (%)"), 100, 1)

    def terms(self) -> Terms:
        """As the action takes them."""
        data = self.cleaned_data
        return Terms(
            owner=data["owner"],
            contact=data["contact"],
            basis=data["basis"],
            first_day=data["first_day"],
            last_day=data["last_day"],
            hours=((data["begins"], data["ends"]),),
            area=Area(data["left"], data["top"], data["width"], data["height"]),
        )


class BreachForm(forms.Form):
    """What an owner saw."""

    words = forms.CharField(
        label=_("Điều đã xảy ra"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Thấy gì, lúc nào, ở phần nào của màn hình."),
    )

    def clean_words(self) -> str:
        """Cleaned at the door."""
        return text.clean(str(self.cleaned_data["words"]))
