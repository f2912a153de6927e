"""What officers type about devices."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nguon.devices import channels, queries
from nguon.devices.models import Device, Group, Status
from nguon.devices.queries import Search
from nguon.kit import clock, text
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.places.queries import above as above_of


class Line(forms.CharField):
    """One line of text, cleaned at the door."""

    def to_python(self, value: Any) -> str:
        return text.clean(str(super().to_python(value))).replace("\n", " ")


class Kinds(forms.RadioSelect):
    """Kinds of devices. Those that are only seen are marked, for the parts of a form that are about sound."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made = super().create_option(*args, **kwargs)
        if not channels.audible(str(made["value"])):
            made["attrs"]["data-silent"] = True
        return made


class DeviceForm(forms.Form):
    """A device: where it is and what it is. The places offered are those where the person may manage devices.

    Its kind is asked for where there are several, until it was enrolled.
    """

    channel = forms.ChoiceField(label=_("Loại thiết bị"), widget=Kinds, required=False)
    name = Line(
        label=_("Tên"), max_length=120, help_text=_("Tên mà bà con và cán bộ nhận ra, ví dụ: Cụm loa thôn Tùng Giản.")
    )
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Địa bàn"), empty_label=_("Chọn thôn hoặc xã"))
    address = Line(
        label=_("Nơi lắp"), max_length=200, required=False, help_text=_("Ví dụ: cột điện trước nhà văn hóa thôn.")
    )
    latitude = forms.FloatField(label=_("Vĩ độ"), required=False, min_value=-85, max_value=85, localize=False)
    longitude = forms.FloatField(label=_("Kinh độ"), required=False, min_value=-180, max_value=180, localize=False)
    horns = forms.IntegerField(label=_("Số loa"), min_value=0, max_value=99, initial=2)
    volume = forms.IntegerField(label=_("Âm lượng (%)"), min_value=0, max_value=100, initial=80)
    proof = forms.BooleanField(
        label=_("Gửi lại tiếng đã phát"),
        required=False,
        help_text=_("Để nghe lại đúng tiếng loa đã phát. Tốn thêm dung lượng 4G."),
    )
    warm_up = forms.FloatField(
        label=_("Bật tăng âm trước (giây)"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("Tăng âm cần chừng ấy giây mới kêu. Để trống nếu luôn bật."),
    )
    stagger = forms.FloatField(
        label=_("Phát lệch (giây)"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("Chương trình theo lịch phát muộn hơn cụm bên cạnh, để tiếng không chồng lên nhau."),
    )
    data_budget = forms.IntegerField(
        label=_("Dung lượng 4G mỗi tháng (MB)"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=_("Hết dung lượng thì chỉ tải những gì sắp phát. Để trống: không giới hạn."),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=_("Nhóm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    vendor = Line(label=_("Hãng"), max_length=80, required=False)
    serial = Line(label=_("Số máy"), max_length=80, required=False)
    sim = Line(label=_("Số SIM 4G"), max_length=40, required=False)

    def __init__(
        self, person: Person, data: Any = None, *, device: Device | None = None, on: date | None = None
    ) -> None:
        super().__init__(data, initial=_initial(device) if device else None)
        self._set_kind(device)
        day = on or clock.today()
        self.fields["place"].queryset = queries.manageable_places(person, day)  # type: ignore[attr-defined]
        self.fields["groups"].queryset = queries.groups(person, day)  # type: ignore[attr-defined]
        labels = queries.place_labels(self.fields["place"].queryset, day)  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", _("Chọn thôn hoặc xã")), *labels]  # type: ignore[attr-defined]

    def _set_kind(self, device: Device | None) -> None:
        kinds = channels.choices()
        self.kind = device.channel if device else next((kind for kind, _label in kinds), "")
        if len(kinds) > 1 and not (device and device.credential):
            self.fields["channel"].choices = kinds  # type: ignore[attr-defined]
            self.fields["channel"].initial = self.kind
            self.kind = str(self.data.get("channel") or self.kind)
        else:
            del self.fields["channel"]

    @property
    def audible(self) -> bool:
        """Whether it asks for a device that is heard."""
        return channels.audible(self.kind)

    def clean_warm_up(self) -> int:
        """Milliseconds, as it is kept."""
        return round(1000 * (self.cleaned_data["warm_up"] or 0))

    def clean_stagger(self) -> int:
        """Milliseconds, as it is kept."""
        return round(1000 * (self.cleaned_data["stagger"] or 0))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.kind:
            found["channel"] = self.kind
        if not self.audible:
            found |= {"horns": 0, "proof": False, "warm_up": 0, "stagger": 0}
        if (found.get("latitude") is None) != (found.get("longitude") is None) and not self.errors:
            self.add_error("longitude", _("Hãy nhập cả vĩ độ và kinh độ, hoặc để trống cả hai."))
        if place := found.get("place"):
            above = {each.pk for each in above_of(place.pk, clock.today())}
            if any(group.place_id not in above for group in found.get("groups", ())):
                self.add_error("groups", _("Chỉ chọn nhóm của chính địa bàn này hoặc của cấp trên nó."))
        return found


def _initial(device: Device) -> dict[str, Any]:
    names = ("channel", "name", "address", "latitude", "longitude", "horns", "volume", "proof", "vendor", "serial")
    return {name: getattr(device, name) for name in (*names, "sim", "data_budget")} | {
        "warm_up": device.warm_up / 1000 or None,
        "stagger": device.stagger / 1000 or None,
        "place": device.place_id,
        "groups": list(device.groups.values_list("pk", flat=True)),
    }


class StatusForm(forms.Form):
    """Put a device in use, in repair or out of use."""

    status = forms.ChoiceField(
        label=_("Tình trạng"), choices=[(s.value, s.label) for s in Status if s != Status.PLANNED]
    )
    reason = Line(label=_("Lý do"), max_length=300)


class ScreenForm(forms.Form):
    """The code that a screen shows."""

    code = Line(
        label=_("Mã đang hiện trên màn hình"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Tám chữ và số, ví dụ 7QKD-2M9P. Không phân biệt chữ hoa, chữ thường."),
    )


class PlugForm(forms.Form):
    """The plug of a simulated device."""

    unplugged = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class GroupForm(forms.Form):
    """A new group of devices."""

    name = Line(label=_("Tên nhóm"), max_length=120, help_text=_("Ví dụ: Loa gần trường học."))
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Địa bàn"))

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        found: QuerySet[Place] = queries.manageable_places(person, clock.today())
        self.fields["place"].queryset = found  # type: ignore[attr-defined]
        self.fields["place"].choices = queries.place_labels(found, clock.today())  # type: ignore[attr-defined]


def search(data: Any) -> Search:
    """What a list is filtered by; what is not understood is left out."""
    try:
        place = UUID(data.get("place", ""))
    except ValueError:
        place = None
    status, contact = data.get("status", ""), data.get("contact", "")
    return Search(
        words=text.clean(data.get("q", ""))[:80],
        place=place,
        channel=channel if (channel := data.get("channel", "")) in channels.driven() else "",
        status=status if status in Status.values else "",
        online={"on": True, "off": False}.get(contact),
    )
