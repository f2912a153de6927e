"""Reading where and when a bulletin shall go."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nguon.delivery.rules import Targets

MOMENT = "%Y-%m-%dT%H:%M"
NOW, LATER = "now", "later"


class Ids(forms.Field):
    """Any number of ids, as ticked in the tree; what is no id is refused."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[UUID, ...]:
        try:
            return tuple(dict.fromkeys(UUID(one) for one in value or []))
        except ValueError as error:
            raise forms.ValidationError(_("Nơi phát không hợp lệ.")) from error


def _moment(label: Any, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=required, widget=widget)


class PlaceForm(forms.Form):
    """The broadcast form of a bulletin."""

    place = Ids(label=_("Địa bàn"), required=False)
    group = Ids(label=_("Nhóm cụm loa"), required=False)
    device = Ids(label=_("Từng cụm loa"), required=False)
    when = forms.ChoiceField(
        label=_("Khi nào"),
        choices=[(NOW, _("Phát ngay")), (LATER, _("Hẹn giờ"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    start_at = _moment(_("Giờ phát"), required=False)
    expires_at = _moment(_("Hạn phát"), required=True)

    def __init__(self, data: QueryDict | None, *, expires_at: datetime) -> None:
        super().__init__(data, initial={"when": NOW, "expires_at": timezone.localtime(expires_at)})
        self.fields["expires_at"].help_text = _("Cụm loa mất kết nối mà nối lại trước giờ này thì vẫn phát.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("when") == LATER and not data.get("start_at") and "start_at" not in self.errors:
            self.add_error("start_at", _("Hãy chọn giờ phát."))
        return data

    def targets(self) -> Targets:
        """The targets as ticked."""
        data = self.cleaned_data
        return Targets(places=data.get("place", ()), groups=data.get("group", ()), devices=data.get("device", ()))

    def start(self) -> datetime | None:
        """When to begin; None for at once."""
        chosen: datetime | None = self.cleaned_data.get("start_at")
        return chosen if self.cleaned_data.get("when") == LATER else None
