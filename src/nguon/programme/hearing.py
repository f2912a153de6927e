"""Who hears the same: the devices of a choice by the areas they listen to, so that each sort is gone through once."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from nguon.delivery.rules import Targets
from nguon.devices.models import Group
from nguon.devices.queries import in_areas
from nguon.places.queries import tree
from nguon.places.rules import Tree
from nguon.programme.gather import Known

CHANNELS = ("speaker",)
Areas = frozenset[UUID]


def by_areas(
    targets: Targets, on: date, territory: Tree | None = None, channels: tuple[str, ...] = CHANNELS
) -> dict[Areas, list[UUID]]:
    """The devices in use of a choice, by the areas they listen to, their own ids among them.

    Where there is no device yet, it is as if one stood in each place chosen (with no device in the list).
    """
    graph = territory or tree()
    rows = in_areas(targets.places, targets.groups, targets.devices, channels, on).values_list("pk", "place_id")
    found = dict(rows)
    groups: dict[UUID, set[UUID]] = defaultdict(set)
    members = Group.devices.through.objects.filter(device_id__in=list(found))
    for device, group in members.values_list("device_id", "group_id"):
        groups[device].add(group)
    alike: dict[Areas, list[UUID]] = defaultdict(list)
    for device, place in found.items():
        alike[frozenset({device, *graph.above(place, on), *groups[device]})].append(device)
    if not alike:
        return {frozenset(graph.above(place, on)): [] for place in targets.places}
    return dict(alike)


def alike(known: Known, sets: Mapping[Areas, list[UUID]]) -> list[tuple[Areas, list[UUID]]]:
    """The same, joined where slots and policies are the same: one stands for all that hear what it hears."""
    joined: dict[tuple[frozenset[str], frozenset[str]], tuple[Areas, list[UUID]]] = {}
    for areas, devices in sets.items():
        key = (
            frozenset(slot.id for slot in known.slots(areas)),
            frozenset(policy.id for policy in known.policies(areas)),
        )
        first, others = joined.get(key, (areas, []))
        joined[key] = (first, [*others, *devices])
    return list(joined.values())


def count(sets: Mapping[Areas, list[UUID]]) -> int:
    """How many devices there are."""
    return sum(len(devices) for devices in sets.values())
