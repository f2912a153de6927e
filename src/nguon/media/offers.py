"""What voices a place may choose from, in the words of a list, and the one its bulletins begin with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from nguon.kit import clock
from nguon.media import chain, using, voice_sources
from nguon.media.chain import Passed
from nguon.media.models import PlaceVoice, VoiceUse
from nguon.media.voice_words import GENDERS, REGIONS
from nguon.media.voices import Source
from nguon.ports.voice import VoiceInfo

MARKS = {Passed.RESTING: "resting", Passed.LOCKED: "broken", Passed.BROKEN: "broken"}


@dataclass(frozen=True)
class VoiceChoice:
    """One voice in a list: `name` is what is stored (`espeak/vi`), `label` what is read (`Giọng Bắc (máy, nam)`).

    `mark` is empty, `near` or `over` (of the month's budget), `resting` or `broken`; `price` is đồng for 1,000
    characters, `provider` empty for a voice of this server itself.
    """

    name: str
    label: str
    region: str
    title: str = ""
    gender: str = ""
    style: str = ""
    provider: str = ""
    mark: str = ""
    price: Decimal | None = None

    @property
    def value(self) -> str:
        """The same as `name`: the value of an option."""
        return self.name

    @property
    def network(self) -> bool:
        """Whether it is spoken elsewhere, so that it needs the network."""
        return bool(self.provider)


@dataclass(frozen=True)
class Offered:
    """What a place may choose from, and the voice (`plug/voice`) its bulletins begin with; empty if there is none."""

    voices: list[VoiceChoice]
    default: str


def offered(place_id: UUID, now: datetime) -> Offered:
    """The voices of a place, and the one to begin with: as the nearest place from there upwards chose, if it is there.

    Where nobody chose one, the first of the server itself.
    """
    found = voices(place_id, now)
    names = {one.name for one in found}
    up = voice_sources.upwards(place_id, clock.local_day(now))
    chosen = dict(PlaceVoice.objects.filter(place__in=up).values_list("place_id", "voice"))
    near = (chosen[pk] for pk in up if chosen.get(pk) in names)
    own = (one.name for one in found if not one.network)
    return Offered(found, next(near, next(own, "")))


def default_voice(place_id: UUID, now: datetime) -> str:
    """The voice a bulletin of a place begins with."""
    return offered(place_id, now).default


def voices(place_id: UUID | None = None, now: datetime | None = None) -> list[VoiceChoice]:
    """The voices that a place may use, as they are tried: of its accounts, then of this server. None: the server's.

    What is switched off is not among them. Of two accounts with one voice the first counts that can be asked.
    """
    moment = now or clock.now()
    found = [one for one in voice_sources.sources(place_id, moment) if one.passed is not Passed.OFF]
    used = using.month([one.account.pk for one in found if one.account], moment)
    listed: dict[str, VoiceChoice] = {}
    for source in found:
        use = used.get(source.account.pk) if source.account else None
        for voice in source.voices:
            choice = _choice(source, voice, use)
            known = listed.get(choice.name)
            if known is None or (known.mark not in ("", "near") and choice.mark in ("", "near")):
                listed[choice.name] = choice
    return list(listed.values())


def grouped(choices: Iterable[VoiceChoice]) -> list[tuple[str, list[VoiceChoice]]]:
    """The voices by region, each under its words: the region of the country's middle first, the unknown last."""
    by_region: dict[str, list[VoiceChoice]] = {region: [] for region in REGIONS}
    for one in choices:
        by_region.setdefault(one.region, []).append(one)
    return [(str(REGIONS.get(region, _("Giọng khác"))), found) for region, found in by_region.items() if found]


def chosen_at(place_id: UUID) -> str:
    """The voice this very place chose; empty if none."""
    return PlaceVoice.objects.filter(place=place_id).values_list("voice", flat=True).first() or ""


def choice_of(source: Source, name: str) -> VoiceChoice | None:
    """A voice (`plug/voice`) of a source in the words of a list; None if it has no such voice any more."""
    found = next((voice for voice in source.voices if f"{source.key}/{voice.id}" == name), None)
    return _choice(source, found, None) if found else None


def _choice(source: Source, voice: VoiceInfo, use: VoiceUse | None) -> VoiceChoice:
    account = source.account
    title, gender = _(voice.name), str(GENDERS.get(voice.gender, ""))
    mark = MARKS.get(source.passed, "") if source.passed else ""
    if account is not None and not mark:
        mark = chain.mark(use.characters if use else 0, account.budget)
    traits = [source.label, gender, voice.style, _("cần mạng")] if account else [_("máy"), gender, voice.style]
    label = f"{title} ({', '.join(filter(None, traits))})"
    said = {
        "over": _("hết hạn mức"),
        "near": _("gần hết hạn mức"),
        "resting": _("đang tạm nghỉ vì lỗi"),
        "broken": _("chưa dùng được"),
    }
    return VoiceChoice(
        name=f"{source.key}/{voice.id}",
        label=f"{label} – {said[mark]}" if mark else label,
        region=voice.region,
        title=title,
        gender=gender,
        style=voice.style,
        provider=source.label if account else "",
        mark=mark,
        price=account.price if account else None,
    )
