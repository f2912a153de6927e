"""The verbs on accounts with providers of voices, and on the voice a place begins with.

An actor is an administrator of the place (right PEOPLE), or the name of a command on the server. The journal hears of
every change, and of a secret only that it changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nguon import vault
from nguon.journal import actions as journal
from nguon.kit import ids
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.media import account_rules, voice_sources, voices
from nguon.media.account_rules import Fault
from nguon.media.errors import AccountRefused, MediaError
from nguon.media.models import PlaceVoice, VoiceAccount, VoiceUse
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.places.queries import in_force
from nguon.ports.voice import VoiceProvider
from nguon.vault import VaultError

Actor = Person | str
MOST = 20  # accounts of one place
TOLD = ("name", "deadline", "budget", "price", "enabled")  # what the journal says of an account besides its settings


@dataclass(frozen=True)
class Terms:
    """What an administrator decides of an account. Settings by name; a secret that is empty stays as it was."""

    place_id: UUID
    name: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    deadline: int = 60  # seconds
    budget: int | None = None  # characters a month
    price: Decimal | None = None  # đồng for 1,000 characters


@transaction.atomic
def create(*, provider: str, terms: Terms, actor: Actor, now: datetime) -> VoiceAccount:
    """A new account, the last of its place. Raises AccountRefused, Forbidden."""
    require(actor, terms.place_id, now)
    if not in_force(local_day(now)).filter(pk=terms.place_id).exists():
        raise AccountRefused({"place": _("Địa bàn này đã thôi hiệu lực.")})
    if VoiceAccount.objects.filter(place=terms.place_id, ended_at=None).count() >= MOST:
        raise AccountRefused({"place": _("Mỗi địa bàn có nhiều nhất %(most)d tài khoản.") % {"most": MOST}})
    known = _provider(provider)
    account = VoiceAccount(id=ids.new(), provider=provider, position=_last(terms.place_id), created_at=now)
    secrets = _take(account, known, terms, {}, actor, now)
    account.secrets = vault.seal(secrets, account.pk)
    account.save(force_insert=True)
    _record("media.account-create", account, actor, now, after=_told(account, known) | _given(bool(secrets), "given"))
    return account


@transaction.atomic
def change(*, account: VoiceAccount, terms: Terms, actor: Actor, now: datetime) -> VoiceAccount:
    """Change what is decided of an account; it is tried anew at once. Raises AccountRefused, Forbidden."""
    account = _locked(account, actor, now)
    require(actor, terms.place_id, now)
    known = _provider(account.provider)
    held = _opened(account)
    before, moved = _told(account, known), terms.place_id != account.place_id
    secrets = _take(account, known, terms, held, actor, now)
    if secrets != held:
        account.secrets = vault.seal(secrets, account.pk)
    if moved:
        account.position = _last(terms.place_id)
    account.failing, account.failed_in_a_row, account.resting_until = "", 0, None
    account.save()
    after = _told(account, known)
    if before != after or secrets != held:
        _record("media.account-change", account, actor, now, before, after | _given(secrets != held, "changed"))
    return account


@transaction.atomic
def move(*, account: VoiceAccount, up: bool, actor: Actor, now: datetime) -> None:
    """One step up or down among the accounts of its place; nothing at the end. Raises Forbidden."""
    account = _locked(account, actor, now)
    beside = list(VoiceAccount.objects.select_for_update().filter(place=account.place_id, ended_at=None))
    at = next((n for n, one in enumerate(beside) if one.pk == account.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(beside):
        return
    beside[at], beside[to] = beside[to], beside[at]
    for position, one in enumerate(beside):
        VoiceAccount.objects.filter(pk=one.pk).update(position=position)
    order = [one.name for one in beside]
    _record("media.account-order", account, actor, now, after={"name": account.name, "order": order})


@transaction.atomic
def set_enabled(*, account: VoiceAccount, enabled: bool, actor: Actor, now: datetime) -> None:
    """Switch an account off, so that nobody speaks with it, or on again. Raises Forbidden."""
    account = _locked(account, actor, now)
    if account.enabled == enabled:
        return
    account.enabled, account.updated_at = enabled, now
    account.failing, account.failed_in_a_row, account.resting_until = "", 0, None
    account.save()
    before, after = ({"name": account.name, "active": active} for active in (not enabled, enabled))
    _record("media.account-active", account, actor, now, before, after)


@transaction.atomic
def remove(*, account: VoiceAccount, actor: Actor, now: datetime) -> bool:
    """Give an account up: its secrets are gone at once. True if nothing is left of it, as it never spoke a word; else
    it is kept, ended, for what it spoke. Raises Forbidden.
    """
    account = _locked(account, actor, now)
    if not VoiceUse.objects.filter(account=account, characters__gt=0).exists():
        _record("media.account-delete", account, actor, now, before={"name": account.name})
        account.delete()
        return True
    account.secrets, account.enabled, account.ended_at, account.updated_at = b"", False, now, now
    account.failing, account.failed_in_a_row, account.resting_until = "", 0, None
    account.save()
    _record("media.account-end", account, actor, now, before={"name": account.name}, after={"name": account.name})
    return False


@transaction.atomic
def choose_voice(*, place_id: UUID, voice: str, actor: Person, now: datetime) -> None:
    """The voice (`plug/voice`) with which bulletins of the place begin; empty: as the place above has it.

    For those who write there, and for its administrators. Raises MediaError, Forbidden.
    """
    if not any(scope.may(actor, right, place_id) for right in (Right.WRITE, Right.PEOPLE)):
        raise scope.forbidden()
    old = PlaceVoice.objects.filter(place=place_id).values_list("voice", flat=True).first() or ""
    if voice == old:
        return
    if not voice:
        PlaceVoice.objects.filter(place=place_id).delete()
    else:
        if not voice_sources.offers(voice_sources.sources(place_id, now), voice):
            raise MediaError(_("Địa bàn này không có giọng đó."))
        PlaceVoice.objects.update_or_create(place_id=place_id, defaults={"voice": voice, "updated_at": now})
    journal.record(
        actor=actor,
        verb="media.choose-voice",
        subject=f"places.place:{place_id.hex}",
        now=now,
        place=place_id,
        before={"voice": old},
        after={"voice": voice},
    )


@transaction.atomic
def follow(*, heirs: Mapping[UUID, Iterable[UUID]], actor: Actor, now: datetime) -> int:
    """After a change of the territory: the accounts and the voice of a place that went whole into one new place go
    along. How many accounts did. Those of a place that was split stay, for a person to move.
    """
    count = 0
    for old, news in heirs.items():
        if len(found := list(news)) != 1:
            continue
        for account in VoiceAccount.objects.filter(place=old, ended_at=None):
            before = {"name": account.name, "place": str(old)}
            account.place_id, account.position, account.updated_at = found[0], _last(found[0]), now
            account.save(update_fields=["place", "position", "updated_at"])
            _record("media.account-follow", account, actor, now, before, {"name": account.name, "place": str(found[0])})
            count += 1
        chosen = PlaceVoice.objects.filter(place=old).first()
        if chosen and not PlaceVoice.objects.filter(place=found[0]).exists():
            PlaceVoice.objects.create(place_id=found[0], voice=chosen.voice, updated_at=now)
            chosen.delete()
    return count


def require(actor: Actor, place_id: UUID, now: datetime) -> None:
    """Nothing, if the actor manages the accounts of this place. Raises Forbidden."""
    if isinstance(actor, Person):
        scope.require(actor, Right.PEOPLE, place_id, on=local_day(now))


def _take(
    account: VoiceAccount, provider: VoiceProvider, terms: Terms, held: Mapping[str, str], actor: Actor, now: datetime
) -> dict[str, str]:
    """Put the terms into the account, not saved yet; the secrets it will have come back. Raises AccountRefused."""
    everywhere = not isinstance(actor, Person) or scope.everywhere(actor, Right.PEOPLE)
    given = {name: clean(value) for name, value in terms.settings.items()}
    found = account_rules.sorted_out(provider.settings, given, held)
    faults = dict(account_rules.faults(provider.settings, found, near_allowed=everywhere))
    if account_rules.elsewhere(provider.settings, account.values, found.plain):
        faults |= {name: Fault.AGAIN for name in held if not given.get(name)}
    wrong = {name: _words(fault) for name, fault in faults.items()}
    name = clean(terms.name)
    if not name or len(name) > account_rules.LONGEST_NAME:
        limits = {"most": account_rules.LONGEST_NAME}
        wrong["name"] = _("Hãy đặt tên cho tài khoản, nhiều nhất %(most)d ký tự.") % limits
    if not account_rules.SHORTEST <= terms.deadline <= account_rules.LONGEST:
        limits = {"low": account_rules.SHORTEST, "high": account_rules.LONGEST}
        wrong["deadline"] = _("Thời gian chờ từ %(low)d đến %(high)d giây.") % limits
    hidden = tuple(found.secret.values())
    if not wrong and (said := voices.complaint(provider, {**found.plain, **found.secret}, hidden)):
        wrong["settings"] = said
    if wrong:
        raise AccountRefused(wrong)
    account.place = Place.objects.get(pk=terms.place_id)
    account.name, account.values, account.deadline = name, found.plain, terms.deadline
    account.budget, account.price, account.updated_at = terms.budget, terms.price, now
    return found.secret


def _words(fault: Fault) -> str:
    return {
        Fault.MISSING: _("Hãy điền mục này."),
        Fault.LONG: _("Mục này dài quá %(most)d ký tự.") % {"most": account_rules.LONGEST_VALUE},
        Fault.NO_ADDRESS: _("Địa chỉ phải bắt đầu bằng https:// hoặc http:// và có tên máy."),
        Fault.PASSWORD: _("Địa chỉ không được kèm tên đăng nhập hay mật khẩu. Hãy điền chúng vào mục riêng."),
        Fault.NEAR: _("Địa chỉ trong mạng nội bộ chỉ do quản trị viên của toàn hệ thống đặt được."),
        Fault.AGAIN: _("Địa chỉ dịch vụ đã đổi sang máy khác. Hãy nhập lại khóa."),
        Fault.PLAIN: _("Địa chỉ ngoài mạng nội bộ phải bắt đầu bằng https:// để khóa không bị lộ trên đường truyền."),
    }[fault]


def _provider(key: str) -> VoiceProvider:
    found = voices.providers().get(key)
    if found is None:
        raise AccountRefused({"provider": _("Nhà cung cấp này không dùng được trên máy chủ.")})
    return found


def _opened(account: VoiceAccount) -> dict[str, str]:
    """The secrets as they are; none if they do not open, so that they must be given anew."""
    try:
        return vault.unseal(account.secrets, account.pk)
    except VaultError:
        return {}


def _locked(account: VoiceAccount, actor: Actor, now: datetime) -> VoiceAccount:
    found = VoiceAccount.objects.select_for_update().get(pk=account.pk)
    require(actor, found.place_id, now)
    if found.ended_at is not None:
        raise AccountRefused({"name": _("Tài khoản này đã kết thúc, không sửa được nữa.")})
    return found


def _last(place_id: UUID) -> int:
    """The position after all accounts of a place."""
    highest = VoiceAccount.objects.filter(place=place_id, ended_at=None).aggregate(found=Max("position"))["found"]
    return 0 if highest is None else highest + 1


def _told(account: VoiceAccount, provider: VoiceProvider) -> dict[str, Any]:
    """An account for the journal: no secret, and of an address no more than where it leads."""
    open_ = [one for one in provider.settings if not one.secret and account.values.get(one.name)]
    plain = {one.label: account_rules.shown(account.values[one.name]) for one in open_}
    own = {name: getattr(account, name) for name in TOLD}
    own["price"] = None if account.price is None else str(account.price)
    own["active"] = own.pop("enabled")
    return own | {"place": str(account.place_id), "provider": provider.label, "settings": plain}


def _given(yes: bool, what: str) -> dict[str, str]:
    return {"secrets": what} if yes else {}


def _record(
    verb: str,
    account: VoiceAccount,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"media.voiceaccount:{account.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=account.place_id, before=before, after=after)
