"""What officers fill in on both sides."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.channels.board.upper import giving, rules, taking
from nguon.channels.board.upper.models import BoardClass, Entry, UpperSource
from nguon.devices.models import Device, Status
from nguon.media.voice_forms import place_choices
from nguon.newsroom.queries import Bulletins
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.programme.words import WEEKDAYS


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ClassForm(forms.Form):
    """A kind of boards."""

    place = forms.ChoiceField(label=gettext_lazy("Của địa bàn"))
    name = forms.CharField(
        label=gettext_lazy("Tên loại bảng"),
        max_length=120,
        help_text=gettext_lazy("Ví dụ: Màn LED trung tâm huyện."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Khi mất liên lạc, hiện tiếp (ngày)"),
        min_value=giving.DAYS[0],
        max_value=giving.DAYS[1],
        initial=3,
        help_text=gettext_lazy("Quá số ngày này mà không lấy được danh sách mới, bảng tự gỡ."),
    )

    def __init__(self, person: Person, data: QueryDict | None = None, *, held: BoardClass | None = None) -> None:
        first = {"name": held.name, "days": held.days} if held else None
        super().__init__(data, initial=first)
        if held is not None:
            del self.fields["place"]
            return
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = place_choices(scope.place_ids(person, Right.BROADCAST))


class TermsForm(forms.Form):
    """When an entry of a playlist counts."""

    first_day = _day(gettext_lazy("Từ ngày"))
    last_day = _day(gettext_lazy("Đến hết ngày"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Ngày trong tuần"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Không chọn ngày nào là mọi ngày."),
    )
    minutes = forms.CharField(
        label=gettext_lazy("Giờ trong ngày"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Ví dụ: 6:00–8:00, 16:00–22:00. Để trống là cả ngày."),
    )
    seconds = forms.IntegerField(
        label=gettext_lazy("Hiện mỗi lần (giây)"),
        required=False,
        min_value=giving.SECONDS[0],
        max_value=giving.SECONDS[1],
        help_text=gettext_lazy("Để trống là đủ thời gian đọc hết."),
    )

    def __init__(self, data: QueryDict | None = None, *, entry: Entry | None = None) -> None:
        first: dict[str, Any] = {}
        if entry is not None:
            first = {name: getattr(entry, name) for name in ("first_day", "last_day", "seconds")}
            first |= {"weekdays": [str(day) for day in entry.weekdays], "minutes": rules.said(entry.minutes)}
        super().__init__(data, initial=first)
        days = self.fields["weekdays"]
        assert isinstance(days, forms.MultipleChoiceField)
        days.choices = [(str(number), capfirst(str(name))) for number, name in enumerate(WEEKDAYS, 1)]

    def clean_minutes(self) -> tuple[tuple[int, int], ...]:
        """The parts of the day."""
        try:
            return rules.parts(self.cleaned_data["minutes"])
        except ValueError as error:
            raise forms.ValidationError(_("Hãy ghi giờ như 6:00–8:00, nhiều khoảng cách nhau dấu phẩy.")) from error

    def terms(self) -> giving.Terms:
        """As the action takes them."""
        data = self.cleaned_data
        return giving.Terms(
            first_day=data["first_day"],
            last_day=data["last_day"],
            weekdays=tuple(map(int, data["weekdays"])),
            minutes=data["minutes"],
            seconds=data["seconds"],
        )


class EntryForm(TermsForm):
    """Another entry: which bulletin, and when it counts."""

    bulletin = forms.ChoiceField(label=gettext_lazy("Bản tin đã duyệt"))
    field_order = ("bulletin",)

    def __init__(self, bulletins: Bulletins, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["bulletin"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.pk), one.current.title if one.current else "") for one in bulletins]


class GrantForm(forms.Form):
    """Who may take which classes. All of one place."""

    name = forms.CharField(
        label=gettext_lazy("Nơi nhận"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Trung tâm Văn hóa – Thông tin huyện Tuy Phước."),
    )
    classes = forms.MultipleChoiceField(label=gettext_lazy("Được lấy loại bảng"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, classes: list[BoardClass], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._classes = {str(one.pk): one for one in classes}
        field = self.fields["classes"]
        assert isinstance(field, forms.ChoiceField)
        several = len({one.place_id for one in classes}) > 1
        field.choices = [(pk, f"{one} · {one.place}" if several else str(one)) for pk, one in self._classes.items()]

    def chosen(self) -> list[BoardClass]:
        """The classes that were chosen."""
        return [self._classes[pk] for pk in self.cleaned_data["classes"]]


class SourceForm(forms.Form):
    """From whom boards take what they show."""

    place = forms.ChoiceField(label=gettext_lazy("Bảng của địa bàn"))
    name = forms.CharField(
        label=gettext_lazy("Đặt tên"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Nội dung của tỉnh cho màn LED trung tâm."),
    )
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ lấy danh sách"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Cấp trên giao cùng mã liên kết. Dán nguyên cả dòng."),
    )
    token = forms.CharField(
        label=gettext_lazy("Mã liên kết"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    every = forms.IntegerField(
        label=gettext_lazy("Lấy lại sau (phút)"), min_value=taking.EVERY[0], max_value=taking.EVERY[1], initial=5
    )
    boards = forms.MultipleChoiceField(
        label=gettext_lazy("Báo cho cấp trên tình trạng của"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Cấp trên thấy tên bảng, còn kết nối hay không, đã hiện gì bao nhiêu lần."),
    )

    def __init__(self, person: Person, data: QueryDict | None = None, *, source: UpperSource | None = None) -> None:
        first: dict[str, Any] = {}
        if source is not None:
            first = {"place": str(source.place_id), "name": source.name, "address": source.address}
            first |= {"every": source.every, "boards": [str(one.pk) for one in source.boards.all()]}
        super().__init__(data, initial=first)
        reach = scope.place_ids(person, Right.DEVICES)
        place, boards, token = self.fields["place"], self.fields["boards"], self.fields["token"]
        assert isinstance(place, forms.ChoiceField)
        assert isinstance(boards, forms.MultipleChoiceField)
        place.choices = place_choices(reach)
        found = Device.objects.filter(channel=rules.KIND, status=Status.ACTIVE, place__in=reach)
        boards.choices = [(str(one.pk), f"{one} · {one.place}") for one in found.select_related("place")]
        if not boards.choices:
            boards.help_text = _("Chưa có bảng nào được đăng ký ở địa bàn của bạn.")
        token.required = source is None
        token.error_messages["required"] = _("Hãy dán mã liên kết do cấp trên giao.")
        token.help_text = _("Để trống nếu giữ mã cũ.") if source else _("Chỉ hiện một lần ở trang của cấp trên.")

    def terms(self) -> taking.Terms:
        """As the action takes them."""
        data = self.cleaned_data
        return taking.Terms(
            place=UUID(data["place"]),
            name=data["name"],
            address=data["address"],
            token=data["token"],
            every=data["every"],
            boards=tuple(map(UUID, data["boards"])),
        )
