"""What an officer keys in while somebody tells it on the telephone, on paper or at the counter."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.devices.models import Device
from nguon.feedback import desk
from nguon.feedback.desk_forms import Line, Words, places
from nguon.feedback.intake import MOST_PHOTOS
from nguon.feedback.models import Field, Severity, Source
from nguon.feedback.telling import Told
from nguon.feedback.told_forms import Photos
from nguon.kit import clock
from nguon.newsroom.forms import moment
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible

SOURCES = [(one.value, one.label) for one in (Source.PHONE, Source.PERSON, Source.PAPER)]


class IntakeForm(forms.Form):
    """One case on behalf of whoever tells it."""

    source = forms.ChoiceField(label=_("Nhận qua"), choices=SOURCES, widget=forms.RadioSelect, initial=Source.PHONE)
    words = Words(
        label=_("Nội dung phản ánh"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ghi đúng lời người gửi. Không ghi họ tên, số điện thoại ở đây."),
        error_messages={"required": _("Hãy ghi nội dung phản ánh.")},
    )
    place = forms.ChoiceField(label=_("Thôn, xã nơi xảy ra"), error_messages={"required": _("Hãy chọn nơi xảy ra.")})
    where = Line(
        label=_("Chỗ cụ thể"), required=False, max_length=300, help_text=_("Ví dụ: trước cổng trường mẫu giáo.")
    )
    latitude = forms.FloatField(label=_("Vĩ độ"), required=False, min_value=-85, max_value=85, localize=False)
    longitude = forms.FloatField(label=_("Kinh độ"), required=False, min_value=-180, max_value=180, localize=False)
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"),
        queryset=Field.objects.filter(active=True),
        required=False,
        empty_label=_("Chưa rõ, xếp sau"),
    )
    severity = forms.ChoiceField(label=_("Mức độ"), choices=Severity.choices, initial=Severity.ORDINARY, required=False)
    device = forms.ModelChoiceField(
        label=_("Về cụm loa, bảng tin nào"),
        queryset=Device.objects.none(),
        required=False,
        empty_label=_("Không về cụm loa, bảng tin"),
    )
    happened_at = moment(_("Xảy ra lúc"))
    photos = Photos(
        most=MOST_PHOTOS,
        label=_("Ảnh, đơn đã chụp"),
        required=False,
        help_text=_("Nhiều nhất 5 ảnh. Vị trí chụp ghi trong ảnh sẽ được xóa."),
        widget=Photos.widget(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    contact = forms.BooleanField(label=_("Người gửi đồng ý cho lưu thông tin liên hệ"), required=False)
    publish = forms.BooleanField(label=_("Người gửi đồng ý công khai nội dung, không kèm tên"), required=False)
    share = forms.BooleanField(label=_("Người gửi muốn ghi tên mình khi công khai"), required=False)
    name = Line(label=_("Họ tên"), required=False, max_length=120)
    phone = Line(
        label=_("Số điện thoại"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("Bốn số cuối dùng để tra cứu."),
    )
    email = Line(label=_("Thư điện tử"), required=False, max_length=120)
    address = Line(label=_("Địa chỉ người gửi"), required=False, max_length=300)

    def __init__(self, person: Person, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        place, device = self.fields["place"], self.fields["device"]
        assert isinstance(place, forms.ChoiceField)
        assert isinstance(device, forms.ModelChoiceField)
        place.choices = places(person, str(_("Chọn thôn hoặc xã")))
        device.queryset = visible(Device.objects.order_by("name"), person, Right.CASES)

    def told(self) -> Told:
        """What was told, as the action takes it."""
        data = self.cleaned_data
        consents = frozenset(purpose for purpose in ("contact", "publish") if data[purpose])
        field, device = data["field"], data["device"]
        return Told(
            words=data["words"],
            place_id=UUID(data["place"]),
            source=data["source"],
            field_id=field.pk if field else None,
            severity=data["severity"],
            where=data["where"],
            latitude=data["latitude"],
            longitude=data["longitude"],
            device_id=device.pk if device else None,
            happened_at=data["happened_at"],
            photos=tuple(data["photos"]),
            consents=consents,
            share=data["share"],
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            address=data["address"],
        )

    def points(self, person: Person) -> list[tuple[float, float]]:
        """Where the person works, for the map: (longitude, latitude) of the places."""
        return [
            (place.longitude, place.latitude)
            for place in desk.places(person, clock.now())
            if place.latitude is not None and place.longitude is not None
        ]
