"""Questions about trials of voices: those who may use voices at a place see what was tried there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.kit.clock import today
from nguon.media import chain, offers, voice_sources, voices
from nguon.media.account_queries import may_use_at
from nguon.media.models import State, VoiceAccount, VoiceTrial
from nguon.media.offers import VoiceChoice

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nguon.people.models import Person


@dataclass(frozen=True)
class Heard:
    """A trial as a page shows it: the voice in words, how far it is, what it cost (đồng)."""

    trial: VoiceTrial
    voice: VoiceChoice | None
    cost: int | None

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.trial.rendition.state in (State.READY, State.FAILED)

    @property
    def seconds(self) -> float | None:
        """How long the voice took."""
        return None if self.trial.took_ms is None else self.trial.took_ms / 1000


def batch(person: "Person", batch_id: UUID) -> list[Heard]:
    """The trials asked for together, in their order; none if the person may not see them."""
    return [heard(one) for one in _seen(person).filter(batch=batch_id)]


def one(person: "Person", pk: UUID) -> Heard | None:
    """One trial, if the person may see it."""
    found = _seen(person).filter(pk=pk).first()
    return heard(found) if found else None


def newest_of(account: VoiceAccount) -> Heard | None:
    """The newest trial of an account."""
    whole = VoiceTrial.objects.select_related("rendition__file", "account", "place")
    found = whole.filter(account=account).order_by("-created_at").first()
    return heard(found) if found else None


def voices_of(account: VoiceAccount) -> list[VoiceChoice]:
    """The voices of an account, in its order."""
    source = voices.of_account(account)
    found = (offers.choice_of(source, f"{source.key}/{voice.id}") for voice in source.voices)
    return [one for one in found if one is not None]


def heard(trial: VoiceTrial) -> Heard:
    """A trial with its voice in words."""
    source = voices.of_account(trial.account) if trial.account else None
    if source is None:
        source = voice_sources.offers(voices.own(), trial.rendition.voice)
    choice = None if source is None else offers.choice_of(source, trial.rendition.voice)
    price = trial.account.price if trial.account else None
    return Heard(trial, choice, chain.cost(len(trial.rendition.spoken), price))


def may_hear(person: "Person | AnonymousUser", mark: str) -> bool:
    """Whether a file is the sound of a trial at a place where the person may use voices: a guard of `media:audio`.

    A rendition that has no file yet is asked for by its key.
    """
    found = VoiceTrial.objects.filter(Q(rendition__file=mark) | Q(rendition__key=mark))
    return found.filter(place__in=may_use_at(person, today())).exists() if found.exists() else False


def _seen(person: "Person") -> QuerySet[VoiceTrial]:
    whole = VoiceTrial.objects.select_related("rendition__file", "account", "place", "asked_by")
    return whole.filter(place__in=may_use_at(person, today()))
