"""Reading what is filled in about other systems: programs that post, authorities that take cases."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from nguon.feedback.models import Authority
from nguon.kit.text import clean
from nguon.media.voice_forms import place_choices
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right


class _AtPlace(forms.Form):
    """A form with a place where the person administers."""

    place = forms.ChoiceField(label=gettext_lazy("Địa bàn"))

    def __init__(self, person: Person, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = place_choices(scope.place_ids(person, Right.PEOPLE))


class ClientForm(_AtPlace):
    """A program that may post."""

    name = forms.CharField(
        label=gettext_lazy("Tên hệ thống"), max_length=120, help_text=gettext_lazy("Ví dụ: Tổng đài 1022 của tỉnh.")
    )
    hourly = forms.IntegerField(
        label=gettext_lazy("Nhiều nhất mỗi giờ (phản ánh)"), min_value=1, max_value=10_000, initial=60
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Hệ thống này có xin sự đồng ý của người gửi"),
        required=False,
        help_text=gettext_lazy("Không có sự đồng ý thì tên, số điện thoại gửi kèm không được lưu."),
    )

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        data = self.cleaned_data
        named = {"place_id": UUID(data["place"]), "name": clean(data["name"])}
        return named | {"consent": data["consent"], "hourly": data["hourly"]}


class AuthorityForm(_AtPlace):
    """An authority that takes cases."""

    name = forms.CharField(label=gettext_lazy("Tên cơ quan"), max_length=200)
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ Open311"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Phần đứng trước /services.xml."),
    )
    service = forms.CharField(
        label=gettext_lazy("Mã loại việc ở đó"),
        max_length=120,
        help_text=gettext_lazy("service_code mà cơ quan ấy dành cho phản ánh được chuyển đến."),
    )
    jurisdiction = forms.CharField(
        label=gettext_lazy("Mã địa bàn ở đó"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("jurisdiction_id theo chuẩn. Cơ quan ấy không yêu cầu thì để trống."),
    )
    key = forms.CharField(
        label=gettext_lazy("Khóa"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("api_key cơ quan ấy cấp. Được mã hóa, không ai xem lại được."),
    )

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        data = self.cleaned_data
        kept = {name: clean(data[name]) for name in ("name", "address", "service", "jurisdiction", "key")}
        return kept | {"place_id": UUID(data["place"])}


class ForwardForm(forms.Form):
    """To whom a case is passed on, and in which words."""

    authority = forms.ModelChoiceField(
        label=gettext_lazy("Cơ quan nhận"), queryset=Authority.objects.none(), empty_label=None
    )
    words = forms.CharField(
        label=gettext_lazy("Nội dung gửi đi"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Không gửi kèm tên, số điện thoại, ảnh của người phản ánh. Hãy bỏ chỗ nào còn lộ."),
    )

    def __init__(self, authorities: QuerySet[Authority], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["authority"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = authorities
