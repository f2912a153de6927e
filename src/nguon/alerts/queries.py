"""Questions about alerts. Those for people take the person."""

from datetime import date

from django.db.models import Q, QuerySet, Sum

from nguon.alerts.models import Alert, State
from nguon.alerts.rules import Reach
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Place

CHANNEL = "speaker"


def targets_of(alert: Alert) -> Targets:
    """Where it is for."""
    return Targets(
        places=tuple(alert.places.order_by("pk").values_list("pk", flat=True)),
        groups=tuple(alert.groups.order_by("pk").values_list("pk", flat=True)),
    )


def reach(targets: Targets, on: date) -> Reach:
    """How far it goes today: clusters in use, the places they stand in, and who lives there as far as is known."""
    stood = targeted(targets, CHANNEL, on).values("place")
    places = Place.objects.filter(pk__in=stood)
    people: int | None = places.aggregate(people=Sum("population"))["people"]
    return Reach(targeted(targets, CHANNEL, on).count(), places.count(), people)


def seen(person: Person) -> QuerySet[Alert]:
    """The alerts a person may see: issued where they watch, or for places they watch."""
    mine = place_ids(person, Right.VIEW)
    return Alert.objects.filter(Q(place__in=mine) | Q(places__in=mine)).distinct().select_related("place", "created_by")


def waiting_for(person: Person) -> QuerySet[Alert]:
    """Those that wait for this person's hand."""
    mine = place_ids(person, Right.ALERT)
    return Alert.objects.filter(state=State.WAITING, place__in=mine).exclude(consents__person=person)
