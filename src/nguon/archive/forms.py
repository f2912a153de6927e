"""Reading the pages of the archive. Limits are the actions'; here it is only read."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.archive import folders, rules
from nguon.archive.actions import Details
from nguon.archive.lore import FROM_TO
from nguon.archive.models import Category, Recording
from nguon.archive.queries import Filters, places_with_recordings
from nguon.archive.words import LENGTHS
from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.queries import places_with
from nguon.people.rules import Right
from nguon.people.scope import role_places
from nguon.places.models import Place

_PERIOD = re.compile(r"(?:(?:(?P<d>\d\d?)[-./\s])?(?P<m>\d\d?)[-./\s])?(?P<y>\d{4})")


class Text(forms.CharField):
    """Text as typed or pasted; the action cleans and judges it."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\x00", "")


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class FilterForm(forms.Form):
    """The filters of the list. Anything unknown is as if not asked."""

    q = Text(
        label=_("Tìm tên, chương trình, người nói, lời nói"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    place = PlaceField(label=_("Địa bàn"), queryset=Place.objects.none(), required=False, empty_label=_("Mọi địa bàn"))
    category = forms.ChoiceField(
        label=_("Thể loại"), required=False, choices=[("", _("Mọi thể loại")), *Category.choices]
    )
    first = day(_("Thu từ ngày"))
    last = day(_("Đến ngày"))
    length = forms.ChoiceField(
        label=_("Độ dài"), required=False, choices=[("", _("Dài ngắn bất kỳ")), *LENGTHS.items()]
    )
    look = forms.BooleanField(label=_("Chỉ bản cần xem lại"), required=False)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.queryset = places_with_recordings(person)

    def asked(self) -> Filters:
        """The filters as the query takes them."""
        self.is_valid()
        data = self.cleaned_data
        place = data.get("place")
        return Filters(
            text=data.get("q", ""),
            place=place.pk if place else None,
            category=data.get("category", ""),
            first=data.get("first"),
            last=data.get("last"),
            length=data.get("length", ""),
            look=data.get("look", False),
        )


class PeriodField(forms.CharField):
    """When it was made, as far as it is known: a day, a month, a year, or two of them with a dash between."""

    def clean(self, value: Any) -> tuple[date, date] | None:
        text = str(value or "").strip()
        if not text:
            return None
        ends = [part.strip() for part in FROM_TO.split(text)]
        try:
            periods = [_period(part) for part in ends]
        except ValueError as error:
            raise forms.ValidationError(
                gettext("Ghi ngày 12/05/2019, tháng 05/2019, năm 2019, hoặc 12/05/2019 – 18/05/2019.")
            ) from error
        return periods[0][0], periods[-1][1]


def _period(text: str) -> tuple[date, date]:
    """First and last day of a day, month or year as written. Raises ValueError."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, number = int(found["y"]), int(found["m"] or 0), int(found["d"] or 0)
    if number:
        return date(year, month, number), date(year, month, number)
    if found["m"]:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


class RecordingForm(forms.Form):
    """What is known of a recording."""

    title = Text(label=_("Tên bản thu"), error_messages={"required": _("Hãy đặt tên cho bản thu.")})
    recorded = PeriodField(
        label=_("Ngày thu"),
        required=False,
        help_text=_("Biết đến đâu ghi đến đó: 12/05/2019, 05/2019 hoặc 2019. Không biết thì để trống."),
    )
    programme = Text(label=_("Chương trình"), required=False)
    category = forms.ChoiceField(label=_("Thể loại"), required=False, choices=[("", _("Chưa rõ")), *Category.choices])
    speaker = Text(label=_("Người nói"), required=False, help_text=_("Phát thanh viên, người phát biểu, nghệ sĩ."))
    place = PlaceField(label=_("Địa bàn"), queryset=Place.objects.none(), empty_label=None)
    notes = Text(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, person: Person, recording: Recording, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", shown(recording))
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]  # a place that has since been merged stays the one that made it
        field.queryset = places_with(person, Right.WRITE) | Place.objects.filter(pk=recording.place_id)

    def details(self) -> Details:
        """What was typed."""
        data = self.cleaned_data
        first, last = data["recorded"] or (None, None)
        return Details(
            place_id=data["place"].pk,
            title=data["title"],
            programme=data["programme"],
            category=data["category"],
            speaker=data["speaker"],
            recorded_on=first,
            recorded_until=last,
            notes=data["notes"],
        )


def shown(recording: Recording) -> dict[str, Any]:
    """What stands in the form of a recording."""
    return {
        "title": recording.title,
        "recorded": rules.period(recording.recorded_on, recording.recorded_until),
        "programme": recording.programme,
        "category": recording.category,
        "speaker": recording.speaker,
        "place": recording.place_id,
        "notes": recording.notes,
    }


class ImportForm(forms.Form):
    """Where an import comes from and whose recordings they are."""

    place = PlaceField(
        label=_("Địa bàn"),
        queryset=Place.objects.none(),
        empty_label=None,
        help_text=_("Nơi đã làm ra các bản thu. Tên thôn, xã trong tên tệp được nhận ra cho từng bản."),
    )
    title = Text(label=_("Tên đợt nhập"), required=False, help_text=_("Ví dụ: Băng cũ trạm truyền thanh xã 1998–2010."))
    denoise = forms.BooleanField(
        label=_("Giảm tiếng xì của băng cũ"),
        required=False,
        help_text=_("Chỉ dùng cho lời nói. Bản gốc vẫn giữ nguyên; tệp không có tiếng xì thì không đổi."),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        mine = places_with(person, Right.WRITE)
        own = mine.filter(pk__in=role_places(person, Right.WRITE, clock.today())).first()
        kwargs.setdefault("initial", {"place": own})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.queryset = mine


class FolderForm(ImportForm):
    """An import of a folder of the server."""

    folder = forms.ChoiceField(label=_("Thư mục trên máy chủ"), widget=forms.RadioSelect)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(person, *args, **kwargs)
        field: Any = self.fields["folder"]
        field.choices = [(one.token, one) for one in folders.offered(person, clock.today())]


class FileForm(forms.Form):
    """One uploaded file and its path in the folder it came from."""

    file = forms.FileField(allow_empty_file=True, error_messages={"required": _("Chưa chọn tệp.")})
    path = Text(required=False)
