"""Choosing whom something goes to: what a person may choose from, what a choice means, and its words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets, joined, outermost
from nguon.devices.models import Device, Group, Status
from nguon.kit.clock import local_day
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Link, Place
from nguon.places.queries import below, holding, in_force

MOST_TARGETS = 500  # one order names them all, and must fit into one message


class BadChoice(Exception):
    """Nothing, too much, or nobody was chosen; in an officer's words."""


@dataclass(frozen=True)
class Node:
    """A place one may broadcast to, with how many devices in use lie in it and below, and the places in it."""

    place: Place
    devices: int
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Choices:
    """All that one person may choose from for some channels: the tree of places, groups, single devices."""

    roots: tuple[Node, ...]
    groups: tuple[Group, ...]
    devices: tuple[Device, ...]


def parents(on: date) -> dict[UUID, UUID]:
    """What each place lies in on that day."""
    return dict(Link.objects.filter(holding(on)).values_list("child_id", "parent_id"))


def choices(person: Person, channels: tuple[str, ...], on: date) -> Choices:
    """Where the person may broadcast on that day. Places are ordered by name; no query per place."""
    mine = place_ids(person, Right.BROADCAST, on)
    places = {place.pk: place for place in in_force(on).filter(pk__in=mine)}
    devices = Device.objects.filter(place__in=mine, channel__in=channels, status=Status.ACTIVE)
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


def choices_in(person: Person, place: Place, channels: tuple[str, ...], on: date) -> Choices:
    """The same within one place: its part of the tree, its groups and devices."""
    every = choices(person, channels, on)
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


def has_devices(targets: Targets, channels: tuple[str, ...], on: date) -> bool:
    """Whether the targets hold at least one device in use."""
    return targeted(targets, channels, on).exists()


def names(targets: Targets, on: date) -> list[str]:
    """The targets by name, places first; a place inside another chosen one is not named again."""
    places = outermost(targets.places, parents(on))
    named = {place.pk: spoken(place) for place in Place.objects.filter(pk__in=places)}
    groups = Group.objects.filter(pk__in=targets.groups)
    devices = Device.objects.filter(pk__in=targets.devices)
    return [
        *(named[pk] for pk in places if pk in named),
        *(_("nhóm %s") % group for group in groups),
        *(str(device) for device in devices),
    ]


def spoken(place: Place) -> str:
    """A place in the middle of a sentence: `thôn Quảng Vân`."""
    name = str(place)
    return name[:1].lower() + name[1:] if place.kind else name


def checked(targets: Targets, channels: tuple[str, ...], actor: Person, now: datetime) -> Targets:
    """The targets without what lies inside another. Every place named must be the actor's, and hold a device.

    Raises BadChoice, Forbidden.
    """
    if not targets:
        raise BadChoice(_("Chưa chọn nơi phát."))
    on = local_day(now)
    places = outermost(targets.places, parents(on))
    kept = Targets(places, tuple(dict.fromkeys(targets.groups)), tuple(dict.fromkeys(targets.devices)))
    if len(kept.places) + len(kept.groups) + len(kept.devices) > MOST_TARGETS:
        raise BadChoice(_("Chọn quá nhiều nơi nhận riêng lẻ. Hãy chọn cả thôn, cả xã hoặc lập nhóm."))
    mine = place_ids(actor, Right.BROADCAST, on)
    rows: list[tuple[Place | Group | Device, UUID, Targets]] = [
        *((row, row.pk, Targets(places=(row.pk,))) for row in Place.objects.filter(pk__in=kept.places)),
        *((row, row.place_id, Targets(groups=(row.pk,))) for row in Group.objects.filter(pk__in=kept.groups)),
        *((row, row.place_id, Targets(devices=(row.pk,))) for row in Device.objects.filter(pk__in=kept.devices)),
    ]
    if len(rows) != len(kept.places) + len(kept.groups) + len(kept.devices) or any(
        at not in mine for _r, at, _t in rows
    ):
        raise scope.Forbidden(_("Bạn không có quyền phát ở nơi đã chọn."))
    empty = [str(row) for row, _place, alone in rows if not has_devices(alone, channels, on)]
    if empty:
        raise BadChoice(
            _("Chưa có thiết bị nào đang dùng ở: %(names)s. Hãy bỏ chọn nơi này hoặc chọn nơi khác.")
            % {"names": joined(empty, _("và"))}
        )
    return kept
