"""The overview: what waits for me, what is on the air, what is silent. It reaches over floors, so it lives here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nguon.config import channels
from nguon.delivery import queries as delivery
from nguon.delivery.models import Broadcast
from nguon.delivery.models import State as BroadcastState
from nguon.devices.models import Device, Status
from nguon.feedback import concerns as cases
from nguon.kit import clock
from nguon.newsroom import queries as newsroom
from nguon.newsroom.queries import Bulletins
from nguon.newsroom.rules import State
from nguon.people.asking import person_of
from nguon.people.consent_queries import waiting
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import visible
from nguon.review import queries as review
from nguon.review.models import Review

SHOWN = 5  # of each list; the rest is one tap away
RECENT = timedelta(days=14)  # what was approved longer ago and never went out is not pressed upon anyone


@dataclass(frozen=True)
class Overview:
    """What one person finds in the morning. A list is None where the person has no such work."""

    rights: frozenset[Right]
    to_approve: QuerySet[Review] | None
    returned: Bulletins | None
    unsent: Bulletins | None
    ready: Bulletins | None
    live: QuerySet[Broadcast]
    on_air: list[Broadcast]
    silent: QuerySet[Device]
    devices: int
    bulletins: bool


def overview(person: Person, now: datetime) -> Overview:
    """The overview of a person at a moment."""
    held = rights(person)
    mine = newsroom.bulletins(person, now, Right.WRITE).filter(author=person)
    approved = newsroom.bulletins(person, now, Right.BROADCAST).filter(
        state=State.APPROVED, current__review__decided_at__gte=now - RECENT
    )
    devices = visible(Device.objects.filter(status=Status.ACTIVE), person)
    live = delivery.broadcasts(person).filter(state=BroadcastState.LIVE)
    return Overview(
        rights=held,
        to_approve=review.waiting(person).exclude(submitted_by=person) if Right.APPROVE in held else None,
        returned=newsroom.returned_to(person, now) if Right.WRITE in held else None,
        unsent=mine.filter(state__in=[State.DRAFT, State.HEARD]) if Right.WRITE in held else None,
        ready=approved.exclude(current__in=_placed(person, now)) if Right.BROADCAST in held else None,
        live=live,
        on_air=delivery.counted(live.order_by("-issued_at")[:SHOWN]),
        silent=devices.exclude(state__online=True).select_related("place", "state").order_by("place__name", "name"),
        devices=devices.count(),
        bulletins=newsroom.bulletins(person, now).exists(),
    )


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    found = overview(person_of(request), clock.now())
    context = {"overview": found, "shown": f":{SHOWN}", "write": Right.WRITE in found.rights}
    person, now = person_of(request), clock.now()
    context["concerns"] = [*cases.of(person, now), *channels.concerns(settings.NGUON_CHANNELS, person, now)]
    context["to_agree"] = waiting(person_of(request), clock.now()).count()
    return render(request, "config/home.html", context)


def _placed(person: Person, now: datetime) -> list[UUID]:
    """The versions that went out lately, from the subjects of their broadcasts. What is only planned may go out now."""
    recent = Broadcast.objects.filter(issued_at__gte=now - RECENT).exclude(state=BroadcastState.PLANNED)
    recent = visible(recent, person)
    parts = (subject.partition(":") for subject in recent.values_list("subject", flat=True).distinct())
    return [UUID(pk) for kind, _colon, pk in parts if kind == "newsroom.version"]
