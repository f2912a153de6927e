"""Questions about requisitions."""

from datetime import date, datetime, time

from django.core import signing
from django.db.models import QuerySet

from nguon.devices.models import Device, Requisition
from nguon.devices.requisitions import rules
from nguon.kit import clock
from nguon.wire import messages

_SIGNER = signing.Signer(salt="nguon.devices.requisition")


def hours_of(one: Requisition) -> tuple[rules.Hours, ...]:
    """Its hours of each day."""
    return tuple((time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in one.hours)


def area_of(one: Requisition) -> rules.Area:
    """Its part of the screen."""
    return rules.Area(*one.area)


def in_force(device: Device, on: date) -> QuerySet[Requisition]:
    """Those of a device that are not ended, nor over, with those to come."""
    return Requisition.objects.filter(device=device, ended_at=None, last_day__gte=on)


def of_device(device: Device) -> list[Requisition]:
    """All there were, the newest first, with the breaches their owners told of."""
    return list(device.requisitions.select_related("created_by").prefetch_related("breaches"))


def right_of(device: Device, on: date) -> messages.Right | None:
    """What a device is told: None for a screen of our own. One that was ever lent and is no more: not at all."""
    if not device.requisitions.exists():
        return None
    rows = list(in_force(device, on))
    found = sorted(span for one in rows for span in rules.spans(max(one.first_day, on), one.last_day, hours_of(one)))
    spans = tuple(messages.Span(start=clock.ms(start), end=clock.ms(end)) for start, end in found[: rules.MOST_SPANS])
    area = area_of(rows[0]) if rows else rules.Area()
    part = None if area.whole else messages.Area(left=area.left, top=area.top, width=area.width, height=area.height)
    return messages.Right(spans=spans, area=part)


def token_of(one: Requisition) -> str:
    """What opens the owner's page: who has it may see what was shown, and complain."""
    return _SIGNER.sign(one.pk.hex)


def by_token(token: str) -> Requisition | None:
    """The requisition an owner's link is of. It opens also when that is over: what was shown stays to be seen."""
    try:
        pk = _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return Requisition.objects.select_related("device__place").filter(pk=pk).first()


def over(one: Requisition, now: datetime) -> bool:
    """Whether nothing more comes of it."""
    return one.ended_at is not None or one.last_day < clock.local_day(now)
