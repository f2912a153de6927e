"""Questions about accounts with providers of voices: how each stands, and what it spoke. No secret ever leaves here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nguon import vault
from nguon.kit.clock import local_day
from nguon.kit.text import fold
from nguon.media import chain, using, voice_sources, voices
from nguon.media.chain import Passed
from nguon.media.models import VoiceAccount, VoiceUse
from nguon.media.voice_words import ADVICE, PASSED
from nguon.people import scope
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.ui.words import when
from nguon.vault import VaultError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nguon.people.models import Person

MONTHS = 6  # shown of the past


@dataclass(frozen=True)
class Standing:
    """How an account is, in words with the kind of their badge, and what helps."""

    words: str
    kind: str
    advice: str = ""

    @property
    def good(self) -> bool:
        """Whether nobody needs to do anything."""
        return self.kind in ("ok", "off", "info")


@dataclass(frozen=True)
class Card:
    """One account as a page shows it: how it is, what it spoke this month, what that costs (đồng)."""

    account: VoiceAccount
    provider: str
    standing: Standing
    use: VoiceUse | None
    voices: int

    @property
    def characters(self) -> int:
        """Spoken this month."""
        return self.use.characters if self.use else 0

    @property
    def percent(self) -> int | None:
        """Of the budget of the month."""
        return chain.percent(self.characters, self.account.budget)

    @property
    def mark(self) -> str:
        """`near` or `over` the budget, or empty."""
        return chain.mark(self.characters, self.account.budget)

    @property
    def cost(self) -> int | None:
        """What this month cost so far, in đồng."""
        return chain.cost(self.characters, self.account.price)


def managed(person: "Person | AnonymousUser", right: Right = Right.PEOPLE) -> QuerySet[VoiceAccount]:
    """The accounts of the places where the person has the right, in the order they are tried at each."""
    return scope.visible(VoiceAccount.objects.select_related("place"), person, right)


def by_place(person: "Person", now: datetime) -> list[tuple[Place, list[Card]]]:
    """The accounts a person manages, by place, without those given up."""
    found = managed(person).filter(ended_at=None).order_by("place__folded", "place", "position", "created_at")
    groups = groupby(cards(found, now), key=lambda card: card.account.place)
    return sorted(((place, list(rows)) for place, rows in groups), key=lambda group: fold(group[0].name))


def ended(person: "Person", now: datetime) -> list[Card]:
    """The accounts that were given up, the newest first."""
    return cards(managed(person).exclude(ended_at=None).order_by("-ended_at"), now)


def from_above(person: "Person", now: datetime) -> list[Card]:
    """The accounts of places above, which speak for the person's places too, but are managed by others."""
    day = local_day(now)
    mine = scope.place_ids(person, Right.PEOPLE, day)
    tops = scope.role_places(person, Right.PEOPLE, day)
    found = {one.pk: one for top in tops for one in voice_sources.accounts_for(top, day) if one.place_id not in mine}
    return cards(found.values(), now)


def cards(accounts: Iterable[VoiceAccount], now: datetime) -> list[Card]:
    """Accounts with how they stand and what they spoke this month."""
    found = list(accounts)
    used = using.month([one.pk for one in found], now)
    return [card(one, used.get(one.pk), now) for one in found]


def card(account: VoiceAccount, use: VoiceUse | None, now: datetime) -> Card:
    """One account with its use of this month."""
    source = voices.of_account(account)
    said = standing(account, source.passed, use, now, source.complaint)
    return Card(account, source.label or account.provider, said, use, len(source.voices))


def standing(
    account: VoiceAccount, passed: Passed | None, use: VoiceUse | None, now: datetime, complaint: str = ""
) -> Standing:
    """How an account is: the gravest first. `complaint` is what its provider finds wrong in it."""
    if account.ended_at is not None:
        return Standing(_("Đã kết thúc"), "off")
    if not account.enabled:
        return Standing(_("Đang tắt"), "off")
    if passed is not None:
        return Standing(_("Chưa dùng được"), "bad", complaint or str(PASSED[passed]))
    over = chain.mark(use.characters if use else 0, account.budget)
    if over == "over":
        return Standing(_("Hết hạn mức tháng này"), "bad", _("Sang tháng tự dùng lại, hoặc tăng hạn mức."))
    advice = str(ADVICE.get(account.failing, ""))
    if account.resting_until is not None and account.resting_until > now:
        return Standing(_("Tạm nghỉ đến %(when)s") % {"when": when(account.resting_until, now)}, "bad", advice)
    if account.failing:
        return Standing(_("Lần gần nhất bị lỗi"), "warn", advice)
    if over == "near":
        return Standing(_("Gần hết hạn mức tháng này"), "warn", _("Hết thì tài khoản nghỉ đến tháng sau."))
    if use is None:
        return Standing(_("Chưa dùng trong tháng"), "info")
    return Standing(_("Dùng được"), "ok")


@dataclass(frozen=True)
class Month:
    """What an account spoke in one month, and what that cost (đồng)."""

    use: VoiceUse
    cost: int | None


def months(account: VoiceAccount) -> list[Month]:
    """The newest months in which an account was asked."""
    found = VoiceUse.objects.filter(account=account).order_by("-month")[:MONTHS]
    return [Month(use, chain.cost(use.characters, account.price)) for use in found]


def newest_failure(account: VoiceAccount) -> VoiceUse | None:
    """The month with the newest failure of an account."""
    return VoiceUse.objects.filter(account=account).exclude(last_failed_at=None).order_by("-last_failed_at").first()


def health(person: "Person | AnonymousUser", now: datetime) -> list[Card]:
    """The accounts of the places whose people or devices the person looks after, for the page of the server's state."""
    day = local_day(now)
    reach = scope.place_ids(person, Right.PEOPLE, day) | scope.place_ids(person, Right.DEVICES, day)
    found = VoiceAccount.objects.filter(place__in=reach, ended_at=None).select_related("place")
    return cards(found.order_by("place__folded", "place", "position", "created_at"), now)


def manages_any(person: "Person | AnonymousUser") -> bool:
    """Whether the person manages the accounts of some place."""
    return bool(scope.place_ids(person, Right.PEOPLE))


def may_use_at(person: "Person | AnonymousUser", on: date) -> frozenset[UUID]:
    """The places where the person may hear and choose voices: whoever writes there, and its administrators."""
    return scope.place_ids(person, Right.WRITE, on) | scope.place_ids(person, Right.PEOPLE, on)


def held(account: VoiceAccount) -> frozenset[str]:
    """The names of the secrets that an account has; none if they cannot be opened, and must be given anew."""
    try:
        return frozenset(vault.unseal(account.secrets, account.pk))
    except VaultError:
        return frozenset()


def own_place(person: "Person", now: datetime) -> UUID | None:
    """The place whose voices a person meets first: where they write, else where they administer, else any in reach."""
    day = local_day(now)
    for right in (Right.WRITE, Right.PEOPLE):
        if mine := scope.role_places(person, right, day):
            named = Place.objects.filter(pk__in=mine).order_by("folded").values_list("pk", flat=True)
            return named.first()
    return None
