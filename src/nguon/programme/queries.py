"""Questions of placing: where a person may broadcast, whom a choice reaches, what a bulletin does on the air."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.delivery import queries as delivery
from nguon.delivery.models import Broadcast, State
from nguon.delivery.queries import Reach
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group, Status
from nguon.kit.clock import local_day
from nguon.newsroom import rules as newsroom
from nguon.newsroom.models import Bulletin, Version
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Link, Place
from nguon.places.queries import below, holding, in_force
from nguon.programme import rules
from nguon.ui import words


@dataclass(frozen=True)
class Node:
    """A place one may broadcast to, with how many devices in use lie in it and below, and the places in it."""

    place: Place
    devices: int
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Choices:
    """All that one person may choose from for one channel: the tree of places, groups, single devices."""

    roots: tuple[Node, ...]
    groups: tuple[Group, ...]
    devices: tuple[Device, ...]


def parents(on: date) -> dict[UUID, UUID]:
    """What each place lies in on that day."""
    return dict(Link.objects.filter(holding(on)).values_list("child_id", "parent_id"))


def choices(person: Person, channel: str, on: date) -> Choices:
    """Where the person may broadcast on that day. Places are ordered by name; no query per place."""
    mine = place_ids(person, Right.BROADCAST, on)
    places = {place.pk: place for place in in_force(on).filter(pk__in=mine)}
    devices = Device.objects.filter(place__in=mine, channel=channel, status=Status.ACTIVE)
    groups = Group.objects.filter(place__in=mine).annotate(size=Count("devices")).filter(size__gt=0)
    counts = dict(devices.order_by().values_list("place").annotate(n=Count("pk")))
    inside: dict[UUID | None, list[Place]] = defaultdict(list)
    up = parents(on)
    for place in places.values():
        parent = up.get(place.pk)
        inside[parent if parent in places else None].append(place)
    roots = tuple(_node(place, inside, counts) for place in inside[None])
    return Choices(
        roots, tuple(groups), tuple(devices.select_related("place", "state").order_by("place__name", "name"))
    )


def choices_in(person: Person, place: Place, channel: str, on: date) -> Choices:
    """The same within one place: its part of the tree, its groups and devices."""
    every = choices(person, channel, on)
    inside = below([place.pk], on)
    return Choices(
        tuple(node for root in every.roots if (node := _find(root, place.pk)) is not None),
        tuple(group for group in every.groups if group.place_id in inside),
        tuple(device for device in every.devices if device.place_id in inside),
    )


def _find(node: Node, place: UUID) -> Node | None:
    if node.place.pk == place:
        return node
    return next((found for child in node.children if (found := _find(child, place)) is not None), None)


def _node(place: Place, inside: dict[UUID | None, list[Place]], counts: dict[UUID, int]) -> Node:
    children = tuple(_node(child, inside, counts) for child in inside.get(place.pk, []))
    return Node(place, counts.get(place.pk, 0) + sum(child.devices for child in children), children)


def has_devices(targets: Targets, channel: str, on: date) -> bool:
    """Whether the targets hold at least one device in use."""
    return delivery.targeted(targets, channel, on).exists()


def names(targets: Targets, on: date) -> list[str]:
    """The targets by name, places first; a place inside another chosen one is not named again."""
    places = rules.outermost(targets.places, parents(on))
    named = {place.pk: _spoken(place) for place in Place.objects.filter(pk__in=places)}
    groups = Group.objects.filter(pk__in=targets.groups)
    devices = Device.objects.filter(pk__in=targets.devices)
    return [
        *(named[pk] for pk in places if pk in named),
        *(_("nhóm %s") % group for group in groups),
        *(str(device) for device in devices),
    ]


@dataclass(frozen=True)
class Preview:
    """What will happen, in one sentence, and whom it reaches now."""

    sentence: str
    reach: Reach


def preview(
    person: Person,
    *,
    targets: Targets,
    channel: str,
    start_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> Preview | None:
    """The sentence and the reach of a choice before anything is sent; None if none of it is the person's."""
    on = local_day(now)
    mine = place_ids(person, Right.BROADCAST, on)
    kept = Targets(
        places=tuple(pk for pk in rules.outermost(targets.places, parents(on)) if pk in mine),
        groups=tuple(Group.objects.filter(pk__in=targets.groups, place__in=mine).values_list("pk", flat=True)),
        devices=tuple(Device.objects.filter(pk__in=targets.devices, place__in=mine).values_list("pk", flat=True)),
    )
    if not kept:
        return None
    reached = delivery.reach(kept, channel, on)
    sentence = ngettext(
        "%(when)s tới %(count)d cụm loa ở %(where)s, hạn đến %(end)s.",
        "%(when)s tới %(count)d cụm loa ở %(where)s, hạn đến %(end)s.",
        reached.devices,
    ) % {
        "when": _("Phát lúc %s") % words.when(start_at, now) if start_at else _("Phát ngay"),
        "count": reached.devices,
        "where": rules.joined(names(kept, on), _("và"), more=_("%d nơi khác")),
        "end": words.when(expires_at, now),
    }
    return Preview(sentence, reached)


def channel(version: Version) -> str:
    """The channel that a version was made for; empty if it has no sound yet."""
    found = version.variants.exclude(rendition=None).order_by("pk").values_list("channel", flat=True).first()
    return found or ""


def broadcasts_of(bulletin: Bulletin) -> QuerySet[Broadcast]:
    """Every broadcast of a bulletin, of whatever version: for services and actions."""
    versions = bulletin.versions.values_list("pk", flat=True)
    return Broadcast.objects.filter(subject__in=[newsroom.subject(version) for version in versions])


def outdated(bulletin: Bulletin) -> list[Broadcast]:
    """The broadcasts of an earlier wording that are not over: they go on as they were approved, until stopped."""
    current = newsroom.subject(bulletin.current_id) if bulletin.current_id else ""
    going = broadcasts_of(bulletin).filter(state__in=[State.QUEUED, State.LIVE])
    return list(going.exclude(subject=current))


def broadcasts(person: Person, bulletin: Bulletin, limit: int = 20) -> list[Broadcast]:
    """The newest broadcasts of a bulletin that the person may see, with their counts."""
    found = delivery.broadcasts(person).filter(pk__in=broadcasts_of(bulletin).values("pk")).exclude(state=State.PLANNED)
    return delivery.counted(found.order_by("-issued_at")[:limit])


def _spoken(place: Place) -> str:
    """A place in the middle of a sentence: `thôn Quảng Vân`."""
    name = str(place)
    return name[:1].lower() + name[1:] if place.kind else name
