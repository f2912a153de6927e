"""Reading the form of a slot: which programme, when it comes back, where."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nguon.delivery.rules import Targets
from nguon.programme.forms import Ids
from nguon.programme.models import OnHoliday, Programme, Slot
from nguon.programme.recurrence import Every, Repeat, read
from nguon.programme.slotting import Reach, Wanted, targets_of
from nguon.programme.words import WEEKDAYS

EVERY = [
    (Every.DAILY.value, _("Hằng ngày")),
    (Every.WORKING.value, _("Thứ Hai đến thứ Sáu")),
    (Every.WEEKLY.value, _("Các thứ trong tuần")),
    (Every.MONTHLY.value, _("Các ngày trong tháng")),
    (Every.LUNAR.value, _("Ngày âm lịch")),
    (Every.ONCE.value, _("Một lần")),
]
REACH = [
    (Reach.ONLY.value, _("Chỉ ngày này")),
    (Reach.AFTER.value, _("Từ ngày này về sau")),
    (Reach.ALL.value, _("Tất cả các ngày")),
]


def day_input() -> forms.DateInput:
    """A date as browsers ask for it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Numbers(forms.CharField):
    """Days by number, `1, 15`."""

    def __init__(self, most: int, **given: Any) -> None:
        super().__init__(max_length=120, **given)
        self.most = most

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        parts = typed.replace(";", ",").replace(" ", ",").split(",")
        words = [part for part in parts if part]
        if not all(part.isdecimal() and 1 <= int(part) <= self.most for part in words):
            raise forms.ValidationError(_("Ghi các ngày bằng số, cách nhau bằng dấu phẩy, ví dụ: 1, 15."))
        return tuple(sorted({int(part) for part in words}))

    def validate(self, value: Any) -> None:
        """Nothing more: an empty tuple is told by the form."""

    def run_validators(self, value: Any) -> None:
        """Nothing more: the length of a tuple is not that of its text."""


class SlotForm(forms.Form):
    """When and where a programme plays."""

    programme = forms.ChoiceField(label=_("Chương trình"))
    at = forms.TimeField(label=_("Giờ phát"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    first_day = forms.DateField(label=_("Từ ngày"), widget=day_input())
    every = forms.ChoiceField(label=_("Lặp lại"), choices=EVERY, widget=forms.RadioSelect)
    weekdays = forms.MultipleChoiceField(
        label=_("Vào các thứ"),
        required=False,
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )
    month_days = Numbers(31, label=_("Vào các ngày"), required=False)
    lunar_days = Numbers(30, label=_("Vào các ngày âm lịch"), required=False)
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=day_input())
    on_holiday = forms.ChoiceField(label=_("Ngày lễ"), choices=OnHoliday.choices)
    place = Ids(label=_("Địa bàn"), required=False)
    group = Ids(label=_("Nhóm cụm loa"), required=False)
    device = Ids(label=_("Từng cụm loa"), required=False)

    def __init__(self, data: QueryDict | None, *, programmes: Sequence[Programme], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.programmes = {each.pk.hex: each for each in programmes}
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn chương trình")), *((pk, each.name) for pk, each in self.programmes.items())]
        self.fields["month_days"].help_text = _("Ví dụ: 1, 15")
        self.fields["lunar_days"].help_text = _("Ví dụ: 1, 15")
        self.fields["valid_to"].help_text = _("Để trống: phát đến khi có người kết thúc.")
        if initial.get("every") == Every.OTHER.value:
            every = self.fields["every"]
            assert isinstance(every, forms.ChoiceField)
            every.choices = [(Every.OTHER.value, initial["other_said"]), *EVERY]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        every, wrong = data.get("every"), self.errors
        if every == Every.WEEKLY and not data.get("weekdays"):
            self.add_error("weekdays", _("Chọn ít nhất một thứ."))
        if every == Every.MONTHLY and not data.get("month_days") and "month_days" not in wrong:
            self.add_error("month_days", _("Ghi ít nhất một ngày."))
        if every == Every.LUNAR and not data.get("lunar_days") and "lunar_days" not in wrong:
            self.add_error("lunar_days", _("Ghi ít nhất một ngày."))
        return data

    def targets(self) -> Targets:
        """Where, as ticked."""
        data = self.cleaned_data
        return Targets(places=data.get("place", ()), groups=data.get("group", ()), devices=data.get("device", ()))

    def wanted(self, place_id: UUID, kept: Slot | None = None) -> Wanted:
        """All of it, for a slot of this place. `kept`: the slot it changes, whose own rule OTHER means."""
        data = self.cleaned_data
        every = Every(data["every"])
        other = kept is not None and every is Every.OTHER
        repeat = Repeat(
            every,
            weekdays=tuple(int(day) for day in data["weekdays"]),
            month_days=data["month_days"],
            rule=kept.rule if kept is not None and other else "",
        )
        lunar = tuple(kept.lunar_days) if kept is not None and other else data["lunar_days"]
        return Wanted(
            place_id=place_id,
            programme=self.programmes[data["programme"]],
            first_day=data["first_day"],
            at=data["at"],
            targets=self.targets(),
            rule=repeat.as_rule(),
            lunar_days=lunar if every in (Every.LUNAR, Every.OTHER) else (),
            on_holiday=data["on_holiday"],
            valid_from=kept.valid_from if kept is not None else None,
            valid_to=data["valid_to"],
        )


def initial_of(slot: Slot, other_said: str, day: date | None = None) -> dict[str, Any]:
    """The form of a slot as it is kept; seen from one of its days it begins there."""
    chosen, targets = read(slot.rule, slot.lunar_days), targets_of(slot)
    return {
        "programme": slot.programme_id.hex,
        "at": slot.at,
        "first_day": day or slot.first_day,
        "every": chosen.every.value,
        "other_said": other_said,
        "weekdays": [str(each) for each in chosen.weekdays],
        "month_days": ", ".join(map(str, chosen.month_days)),
        "lunar_days": ", ".join(map(str, chosen.lunar_days)),
        "valid_to": slot.valid_to,
        "on_holiday": slot.on_holiday,
        "place": targets.places,
        "group": targets.groups,
        "device": targets.devices,
    }


class RestForm(forms.Form):
    """From when to when a slot rests."""

    first = forms.DateField(label=_("Nghỉ từ ngày"), widget=day_input())
    last = forms.DateField(label=_("Đến hết ngày"), required=False, widget=day_input())
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=200)

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"first": today}, auto_id="rest_%s")
        self.fields["last"].help_text = _("Để trống: nghỉ đến khi bấm “Phát trở lại”.")


class DayForm(forms.Form):
    """One day."""

    day = forms.DateField(label=_("Ngày"), widget=day_input())

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="day_%s")


class MoveForm(forms.Form):
    """A slot dragged from one of its days to a day and a time."""

    day = forms.DateField(widget=forms.HiddenInput)
    to = forms.DateField(label=_("Sang ngày"), widget=day_input())
    at = forms.TimeField(label=_("Giờ phát"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reach = forms.ChoiceField(label=_("Đổi cho"), choices=REACH, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict, *, bound: bool) -> None:
        super().__init__(data if bound else None, initial=None if bound else {**data.dict(), "reach": Reach.ONLY})
        self.auto_id = "move_%s"
