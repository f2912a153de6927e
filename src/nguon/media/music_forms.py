"""What officers type and choose about music."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.kit import clock
from nguon.media import music_actions, music_queries
from nguon.media.models import Music, UsualMusic
from nguon.media.music_actions import INHERIT, NONE
from nguon.media.music_queries import Usual
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class MusicForm(forms.Form):
    """A new piece of music. `place` is where one begins."""

    kind = forms.ChoiceField(label=_("Dùng làm"), choices=Music.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Tên"),
        max_length=music_actions.NAME_LIMIT,
        help_text=_("Ví dụ: Nhạc hiệu bản tin sáng."),
    )
    sound = forms.FileField(
        label=_("Tệp nhạc"),
        help_text=_("Tệp âm thanh loại nào cũng được. Nhạc hiệu dài nhất 1 phút, nhạc nền dài nhất 15 phút."),
        widget=forms.FileInput(attrs={"accept": "audio/*,video/mp4"}),
        error_messages={"empty": _("Tệp trống, không có gì bên trong. Hãy chọn tệp khác.")},
    )
    place = PlaceField(
        Place.objects.none(),
        label=_("Của đơn vị"),
        empty_label=None,
        help_text=_("Đơn vị này và các đơn vị bên dưới đều dùng được."),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = music_queries.places_of(person, Right.WRITE, clock.today())
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class UsualForm(forms.Form):
    """With which music new bulletins of a place begin."""

    def __init__(self, usual: list[Usual], offered: list[Music], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in usual:
            kind = music_queries.KINDS[one.use]
            pieces = [(music.pk.hex, music.name) for music in offered if music.kind == kind]
            choices = [(INHERIT, _above(one)), (NONE, _("Không dùng")), *pieces]
            said = (one.music.pk.hex if one.music else NONE) if one.own else INHERIT
            self.fields[one.use] = forms.ChoiceField(label=one.label, choices=choices, initial=said, required=False)

    def wanted(self) -> dict[str, str]:
        """What is said of each use."""
        return {use: self.cleaned_data[use] or INHERIT for use in UsualMusic.Use.values}


def _above(one: Usual) -> Any:
    if one.own:
        return _("Theo cấp trên")
    if one.said_by is None:
        return _("Theo cấp trên: không dùng")
    return _("Theo %(place)s: %(music)s") % {
        "place": one.said_by,
        "music": one.music.name if one.music else _("không dùng"),
    }


class PlaceChoice(forms.Form):
    """Which place's music is shown."""

    place = PlaceField(Place.objects.none(), label=_("Đơn vị"), empty_label=None, required=False)

    def __init__(self, places: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
