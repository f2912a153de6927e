"""Questions about alerts. Those for people take the person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from nguon.alerts.models import Alert, State
from nguon.alerts.rules import Reach
from nguon.delivery import choosing
from nguon.delivery.models import Delivery
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets, joined
from nguon.devices.models import Group
from nguon.kit.clock import LOCAL, local_day
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import forbidden, place_ids, role_places
from nguon.places import queries as places
from nguon.places.models import Place

CHANNEL = "speaker"


def targets_of(alert: Alert) -> Targets:
    """Where it is for."""
    return Targets(
        places=tuple(alert.places.order_by("pk").values_list("pk", flat=True)),
        groups=tuple(alert.groups.order_by("pk").values_list("pk", flat=True)),
        devices=tuple(alert.devices.order_by("pk").values_list("pk", flat=True)),
    )


def reach(targets: Targets, on: date) -> Reach:
    """How far it goes today: clusters in use, the places they stand in, and who lives there as far as is known."""
    stood = targeted(targets, CHANNEL, on).values("place")
    standing = Place.objects.filter(pk__in=stood)
    people: int | None = standing.aggregate(people=Sum("population"))["people"]
    return Reach(targeted(targets, CHANNEL, on).count(), standing.count(), people)


def seen(person: Person) -> QuerySet[Alert]:
    """The alerts a person may see: issued where they watch, or for places they watch."""
    mine = place_ids(person, Right.VIEW)
    return Alert.objects.filter(Q(place__in=mine) | Q(places__in=mine)).distinct().select_related("place", "created_by")


def waiting_for(person: Person) -> QuerySet[Alert]:
    """Those that wait for this person's hand."""
    mine = place_ids(person, Right.ALERT)
    return Alert.objects.filter(state=State.WAITING, place__in=mine).exclude(consents__person=person)


def speaks_for(person: Person, targets: Targets, on: date) -> UUID:
    """In whose name the person warns these: the nearest place of theirs that answers for all. Raises Forbidden."""
    tree = places.tree()
    groups = Group.objects.filter(pk__in=targets.groups).values_list("place_id", flat=True)
    wanted = frozenset((*targets.places, *groups))
    held = role_places(person, Right.ALERT, on)
    covering = [one for one in held if wanted <= tree.answered_for([one], on)]
    if not covering:
        raise forbidden()
    return min(covering, key=lambda one: (len(tree.answered_for([one], on)), one.hex))


def reach_for(person: Person, targets: Targets, on: date) -> Reach | None:
    """How far a choice goes; None if nothing in it is the person's."""
    mine = place_ids(person, Right.ALERT, on)
    groups = Group.objects.filter(pk__in=targets.groups, place__in=mine).values_list("pk", flat=True)
    kept = Targets(places=tuple(pk for pk in targets.places if pk in mine), groups=tuple(groups))
    return reach(kept, on) if kept else None


def whom(alert: Alert) -> str:
    """Where it is for, in words."""
    on = local_day(alert.submitted_at or alert.created_at)
    return joined(choosing.names(targets_of(alert), on), _("và"), more=_("%d nơi khác"))


def known_facts(person: Person, now: datetime) -> dict[str, str]:
    """What the words of a hazard ask for and the program knows."""
    local = now.astimezone(LOCAL)
    hour = f"{local.hour} giờ {local.minute} phút" if local.minute else f"{local.hour} giờ"
    office = person.office.name if person.office else _("Ủy ban nhân dân xã")
    return {"giờ_phát": hour, "cơ_quan": office}


@dataclass(frozen=True)
class Score:
    """What became of an alert, over all times it was said: clusters by how far they came.

    `seconds`: from its going out to the sound at half of those that sounded, and at the last of them, by their clocks.
    """

    devices: int
    received: int
    sounded: int
    median: float | None
    last: float | None
    missing: list[tuple[str, list[Delivery]]]

    @property
    def share(self) -> int:
        """Percent that sounded."""
        return round(100 * self.sounded / self.devices) if self.devices else 0


def score(alert: Alert, person: Person) -> Score | None:
    """The scorecard of one alert, of the clusters the person may watch; None before it went out."""
    if alert.live_at is None:
        return None
    rows = Delivery.objects.filter(
        broadcast__alert_saying__alert=alert, device__place__in=place_ids(person, Right.VIEW)
    ).select_related("device__place")
    best: dict[UUID, Delivery] = {}
    for row in rows.order_by("broadcast__alert_saying__at"):
        best.setdefault(row.device_id, row)
        if best[row.device_id].started_at is None and row.started_at is not None:
            best[row.device_id] = row
    began = alert.live_at
    late = sorted((row.started_at - began).total_seconds() for row in best.values() if row.started_at is not None)
    silent = [row for row in best.values() if row.started_at is None]
    by_place: defaultdict[str, list[Delivery]] = defaultdict(list)
    for row in silent:
        by_place[str(row.device.place)].append(row)
    return Score(
        devices=len(best),
        received=sum(row.received_at is not None or row.started_at is not None for row in best.values()),
        sounded=len(late),
        median=late[len(late) // 2] if late else None,
        last=late[-1] if late else None,
        missing=sorted(by_place.items()),
    )
