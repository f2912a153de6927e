"""Reading the form of a policy: up to three spans each of quiet hours, volume and brightness, and of sessions."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nguon.devices.models import Group
from nguon.programme.limiting import DARKEST, Limits
from nguon.programme.models import Policy
from nguon.programme.slot_forms import day_input

SPANS = 3


def _time() -> forms.TimeField:
    return forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class PolicyForm(forms.Form):
    """What may sound when, how long, how often, how loud, and on which decision it stands."""

    basis = forms.CharField(label=_("Căn cứ"), max_length=300)
    group = forms.ModelChoiceField(
        label=_("Áp dụng cho"), queryset=Group.objects.none(), required=False, empty_label=_("Cả địa bàn")
    )
    most_sessions = forms.IntegerField(label=_("Số buổi phát mỗi ngày"), required=False, min_value=1, max_value=48)
    longest = forms.IntegerField(label=_("Mỗi buổi dài nhất (phút)"), required=False, min_value=1, max_value=720)
    valid_from = forms.DateField(label=_("Từ ngày"), required=False, widget=day_input())
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=day_input())

    def __init__(self, data: QueryDict | None, *, groups: QuerySet[Group], policy: Policy | None = None) -> None:
        super().__init__(data, initial=_initial(policy) if policy else {})
        self.fields["basis"].help_text = _("Số, ký hiệu, ngày ban hành và tên cơ quan ban hành.")
        self.fields["most_sessions"].help_text = _("Để trống: không giới hạn. Tin ưu tiên không tính vào số buổi.")
        for number in range(SPANS):
            for name in ("quiet_from", "quiet_to", "volume_from", "volume_to", "light_from", "light_to"):
                self.fields[f"{name}_{number}"] = _time()
            self.fields[f"volume_most_{number}"] = forms.IntegerField(required=False, min_value=1, max_value=100)
            self.fields[f"light_most_{number}"] = forms.IntegerField(required=False, min_value=DARKEST, max_value=100)
        group = self.fields["group"]
        assert isinstance(group, forms.ModelChoiceField)
        group.queryset = groups

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(SPANS):
            first, last = data.get(f"quiet_from_{number}"), data.get(f"quiet_to_{number}")
            if (first is None) != (last is None):
                self.add_error(f"quiet_to_{number}", _("Ghi cả giờ bắt đầu và giờ kết thúc."))
            for kind, words in (
                ("volume", _("Ghi đủ từ giờ, đến giờ và mức âm lượng.")),
                ("light", _("Ghi đủ từ giờ, đến giờ và độ sáng, từ 20 đến 100 %.")),
            ):
                parts = [data.get(f"{kind}_{name}_{number}") for name in ("from", "to", "most")]
                if any(part is None for part in parts) and any(part is not None for part in parts):
                    self.add_error(f"{kind}_most_{number}", words)
        return data

    def quiet_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of quiet hours, pair by pair."""
        return ((self[f"quiet_from_{number}"], self[f"quiet_to_{number}"]) for number in range(SPANS))

    def volume_rows(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """The fields of volume: from, to, most."""
        return self._rows("volume")

    def light_rows(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """The fields of brightness: from, to, most."""
        return self._rows("light")

    def _rows(self, kind: str) -> Iterator[tuple[forms.BoundField, ...]]:
        names = ("from", "to", "most")
        return (tuple(self[f"{kind}_{name}_{number}"] for name in names) for number in range(SPANS))

    def _spans(self, kind: str) -> tuple[tuple[time, time, int], ...]:
        names = ("from", "to", "most")
        rows = (tuple(self.cleaned_data[f"{kind}_{name}_{at}"] for name in names) for at in range(SPANS))
        return tuple((first, last, most) for first, last, most in rows if first is not None)

    def limits(self) -> Limits:
        """All of it."""
        data = self.cleaned_data
        quiet = [(data[f"quiet_from_{at}"], data[f"quiet_to_{at}"]) for at in range(SPANS)]
        return Limits(
            basis=data["basis"],
            group=data["group"],
            quiet=tuple(pair for pair in quiet if pair[0] is not None),
            volumes=self._spans("volume"),
            brightness=self._spans("light"),
            most_sessions=data["most_sessions"],
            longest=data["longest"] * 60 if data["longest"] else None,
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
        )


def _initial(policy: Policy) -> dict[str, Any]:
    values: dict[str, time | date | int | str | Group | None] = {
        "basis": policy.basis,
        "group": policy.group,
        "most_sessions": policy.most_sessions,
        "longest": policy.longest // 60 if policy.longest else None,
        "valid_from": policy.valid_from,
        "valid_to": policy.valid_to,
    }
    for at, (first, last) in enumerate(policy.quiet[:SPANS]):
        values |= {f"quiet_from_{at}": first, f"quiet_to_{at}": last}
    for at, (first, last, most) in enumerate(policy.volumes[:SPANS]):
        values |= {f"volume_from_{at}": first, f"volume_to_{at}": last, f"volume_most_{at}": most}
    for at, (first, last, most) in enumerate(policy.brightness[:SPANS]):
        values |= {f"light_from_{at}": first, f"light_to_{at}": last, f"light_most_{at}": most}
    return values
