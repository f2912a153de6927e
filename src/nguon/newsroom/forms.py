"""Reading the pages of the newsroom. Limits of a wording are the action's; here it is only read, nothing is lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nguon.kit import clock
from nguon.media import queries as media
from nguon.media.models import Source
from nguon.media.rules import FASTEST, SLOWEST
from nguon.newsroom.actions import Details, Sound
from nguon.newsroom.models import Bulletin, Category, PriorityClass, Version
from nguon.newsroom.pasted import plain
from nguon.newsroom.rules import DEFAULT_RATE, Draft, tidy
from nguon.newsroom.words import LANGUAGES, RATES, STATES
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, role_places, visible
from nguon.places.models import Place
from nguon.places.queries import in_force

MOMENT = "%Y-%m-%dT%H:%M"
SPEECH, SOUND = "speech", "sound"
RECORDED = "thu-am."  # how the recorder names what it made
CLASSES = [(value, label) for value, label in PriorityClass.choices if value != PriorityClass.EMERGENCY]


class Pasted(forms.CharField):
    """Text as typed or pasted: nothing is refused here, not even controls; the action cleans and judges it."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\x00", "")


def moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A field for a moment, typed in Vietnam's time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=help_text)


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class EditorForm(forms.Form):
    """The editor's page: wording, details, and how it is heard."""

    title = Pasted(
        label=_("Tên bản tin"),
        error_messages={"required": _("Hãy đặt tên cho bản tin.")},
        help_text=_("Để tìm lại và để người duyệt biết là việc gì. Không đọc lên loa."),
    )
    body = Pasted(
        label=_("Nội dung đọc lên loa"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "data-length": ""}),
        help_text=_("Gõ hoặc dán nguyên văn thông báo, kể cả từ Word hay trang web."),
    )
    how = forms.ChoiceField(
        label=_("Cách phát"),
        choices=[(SPEECH, _("Máy đọc nội dung")), (SOUND, _("Dùng tệp âm thanh hoặc ghi âm"))],
        widget=forms.RadioSelect,
        initial=SPEECH,
    )
    voice = forms.ChoiceField(label=_("Giọng đọc"), required=False)
    rate = forms.TypedChoiceField(label=_("Tốc độ"), choices=RATES, coerce=int, initial=DEFAULT_RATE, required=False)
    sound = forms.FileField(
        label=_("Tệp âm thanh"),
        required=False,
        help_text=_("Chọn tệp đã thu sẵn (MP3, WAV, M4A…), hoặc ghi âm ngay bên dưới."),
        widget=forms.FileInput(attrs={"accept": "audio/*,video/mp4"}),
    )
    place = PlaceField(label=_("Đơn vị ban hành"), queryset=Place.objects.none(), empty_label=None)
    office = forms.ModelChoiceField(
        label=_("Cơ quan cung cấp"), queryset=Office.objects.none(), required=False, empty_label=_("Không ghi")
    )
    category = forms.ChoiceField(label=_("Lĩnh vực"), choices=Category.choices, initial=Category.LOCAL)
    priority = forms.ChoiceField(
        label=_("Loại tin"),
        choices=CLASSES,
        initial=PriorityClass.ORDINARY,
        help_text=_("Tin ưu tiên được phát trước tin thông thường. Tin khẩn cấp có phần riêng."),
    )
    language = forms.ChoiceField(
        label=_("Ngôn ngữ"),
        choices=LANGUAGES,
        initial="vi",
        help_text=_("Máy chỉ đọc được tiếng Việt. Tiếng khác thì dùng tệp âm thanh hoặc ghi âm."),
    )
    valid_from = moment(_("Có hiệu lực từ"))
    valid_to = moment(_("Hết hiệu lực"), _("Quá giờ này bản tin không phát được nữa."))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    reread = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, person: Person, *args: Any, version: Version | None = None, **kwargs: Any) -> None:
        self.version = version
        kwargs.setdefault("initial", starting(person) if version is None else shown(version))
        super().__init__(*args, **kwargs)
        today = clock.today()
        mine = in_force(today).filter(pk__in=place_ids(person, Right.WRITE, today))
        if version is not None:  # a place that has since been merged stays the issuer of what it issued
            mine = mine | Place.objects.filter(pk=version.bulletin.place_id)
        self.field("place").queryset = mine
        self.field("office").queryset = visible(Office.objects.all(), person)
        self.field("voice").choices = voice_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        held = self.version is not None and self.version.sound_id
        if self.sounds and not data.get("sound") and not held and "sound" not in self.errors:
            self.add_error("sound", _("Chưa có âm thanh. Hãy chọn tệp hoặc ghi âm."))
        return data

    def field(self, name: str) -> Any:
        """A field of this form, whose kind the caller knows."""
        return self.fields[name]

    @property
    def sounds(self) -> bool:
        """Whether a file is to be heard instead of a voice."""
        return bool(self.cleaned_data.get("how") == SOUND)

    def draft(self) -> Draft:
        """The wording as read. A kept sound is the one of the version that was edited."""
        data = self.cleaned_data
        kept = self.version.sound_id if self.sounds and self.version is not None else None
        return Draft(
            title=data["title"],
            body=data["body"],
            language=data["language"],
            voice="" if self.sounds else data["voice"],
            rate=DEFAULT_RATE if self.sounds else data["rate"] or DEFAULT_RATE,
            sound=kept or "",
        )

    def details(self) -> Details:
        """What is known of it besides."""
        data = self.cleaned_data
        return Details(
            place_id=data["place"].pk,
            category=data["category"],
            priority=data["priority"],
            office_id=data["office"].pk if data["office"] else None,
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
        )

    def given(self) -> Sound | None:
        """The file that came with the form, if it is to be heard."""
        file: File[Any] | None = self.cleaned_data.get("sound")
        if file is None or not self.sounds:
            return None
        recorded = (file.name or "").startswith(RECORDED)
        return Sound(file, Source.RECORDING if recorded else Source.UPLOAD)


class AloudForm(forms.Form):
    """The part of the editor's page that decides how it is read. Anything unknown is as if not given."""

    body = Pasted(required=False)
    place = PlaceField(queryset=Place.objects.none(), required=False)
    rate = forms.IntegerField(required=False)

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["place"]
        field.queryset = Place.objects.filter(pk__in=place_ids(person, Right.WRITE))
        self.is_valid()

    def wording(self) -> tuple[str, UUID | None, int]:
        """The body as it would be kept, cut where no bulletin is longer; the place; syllables a minute."""
        data = self.cleaned_data
        typed = data.get("body", "")[: 10 * settings.NGUON_MAX_TEXT]
        kept = tidy(Draft(title="", body=typed), plain(typed)).body[: settings.NGUON_MAX_TEXT]
        rate = min(max(data.get("rate") or DEFAULT_RATE, SLOWEST), FASTEST)
        place = data.get("place")
        return kept, place.pk if place else None, rate

    def language(self) -> str:
        """The language it is written in; Vietnamese if not said."""
        return str(self.data.get("language") or LANGUAGES[0][0])


def voice_choices() -> list[tuple[str, str]]:
    """The voices of this server."""
    return [(voice.name, voice.label) for voice in media.voices()]


def starting(person: Person) -> dict[str, Any]:
    """What stands in an empty editor's page: the person's own place and office."""
    places = in_force(clock.today()).filter(pk__in=role_places(person, Right.WRITE, clock.today()))
    return {"place": places.first(), "office": person.office_id, "how": SPEECH, "rate": DEFAULT_RATE, "seen": 0}


def shown(version: Version) -> dict[str, Any]:
    """What stands in the editor's page of a version."""
    bulletin: Bulletin = version.bulletin
    return {
        "title": version.title,
        "body": version.body,
        "how": SOUND if version.sound_id else SPEECH,
        "voice": version.voice,
        "rate": version.rate or DEFAULT_RATE,
        "place": bulletin.place_id,
        "office": bulletin.office_id,
        "category": bulletin.category,
        "priority": bulletin.priority,
        "language": bulletin.language,
        "valid_from": bulletin.valid_from and timezone.localtime(bulletin.valid_from),
        "valid_to": bulletin.valid_to and timezone.localtime(bulletin.valid_to),
        "seen": version.number,
    }


class FilterForm(forms.Form):
    """The filters of the list. Anything unknown is as if not asked."""

    q = Pasted(label=_("Tìm trong tên và nội dung"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Mọi trạng thái")), *((value, words) for value, (words, _kind) in STATES.items())],
    )
    category = forms.ChoiceField(
        label=_("Lĩnh vực"), required=False, choices=[("", _("Mọi lĩnh vực")), *Category.choices]
    )
    mine = forms.BooleanField(label=_("Chỉ bản tin của tôi"), required=False)

    def asked(self) -> dict[str, Any]:
        """The filters as `queries.found` takes them."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "state": data.get("state", ""),
            "category": data.get("category", ""),
            "mine": data.get("mine", False),
        }
