"""Reading the pages of the newsroom. Limits of a wording are the action's; here it is only read, nothing is lost."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.kit import clock
from nguon.media import music_queries
from nguon.media import queries as media
from nguon.media.models import Film, Source, UsualMusic
from nguon.media.rules import FASTEST, SLOWEST, Mix
from nguon.newsroom import films, pictures
from nguon.newsroom.actions import Details, Sound
from nguon.newsroom.fields import LINK, FilmFields, Pasted, ShownFields
from nguon.newsroom.kept import checked
from nguon.newsroom.models import Bulletin, Category, PriorityClass, Version
from nguon.newsroom.pasted import plain
from nguon.newsroom.rules import DEFAULT_RATE, Draft, tidy
from nguon.newsroom.words import LANGUAGES, RATES, STATES
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, role_places, visible
from nguon.places.models import Place
from nguon.places.queries import in_force
from nguon.ports.channel import Picture

MOMENT = "%Y-%m-%dT%H:%M"
FIRST_YEAR = 1900
SPEECH, SOUND = "speech", "sound"
RECORDED = "thu-am."  # how the recorder names what it made
CLASSES = [(value, label) for value, label in PriorityClass.choices if value != PriorityClass.EMERGENCY]


class MomentField(forms.DateTimeField):
    """A moment in Vietnam's time. A year of one or two digits (`0001`, `0025`) is a slip of the finger."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is not None and found.year < FIRST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A field for a moment, typed in Vietnam's time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return MomentField(label=label, required=False, widget=widget, help_text=help_text)


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class EditorForm(FilmFields, ShownFields):
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
    voice = forms.ChoiceField(
        label=_("Giọng đọc"),
        required=False,
        error_messages={"invalid_choice": _("Đơn vị này không có giọng đã chọn. Hãy chọn giọng khác.")},
    )
    rate = forms.TypedChoiceField(label=_("Tốc độ"), choices=RATES, coerce=int, initial=DEFAULT_RATE, required=False)
    repeat = forms.BooleanField(
        label=_("Cuối bài nhắc lại thời gian, địa điểm, số điện thoại"), required=False, initial=False
    )
    opening = forms.ChoiceField(label=UsualMusic.Use.OPENING.label, required=False)
    closing = forms.ChoiceField(label=UsualMusic.Use.CLOSING.label, required=False)
    bed = forms.ChoiceField(label=UsualMusic.Use.BED.label, required=False)
    sound = forms.FileField(
        label=_("Tệp âm thanh"),
        required=False,
        help_text=_("Chọn tệp đã thu sẵn (MP3, WAV, M4A…), hoặc ghi âm ngay bên dưới."),
        widget=forms.FileInput(attrs={"accept": "audio/*,video/mp4"}),
    )
    pictures = forms.Field(label=_("Ảnh trên bảng tin"), required=False, widget=forms.HiddenInput)  # read by `slots`
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
    kept = forms.CharField(label=_("Âm thanh có sẵn"), widget=forms.HiddenInput, required=False)  # by its hash
    reread = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, person: Person, *args: Any, version: Version | None = None, **kwargs: Any) -> None:
        self.version, self.person = version, person
        self.slots = pictures.of_version(person, version)
        self.reel = films.of_version(person, version)
        kwargs.setdefault("initial", starting(person) if version is None else shown(version))
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.slots = pictures.sent(person, self.data, self.files, clock.now())
            self.reel = films.sent(person, self.data, self.files, clock.now())
        today = clock.today()
        mine = in_force(today).filter(pk__in=place_ids(person, Right.WRITE, today))
        if version is not None:  # a place that has since been merged stays the issuer of what it issued
            mine = mine | Place.objects.filter(pk=version.bulletin.place_id)
        self.field("place").queryset = mine
        self.field("office").queryset = visible(Office.objects.all(), person)
        kept = version.voice if version is not None else ""
        self.field("voice").choices = voice_choices(self._place_id(mine), kept)
        held = Mix.of(version.mix) if version else Mix()
        issuing = {*role_places(person, Right.WRITE, today), *([version.bulletin.place_id] if version else [])}
        self.tell_what_shows()
        self.music = music_choices(issuing, held)
        for use, choices in self.music.items():
            self.field(use).choices = [("", _("Không dùng")), *choices]

    def clean_kept(self) -> str:
        return checked(self.person, self.cleaned_data["kept"]) if self.version is None else ""

    def clean_pictures(self) -> tuple[tuple[str, str], ...]:
        return pictures.chosen(self.person, self.slots)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        held = self.version.sound_id if self.version is not None else data.get("kept")
        if self.sounds and not data.get("sound") and not held and "sound" not in self.errors:
            self.add_error("sound", _("Chưa có âm thanh. Hãy chọn tệp hoặc ghi âm."))
        return data

    def _place_id(self, mine: QuerySet[Place]) -> UUID | None:
        """The place as the page stands: its voices are offered. None if it is not one of the person's."""
        chosen = self["place"].value()
        try:
            return mine.filter(pk=getattr(chosen, "pk", chosen)).values_list("pk", flat=True).first()
        except (ValueError, ValidationError):  # no id at all
            return None

    def field(self, name: str) -> Any:
        """A field of this form, whose kind the caller knows."""
        return self.fields[name]

    @property
    def has_music(self) -> bool:
        """Whether there is any music to choose."""
        return any(self.music.values())

    @property
    def has_pictures(self) -> bool:
        """Whether there is a picture among what stands in the page."""
        return any(slot.mark for slot in self.slots)

    @property
    def sounds(self) -> bool:
        """Whether a file is to be heard instead of a voice."""
        return bool(self.cleaned_data.get("how") == SOUND)

    def draft(self) -> Draft:
        """The wording as read. A kept sound is the one of the version that was edited."""
        data = self.cleaned_data
        held = self.version.sound_id if self.version is not None else data["kept"]
        kept = held if self.sounds else None
        link_url, link_label = self.link(self.version)
        return Draft(
            title=data["title"],
            body=data["body"],
            language=data["language"],
            voice="" if self.sounds else data["voice"],
            rate=DEFAULT_RATE if self.sounds else data["rate"] or DEFAULT_RATE,
            repeat=bool(data["repeat"]) and not self.sounds,
            sound=kept or "",
            mix=Mix(**{use: data.get(use) or "" for use in music_queries.KINDS}),
            pictures=data.get("pictures") or (),
            link_url=link_url,
            link_label=link_label,
            **dict(zip(("film", "film_alt"), data.get("film") or ("", ""), strict=True)),
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


def voice_choices(place_id: UUID | None, kept: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """The voices of a place by region. One that was chosen before stays, though it may be gone: another then speaks."""
    voices = media.voices(place_id)
    groups = [(words, [(one.name, one.label) for one in found]) for words, found in media.grouped(voices)]
    if kept and all(one.name != kept for one in voices):
        groups.append((gettext("Không còn dùng được"), [(kept, kept.partition("/")[2])]))
    return groups


def music_choices(place_ids: Iterable[UUID], held: Mix) -> dict[str, list[tuple[str, str]]]:
    """The music of these places by use, (file, name); what the wording has already stays, ended or not."""
    offered = music_queries.offered(place_ids, clock.today())
    names, kept = dict(zip(held.as_json(), music_queries.named(held), strict=True)), held.as_json()
    found = {}
    for use, kind in music_queries.KINDS.items():
        choices = {one.file_id: one.name for one in offered if one.kind == kind}
        if use in kept and kept[use] not in choices:
            choices[kept[use]] = _("%(name)s (đã thôi dùng)") % {"name": names[use][1]}
        found[use] = list(choices.items())
    return found


class AloudForm(forms.Form):
    """The part of the editor's page that decides how it is read. Anything unknown is as if not given."""

    body = Pasted(required=False)
    place = PlaceField(queryset=Place.objects.none(), required=False)
    rate = forms.IntegerField(required=False)
    repeat = forms.BooleanField(required=False)

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

    def repeats(self) -> bool:
        """Whether the key facts are to be said again."""
        return bool(self.cleaned_data.get("repeat"))

    def language(self) -> str:
        """The language it is written in; Vietnamese if not said."""
        return str(self.data.get("language") or LANGUAGES[0][0])


class ShownForm(forms.Form):
    """The part of the editor's page that decides how it is seen. Anything unknown is as if not given."""

    title = Pasted(required=False)
    body = Pasted(required=False)
    link_url = Pasted(required=False)
    link_label = Pasted(required=False)
    place = PlaceField(queryset=Place.objects.none(), required=False)
    office = forms.ModelChoiceField(queryset=Office.objects.none(), required=False)

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data)
        self.person = person
        place, office = (cast("Any", self.fields[name]) for name in ("place", "office"))
        place.queryset = Place.objects.filter(pk__in=place_ids(person, Right.WRITE))
        office.queryset = visible(Office.objects.all(), person)
        self.is_valid()

    def draft(self) -> Draft:
        """The words as they would be kept, in the language they are written in; nothing is cut."""
        title, body, *link = (self.cleaned_data.get(name, "") for name in ("title", "body", *LINK))
        small = len(body) <= 10 * settings.NGUON_MAX_TEXT
        language = str(self.data.get("language") or LANGUAGES[0][0])
        draft = Draft(title=title, body=body, language=language, link_url=link[0], link_label=link[1])
        return tidy(draft, plain(body) if small else body)

    def seen(self) -> tuple[Picture, ...]:
        """The pictures that stand in the page, small."""
        return pictures.as_typed(self.person, pictures.sent(self.person, self.data, {}, clock.now()))

    def film(self) -> Film | None:
        """The film that stands in the page."""
        return films.marked(self.person, str(self.data.get("film") or ""))

    def whose(self) -> tuple[Place | None, Office | None]:
        """The place and the office whose word it is, as far as they are chosen."""
        return self.cleaned_data.get("place"), self.cleaned_data.get("office")


def starting(person: Person) -> dict[str, Any]:
    """What stands in an empty editor's page: the person's own place, office, and the voice and music of the place."""
    place = in_force(clock.today()).filter(pk__in=role_places(person, Right.WRITE, clock.today())).first()
    voice = media.default_voice(place.pk, clock.now()) if place else ""
    own: dict[str, Any] = {"place": place, "office": person.office_id, "voice": voice}
    music = music_queries.usual_mix(place.pk, clock.today()).as_json() if place else {}
    return own | {"how": SPEECH, "rate": DEFAULT_RATE, "seen": 0} | music


def asked_voice(person: Person, data: QueryDict) -> dict[str, Any]:
    """The place that was just chosen in the editor's page, and the voice there: the same if it has that one too."""
    try:
        place = Place.objects.filter(pk=data.get("place", ""), pk__in=place_ids(person, Right.WRITE)).first()
    except ValidationError:
        place = None
    if place is None:
        return {}
    same = data.get("voice", "")
    there = any(one.name == same for one in media.voices(place.pk))
    return {"place": place, "voice": same if there else media.default_voice(place.pk, clock.now())}


def shown(version: Version) -> dict[str, Any]:
    """What stands in the editor's page of a version."""
    bulletin: Bulletin = version.bulletin
    return {
        "title": version.title,
        "body": version.body,
        "how": SOUND if version.sound_id else SPEECH,
        "voice": version.voice or media.default_voice(bulletin.place_id, clock.now()),
        "rate": version.rate or DEFAULT_RATE,
        "repeat": version.repeat,
        **version.mix,
        **{name: getattr(version, name) for name in LINK},
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
