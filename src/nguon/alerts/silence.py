"""A minute after an alert went out: which clusters have not answered, and who is to be told. Once for each cluster."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nguon.alerts import duty_queries, duty_rules
from nguon.alerts.models import Alert, Saying, Silence, State, Telling, Told
from nguon.delivery import notifiers
from nguon.delivery.queries import channels_of, targeted, targets_of
from nguon.devices.models import Device
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.people.models import Person
from nguon.places import queries as places
from nguon.ports.notice import Recipient, telephone


def look(now: datetime) -> int:
    """Look after every saying that is a minute old and was not looked after; how many clusters were found silent.

    By the saying, not by its deliveries: where the sender or the broker is dead there are none, and nobody heard it.
    """
    due = Saying.objects.filter(
        whole=False, looked_at=None, at__lte=now - duty_rules.SILENT_AFTER, alert__state=State.LIVE
    )
    return sum(_look_after(saying, now) for saying in due.select_related("alert", "broadcast").order_by("at"))


@transaction.atomic
def _look_after(saying: Saying, now: datetime) -> int:
    if not Saying.objects.filter(pk=saying.pk, looked_at=None).update(looked_at=now):
        return 0
    alert = saying.alert
    silent = _silent(saying)
    if not silent:
        return 0
    rows = [Silence(alert=alert, device=device, place_id=device.place_id, at=now) for device in silent]
    Silence.objects.bulk_create(rows)
    told = _tell(alert, rows, now)
    record(
        actor="alerts",
        verb="alerts.silent",
        subject=f"alerts.alert:{alert.pk.hex}",
        now=now,
        place=alert.place_id,
        after={"devices": len(rows), "told": told},
    )
    return len(rows)


def _silent(saying: Saying) -> list[Device]:
    """The clusters this saying was for that did not answer it, and of which nobody was told before."""
    said = Saying.objects.filter(alert=saying.alert_id, number=saying.number).values("broadcast")
    answered = duty_queries.answered(saying.alert).filter(broadcast__in=said)
    meant = targeted(targets_of(saying.broadcast), channels_of(saying.broadcast), local_day(saying.at))
    known = Silence.objects.filter(alert=saying.alert_id).values("device")
    rows = meant.exclude(pk__in=answered.values("device")).exclude(pk__in=known)
    return list(rows.order_by("place__name", "name").only("pk", "place_id"))


def _tell(alert: Alert, rows: list[Silence], now: datetime) -> int:
    """Write a telling for each person and way; how many people."""
    tree, on = places.tree(), local_day(now)
    duty = duty_queries.on_duty(now, tree)
    groups = duty_rules.grouped(
        {row.device_id: row.place_id for row in rows},
        lambda place: duty_queries.answering(tree, place, duty, on),
    )
    of = {row.device_id: row for row in rows}
    people = 0
    for place, devices in groups.items():
        silences = [of[device] for device in devices]
        for one in duty.get(place, ()) if place else ():
            to = Recipient(one.name, one.phone, one.email)
            _write(alert, to, silences, now, place=place, duty=one.pk)
            people += 1
        if place is None:
            people += _to_signers(alert, silences, now)
    for to in fallback():
        _write(alert, to, rows, now)
        people += 1
    return people


def _to_signers(alert: Alert, silences: list[Silence], now: datetime) -> int:
    """Nobody is on duty there: whoever signed it, at whatever they gave in their account, is told instead."""
    signers = Person.objects.filter(pk__in=alert.consents.filter(digest=alert.digest).values("person"))
    for person in signers:
        _write(alert, Recipient(str(person), _number(person.phone), person.email), silences, now)
    return len(signers)


def _number(written: str) -> str:
    try:
        return telephone(written)
    except ValueError:
        return ""


def fallback() -> list[Recipient]:
    """Who is told in any case: addresses and numbers of the settings."""
    found = []
    for said in settings.NGUON_NOTICE_FALLBACK:
        number = _number(said)
        found.append(Recipient(said, phone=number) if number else Recipient(said, email=said))
    return found


def _write(
    alert: Alert,
    to: Recipient,
    silences: Iterable[Silence],
    now: datetime,
    *,
    place: UUID | None = None,
    duty: UUID | None = None,
) -> None:
    """A row for each way that reaches them; one that says so if there is none."""
    ways = {way.kind: address for way in notifiers.active().values() if (address := way.address(to))}
    for kind, address in ways.items() if ways else [("", "")]:
        telling = Telling.objects.create(
            alert=alert,
            place_id=place,
            duty_id=duty,
            name=to.name[:200],
            phone=to.phone,
            email=to.email,
            way=kind,
            address=address[:300],
            created_at=now,
            state=Told.WAITING if kind else Told.FAILED,
            failure="" if kind else "none",
            next_at=now if kind else None,
        )
        of = Telling.silences.through  # straight in: a fallback may be told of ten thousand
        of.objects.bulk_create([of(telling_id=telling.pk, silence_id=one.pk) for one in silences])
