"""Who may speak for a place: its own accounts by position, those of each place above, then the voices of the server.

Sounds are shared between places exactly as far as their accounts are: `holder` is the nearest place at or above that
has an account, and all below it that have none speak by the very same chain. So nobody gets for nothing what another's
account paid for, and nobody pays twice for what the same account has said already.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from nguon.kit.clock import local_day
from nguon.media import voices
from nguon.media.chain import Passed
from nguon.media.errors import MediaError
from nguon.media.models import VoiceAccount, VoiceTrial
from nguon.media.rules import split_voice
from nguon.media.voices import Source
from nguon.places.models import Link, Succession
from nguon.places.queries import holding, in_force


def accounts_for(place_id: UUID, on: date) -> list[VoiceAccount]:
    """The accounts that speak for a place, in the order they are tried. Those given up are not among them."""
    up = upwards(place_id, on)
    found = VoiceAccount.objects.filter(place__in=up, ended_at=None).select_related("place")
    near = {pk: distance for distance, pk in enumerate(up)}
    return sorted(found, key=lambda one: (near[one.place_id], one.position, one.created_at))


def sources(place_id: UUID | None, now: datetime) -> list[Source]:
    """All that may speak for a place, in order; what is not to be asked now says why. None: the server's own only."""
    accounts = accounts_for(place_id, local_day(now)) if place_id is not None else []
    return [*(standing(voices.of_account(one), now) for one in accounts), *voices.own()]


def standing(source: Source, now: datetime) -> Source:
    """A source of an account with the reason not to ask it at this moment, if there is one."""
    account = source.account
    if account is None or source.passed is not None:
        return source
    if not account.enabled:
        return replace(source, passed=Passed.OFF)
    resting = account.resting_until is not None and account.resting_until > now
    return replace(source, passed=Passed.RESTING) if resting else source


def offers(found: list[Source], name: str) -> Source | None:
    """The first source that has a voice (`plug/voice`), whether it can be asked now or not."""
    plug, wanted = split_voice(name)
    return next((one for one in found if one.key == plug and any(each.id == wanted for each in one.voices)), None)


def of_trial(trial: VoiceTrial) -> tuple[Source, str]:
    """The one voice of a trial. Raises MediaError if this server has it no more."""
    plug, voice = split_voice(trial.rendition.voice)
    if trial.account is not None:
        return voices.of_account(trial.account), voice
    for source in voices.own():
        if source.key == plug:
            return source, voice
    raise MediaError(_("Giọng này không còn trên máy chủ."))


def wake(place_id: UUID | None, name: str, on: date) -> None:
    """Let the accounts of a place that have the asked provider be tried at once, though they failed a moment ago."""
    if place_id is None:
        return
    provider, _voice = split_voice(name)
    mine = [one.pk for one in accounts_for(place_id, on) if one.provider == provider]
    VoiceAccount.objects.filter(pk__in=mine).update(resting_until=None)


def holder(place_id: UUID, on: date) -> UUID | None:
    """The nearest place, from this one upwards, that has an account; None: only the server's own voices speak here."""
    up = upwards(place_id, on)
    having = set(VoiceAccount.objects.filter(place__in=up, ended_at=None).values_list("place_id", flat=True).distinct())
    return next((pk for pk in up if pk in having), None)


def upwards(place_id: UUID, on: date) -> list[UUID]:
    """The place, or what it has become since, and what lies above it: the nearest first."""
    chain = [_today(place_id, on)]
    while True:  # a query for each step: the way up is short, the whole territory is not
        links = Link.objects.filter(holding(on), child=chain[-1])
        parent = links.values_list("parent_id", flat=True).first()
        if parent is None or parent in chain:
            return chain
        chain.append(parent)


def _today(place_id: UUID, on: date) -> UUID:
    """The place itself while it stands; else the place it went into (of several, the first that was made)."""
    seen = {place_id}
    while not in_force(on).filter(pk=place_id).exists():
        heirs = Succession.objects.filter(old=place_id, on__lte=on).order_by("pk").values_list("new_id", flat=True)
        heir = next((pk for pk in heirs if pk not in seen), None)
        if heir is None:
            break
        seen.add(heir)
        place_id = heir
    return place_id
