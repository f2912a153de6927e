"""Enrolment the other way round: a device that has no keys shows a code, and an officer says which device it is.

What it gets for that is a one-time code of the usual kind, so there is one way only by which a device is enrolled.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from nguon.devices import rules
from nguon.devices.enrolment import new_code
from nguon.devices.errors import NotAllowedNow, ScreensFull, ScreenUnknown
from nguon.devices.models import Device, Screen, Status
from nguon.devices.permission import Actor, require
from nguon.journal import actions as journal
from nguon.kit import text


@dataclass(frozen=True)
class Shown:
    """What a device is given once: `code` for people to read, `ticket` to ask with what has become of it."""

    code: str
    ticket: str
    expires: datetime


@transaction.atomic
def show(*, software: str, address: str, now: datetime) -> Shown:
    """A code for a device that waits. Raises ScreensFull when too many do, in all or at one address."""
    Screen.objects.filter(expires_at__lte=now).delete()
    waiting = Screen.objects.filter(taken_at=None)
    here = waiting.filter(address=address[:60]).count()
    if waiting.count() >= rules.SCREENS_MOST or here >= rules.SCREENS_OF_ADDRESS:
        raise ScreensFull
    code, ticket = rules.code_from(secrets.token_bytes(rules.CODE_BYTES)), secrets.token_urlsafe(24)
    expires = now + rules.SCREEN_LIFE
    Screen.objects.create(
        code=_digest(code),
        ticket=_ticket_digest(ticket),
        address=address[:60],
        software=text.clean(software)[:40],
        expires_at=expires,
    )
    return Shown(code, ticket, expires)


@transaction.atomic
def name(*, code: str, device: Device, actor: Actor, now: datetime) -> Screen:
    """Say that the screen with this code is that device. Raises ScreenUnknown, NotAllowedNow, Forbidden."""
    require(actor, device.place_id, now)
    if device.status == Status.RETIRED:
        raise NotAllowedNow
    waiting = Screen.objects.filter(code=_digest(code), device=None, expires_at__gt=now)
    if not waiting.update(device=device):
        raise ScreenUnknown
    screen = Screen.objects.get(code=_digest(code))
    journal.record(
        actor=actor,
        verb="devices.screen",
        subject=f"devices.device:{device.pk.hex}",
        now=now,
        place=device.place_id,
        after={"address": screen.address, "software": screen.software},
    )
    return screen


@transaction.atomic
def ask(*, ticket: str, now: datetime) -> str | None:
    """What has become of it: None while nobody named it, then, once, the code to enrol with. Raises ScreenUnknown."""
    screen = Screen.objects.select_related("device").filter(ticket=_ticket_digest(ticket), expires_at__gt=now).first()
    if screen is None:
        raise ScreenUnknown
    if screen.device is None:
        return None
    if not Screen.objects.filter(pk=screen.pk, taken_at=None).update(taken_at=now):
        raise ScreenUnknown
    return new_code(screen.device, now)


def _digest(code: str) -> str:
    return rules.code_digest(code, settings.SECRET_KEY)


def _ticket_digest(ticket: str) -> str:
    return rules.secret_digest(ticket, settings.SECRET_KEY)


def whose(screen: Screen) -> str:
    """Where a screen is that was named just now, in words for who named it."""
    return _("Màn hình ở địa chỉ mạng %s") % screen.address if screen.address else _("Màn hình")
