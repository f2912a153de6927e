"""Reading the pages of readings. What one may be is the action's to say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.kit import clock
from nguon.media.readings import queries
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Place
from nguon.places.queries import in_force

DEFAULT_RATE = 210  # syllables a minute
TRIED = 2000  # characters of a sentence that is tried


class Typed(forms.CharField):
    """Text as typed: nothing is refused here; the action cleans and judges it."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\x00", "")


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class ReadingForm(forms.Form):
    """One reading for a place where the person writes."""

    place = PlaceField(label=_("Dùng ở"), queryset=Place.objects.none(), empty_label=None)
    written = Typed(
        label=_("Chữ viết"),
        error_messages={"required": _("Hãy ghi chữ viết trong bản tin.")},
        help_text=_("Đúng như trong bản tin, ví dụ: NVH. Chữ hoa, chữ thường như nhau."),
    )
    spoken = Typed(
        label=_("Đọc là"),
        error_messages={"required": _("Hãy ghi cách đọc.")},
        help_text=_("Viết bằng chữ như khi nói, ví dụ: nhà văn hóa."),
    )

    def __init__(self, person: Person, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        today = clock.today()
        field: Any = self.fields["place"]
        field.queryset = in_force(today).filter(pk__in=place_ids(person, Right.WRITE, today))


class PhraseForm(forms.Form):
    """A few words to be heard for a place where the person writes: by which voice, how fast."""

    place = PlaceField(queryset=Place.objects.none())
    text = Typed(required=False)
    voice = Typed(required=False)
    rate = forms.IntegerField(required=False)

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["place"]
        field.queryset = Place.objects.filter(pk__in=place_ids(person, Right.WRITE))

    @property
    def allowed(self) -> bool:
        """Whether the person writes there."""
        self.is_valid()
        return "place" in self.cleaned_data

    def asked(self) -> dict[str, Any]:
        """As `phrase.hear` takes them."""
        self.is_valid()
        data = self.cleaned_data
        return {"text": data["text"], "voice": data["voice"], "rate": data.get("rate") or DEFAULT_RATE}


class TryForm(forms.Form):
    """A sentence to be tried at a place where the person may look."""

    place = PlaceField(queryset=Place.objects.none(), required=False)
    text = Typed(required=False)

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["place"]
        field.queryset = queries.places_of(person)

    def asked(self) -> tuple[UUID | None, str]:
        """The place, if it is one of the person's, and the sentence, cut where it gets long."""
        self.is_valid()
        place = self.cleaned_data.get("place")
        return (place.pk if place else None), self.cleaned_data.get("text", "")[:TRIED]


class FilterForm(forms.Form):
    """The filters of the list. Anything unknown is as if not asked."""

    place = PlaceField(label=_("Địa bàn"), queryset=Place.objects.none(), required=False, empty_label=None)
    q = Typed(label=_("Tìm chữ viết hoặc cách đọc"), required=False, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, person: Person, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        field: Any = self.fields["place"]
        field.queryset = queries.places_of(person)
        if not self.is_valid() or not self.cleaned_data.get("place"):
            begin = queries.start(person)  # the list begins with the person's own place, and the filter says so
            self.data = {**dict(data.items()), "place": begin.pk if begin else ""}
            self.full_clean()

    @property
    def many(self) -> bool:
        """Whether there is a place to choose."""
        field: Any = self.fields["place"]
        return bool(field.queryset[1:2])

    def chosen(self) -> UUID | None:
        """The place whose readings are asked for."""
        place = self.cleaned_data.get("place")
        return place.pk if place else None
