"""What officers choose about photos."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.devices.models import Device
from nguon.devices.photos import rules


def _said(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%d phút một lần", "%d phút một lần", minutes) % minutes
    return ngettext("%d giờ một lần", "%d giờ một lần", minutes // 60) % (minutes // 60)


class ScheduleForm(forms.Form):
    """How often a screen takes a photo by itself."""

    every = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, data: object, device: Device) -> None:
        super().__init__(data, initial={"every": device.photo_every or ""})  # type: ignore[arg-type]
        field = self.fields["every"]
        field.label = _("Tự chụp khi đang chiếu")
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _(rules.NEVER)), *((minutes, _said(minutes)) for minutes in rules.SCHEDULES)]
