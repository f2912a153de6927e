"""Reading the filter of the journal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.journal.queries import Filters
from nguon.journal.vocabulary import VERBS


class FilterForm(forms.Form):
    """Who, what, where and when. `places` are the choices the asker may make: id → words."""

    person = forms.CharField(label=_("Người làm"), required=False, max_length=120)
    verb = forms.ChoiceField(label=_("Việc"), required=False)
    place = forms.ChoiceField(label=_("Địa bàn"), required=False)
    first = forms.DateField(
        label=_("Từ ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Đến ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    subject = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, data: Any, places: Mapping[UUID, str]) -> None:
        super().__init__(data)
        verb, place = self.fields["verb"], self.fields["place"]
        assert isinstance(verb, forms.ChoiceField)
        assert isinstance(place, forms.ChoiceField)
        words = sorted(((name, str(said)) for name, said in VERBS.items()), key=lambda row: row[1])
        verb.choices = [("", _("Mọi việc")), *words]
        place.choices = [("", _("Mọi địa bàn")), *((str(pk), said) for pk, said in places.items())]

    def filters(self) -> Filters:
        """What was asked for; a wrong field counts as not filled in."""
        self.full_clean()
        kept = self.cleaned_data
        place = kept.get("place")
        return Filters(
            person=kept.get("person", ""),
            verb=kept.get("verb", ""),
            subject=kept.get("subject", ""),
            place=UUID(place) if place else None,
            first=kept.get("first"),
            last=kept.get("last"),
        )
