"""Questions about alerts. Those for people take the person."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nguon.alerts import rules
from nguon.alerts.models import Alert, State
from nguon.alerts.rules import Reach
from nguon.cap import hazards
from nguon.delivery import choosing
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets, joined, outermost
from nguon.devices import channels
from nguon.devices.drawing import usable
from nguon.devices.models import Device, Group, Status
from nguon.kit.clock import LOCAL, local_day, today
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import forbidden, place_ids, role_places
from nguon.places import queries as places
from nguon.places.models import Place

CHANNEL = "speaker"
MOST_SINGLE = 300  # devices that are named one by one

Corners = tuple[tuple[float, float], ...]  # latitude, longitude in degrees


def targets_of(alert: Alert) -> Targets:
    """Where it is for."""
    return Targets(
        places=tuple(alert.places.order_by("pk").values_list("pk", flat=True)),
        groups=tuple(alert.groups.order_by("pk").values_list("pk", flat=True)),
        devices=tuple(alert.devices.order_by("pk").values_list("pk", flat=True)),
    )


def reach(targets: Targets, on: date) -> Reach:
    """How far it goes today: clusters in use, the places they stand in, and who lives there as far as is known."""
    stood = targeted(targets, (CHANNEL,), on)
    standing = Place.objects.filter(pk__in=stood.values("place"))
    places_ = list(standing.values_list("pk", flat=True))
    chosen = outermost(targets.places, choosing.parents(on))
    alone = targeted(replace(targets, places=()), (CHANNEL,), on).values_list("place", flat=True)
    people = _people({*chosen, *alone}, on)
    return Reach(stood.count(), len(places_), people, _authorities(places_, on), others(targets, on))


def others(targets: Targets, on: date) -> tuple[tuple[str, int], ...]:
    """How many devices of other kinds show it, of those that have any."""
    kinds = (kind for kind in channels.driven() if kind != CHANNEL)
    counted = ((kind, targeted(targets, (kind,), on).count()) for kind in kinds)
    return tuple((kind, number) for kind, number in counted if number)


def _people(where: set[UUID], on: date) -> int | None:
    """Who lives in these places, by the register of each or of all in it; None if one is not known."""
    tree = places.tree()
    where = {one for one in where if where.isdisjoint(tree.above(one, on)[:-1])}
    rows = Place.objects.values_list("pk", "population")
    known = {pk: number for pk, number in rows if number is not None}

    def living(place: UUID) -> int | None:
        if place in known:
            return known[place]
        inside = [living(child) for child in tree.children(place, on)]
        counted = [number for number in inside if number is not None]
        return sum(counted) if inside and len(counted) == len(inside) else None

    found = [living(one) for one in where]
    counted = [number for number in found if number is not None]
    return sum(counted) if found and len(counted) == len(found) else None


def _authorities(standing: list[UUID], on: date) -> int:
    """How many authorities answer for these places: the nearest office above each."""
    if len(standing) < 2:
        return len(standing)
    offices = frozenset(Office.objects.values_list("place_id", flat=True))
    tree = places.tree()
    return len({next((up for up in reversed(tree.above(one, on)) if up in offices), one) for one in standing})


def seen(person: Person) -> QuerySet[Alert]:
    """The alerts a person may see: issued where they watch; and those that went out and reach places they watch.

    Without what lies ready to take another back.
    """
    mine = place_ids(person, Right.VIEW)
    tree, on = places.tree(), today()
    above = {up for one in role_places(person, Right.VIEW, on) for up in tree.above(one, on)}
    reached = Q(places__in=mine | above) | Q(groups__place__in=mine) | Q(devices__place__in=mine)
    out = Q(place__in=mine) | (reached & Q(live_at__isnull=False))
    ids = Alert.objects.filter(out).exclude(prepared=True, live_at=None).values("pk")
    return Alert.objects.filter(pk__in=ids).select_related("place", "created_by")


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a person may listen to a file because it is the voice of an alert they may see."""
    return seen(person).filter(Q(sound__file=sha256) | Q(followers__sound__file=sha256)).exists()


@dataclass(frozen=True)
class Bar:
    """What stands above every page while it matters: what waits for the person's hand, and what is on the air."""

    waiting: list[Alert]
    live: list[Alert]


def bar(person: Person) -> Bar | None:
    """The bar of a person; None, after one small query, while there is no alert at all."""
    if not Alert.objects.filter(state__in=(State.WAITING, State.LIVE), prepared=False).exists():
        return None
    live = seen(person).filter(state=State.LIVE).order_by("-live_at")[:3]
    found = Bar(list(waiting_for(person)[:3]), list(live))
    return found if found.waiting or found.live else None


def waiting_for(person: Person) -> QuerySet[Alert]:
    """Those that wait for this person's hand."""
    mine = place_ids(person, Right.ALERT)
    waiting = Alert.objects.filter(state=State.WAITING, place__in=mine, prepared=False)
    return waiting.exclude(consents__person=person).select_related("place", "created_by")


def speaks_for(person: Person, targets: Targets, on: date) -> UUID:
    """In whose name the person warns these: the nearest place of theirs that answers for all. Raises Forbidden."""
    tree = places.tree()
    groups = Group.objects.filter(pk__in=targets.groups).values_list("place_id", flat=True)
    standing = Device.objects.filter(pk__in=targets.devices).values_list("place_id", flat=True)
    wanted = frozenset((*targets.places, *groups, *standing))
    held = role_places(person, Right.ALERT, on)
    covering = [one for one in held if wanted <= tree.answered_for([one], on)]
    if not covering:
        raise forbidden()
    return min(covering, key=lambda one: (len(tree.answered_for([one], on)), one.hex))


def own(person: Person, targets: Targets, on: date) -> Targets:
    """What of a choice is the person's to warn."""
    mine = place_ids(person, Right.ALERT, on)
    groups = Group.objects.filter(pk__in=targets.groups, place__in=mine).values_list("pk", flat=True)
    devices = Device.objects.filter(pk__in=targets.devices, place__in=mine).values_list("pk", flat=True)
    return Targets(tuple(pk for pk in targets.places if pk in mine), tuple(groups), tuple(devices))


def with_area(person: Person, targets: Targets, corners: Corners, on: date) -> Targets:
    """A choice with the devices of every kind inside a polygon that was drawn; none of others' places.

    Where there are too many to be named singly, a hamlet all of whose clusters lie inside stands for them.
    """
    if not corners:
        return targets
    kinds = tuple(channels.driven())
    mine = place_ids(person, Right.ALERT, on)
    rows = Device.objects.filter(place__in=mine, channel__in=kinds, status=Status.ACTIVE)
    inside: set[UUID] = set()
    by_place: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for pk, place, latitude, longitude in rows.values_list("pk", "place", "latitude", "longitude"):
        by_place[place].add(pk)
        if (point := usable(latitude, longitude)) and rules.inside((point[1], point[0]), corners):
            inside.add(pk)
    whole: set[UUID] = set()
    if len(inside) > MOST_SINGLE:
        above = set(choosing.parents(on).values())
        whole = {place for place, held in by_place.items() if held <= inside and place not in above}
    single = inside - {pk for place in whole for pk in by_place[place]}
    return Targets(
        (*targets.places, *sorted(whole - {*targets.places})),
        targets.groups,
        (*targets.devices, *sorted(single - {*targets.devices})),
    )


def whom(alert: Alert) -> str:
    """Where it is for, in words."""
    return spoken(targets_of(alert), local_day(alert.submitted_at or alert.created_at), drawn=bool(alert.area))


def spoken(targets: Targets, on: date, *, drawn: bool = False) -> str:
    """A choice in words; the single clusters of a drawn polygon are not named one by one."""
    named = choosing.names(replace(targets, devices=()) if drawn else targets, on)
    if drawn and targets.devices:
        named.append(_("vùng đã vẽ (%s)") % _counted(targets.devices))
    return joined(named, _("và"), more=_("%d nơi khác"))


def _counted(devices: Iterable[UUID]) -> str:
    """`2 cụm loa, 1 bảng tin`."""
    kinds = Counter(Device.objects.filter(pk__in=devices).values_list("channel", flat=True))
    order = sorted(kinds, key=lambda kind: (kind != CHANNEL, kind))
    return ", ".join(f"{kinds[kind]} {channels.label(kind).lower()}" for kind in order)


def silent(targets: Targets, on: date) -> list[str]:
    """The clusters of a choice that are not connected now, by name."""
    found = targeted(targets, (CHANNEL,), on).exclude(state__online=True).order_by("place__name", "name")
    return list(found.values_list("name", flat=True))


def said_place(targets: Targets, on: date) -> str:
    """The places of a choice as the words name them; those that the single clusters stand in, for a polygon."""
    standing = Device.objects.filter(pk__in=targets.devices).values_list("place", flat=True)
    wanted = Targets(places=tuple(dict.fromkeys((*targets.places, *standing))), groups=targets.groups)
    return joined(choosing.names(wanted, on), _("và"), more=_("%d nơi khác"))


def known_facts(person: Person, now: datetime) -> dict[str, str]:
    """What the words of a hazard ask for and the program knows."""
    local = now.astimezone(LOCAL)
    office = person.office.name if person.office else _("Ủy ban nhân dân xã")
    return {
        hazards.filled_by("issued"): hazards.said_hour(local.hour, local.minute),
        hazards.filled_by("office"): office,
    }
