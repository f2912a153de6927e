"""Reading what is filled in about personal data."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.feedback.looks import REASONS
from nguon.feedback.models import Lot
from nguon.kit import clock
from nguon.kit.text import clean

_WHY = [("", gettext_lazy("Chọn lý do")), *REASONS.items()]


class LookForm(forms.Form):
    """Why an officer wants to know."""

    why = forms.ChoiceField(
        label=gettext_lazy("Cần xem để làm gì"), choices=[("", gettext_lazy("Chọn lý do")), *REASONS.items()]
    )


class WordsForm(forms.Form):
    """An officer's words to whoever asked."""

    def __init__(self, label: Any, data: Any = None, longest: int = 2000, **more: Any) -> None:
        super().__init__(data, **more)
        words = forms.Textarea(attrs={"rows": 4})
        self.fields["words"] = forms.CharField(label=label, max_length=longest, widget=words)

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"])


class EraseForm(forms.Form):
    """What stays of the words of a case."""

    words = forms.CharField(
        label=gettext_lazy("Nội dung giữ lại"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Bỏ mọi chỗ cho biết người gửi là ai: tên, số điện thoại, số nhà, người thân. Để trống cũng được."
        ),
    )

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"])


class ContactForm(forms.Form):
    """The reporter's own data, put right by themselves."""

    name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Số điện thoại"), max_length=20, required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), max_length=120, required=False)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)

    def values(self) -> dict[str, str]:
        """What was filled in."""
        return {name: clean(self.cleaned_data[name]) for name in ("name", "phone", "email", "address")}


class RetentionForm(forms.Form):
    """How long cases of one lot are kept from a day on."""

    lot = forms.ChoiceField(label=gettext_lazy("Loại hồ sơ"), choices=Lot.choices)
    nameless_months = forms.IntegerField(
        label=gettext_lazy("Bỏ thông tin người gửi sau (tháng)"), min_value=1, max_value=240
    )
    deleted_months = forms.IntegerField(label=gettext_lazy("Xóa hồ sơ sau (tháng)"), min_value=1, max_value=600)
    basis = forms.CharField(label=gettext_lazy("Căn cứ"), max_length=300)
    valid_from = forms.DateField(
        label=gettext_lazy("Áp dụng từ ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    verified = forms.BooleanField(label=gettext_lazy("Đã đối chiếu với văn bản gốc"), required=False)

    def clean_valid_from(self) -> date:
        first: date = self.cleaned_data["valid_from"]
        if first < clock.today():
            raise forms.ValidationError(_("Ngày áp dụng phải từ hôm nay trở đi: hồ sơ cũ đã theo thời hạn cũ."))
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        nameless, deleted = data.get("nameless_months"), data.get("deleted_months")
        if nameless and deleted and deleted < nameless:
            self.add_error("deleted_months", _("Thời hạn xóa không được ngắn hơn thời hạn bỏ thông tin người gửi."))
        return data

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        names = ("lot", "nameless_months", "deleted_months", "basis", "valid_from", "verified")
        return {name: self.cleaned_data[name] for name in names}
