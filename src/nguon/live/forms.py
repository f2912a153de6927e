"""What an officer fills in before speaking live."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nguon.delivery.fields import Ids
from nguon.delivery.rules import Targets
from nguon.live.rules import MOST_MINUTES
from nguon.places.models import Place


class ChooseForm(forms.Form):
    """To whom, and about what."""

    title = forms.CharField(
        label=_("Nói về việc gì"),
        max_length=200,
        required=False,
        help_text=_("Để sau này tìm lại bản ghi. Không đọc lên loa."),
    )
    place = Ids(label=_("Địa bàn"), required=False)
    group = Ids(label=_("Nhóm cụm loa"), required=False)
    device = Ids(label=_("Từng cụm loa"), required=False)

    def targets(self) -> Targets:
        """The targets as ticked."""
        data = self.cleaned_data
        return Targets(places=data.get("place", ()), groups=data.get("group", ()), devices=data.get("device", ()))


class LimitForm(forms.Form):
    """How long one may speak live in the name of a place."""

    place = forms.ModelChoiceField(label=_("Địa bàn"), queryset=Place.objects.none(), empty_label=None)
    minutes = forms.IntegerField(
        label=_("Số phút"),
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        help_text=_("Để trống thì theo nơi ở trên."),
    )

    def __init__(self, data: QueryDict | None, places: QuerySet[Place]) -> None:
        super().__init__(data)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
