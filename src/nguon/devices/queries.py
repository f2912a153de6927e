"""Questions about devices. What a person may see is asked through `people.scope`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Count, F, Q, QuerySet, Sum

from nguon.devices import channels
from nguon.devices.models import Device, EnrolmentCode, Group, Status
from nguon.devices.photos import queries as photos
from nguon.devices.requisitions import queries as requisitions
from nguon.kit import clock, ids, text
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Link, Place
from nguon.wire import messages


def area_ids(device: Device, on: date) -> tuple[UUID, ...]:
    """The areas a device listens to: its place and all above it on that day, root first, then its groups by id."""
    above = [place.pk for place in places.above(device.place_id, on)]
    groups = device.groups.order_by("pk").values_list("pk", flat=True)
    return tuple(dict.fromkeys([*above, *groups]))


def lies_in(device: Device, place_ids: Collection[UUID], on: date) -> bool:
    """Whether a device stands in one of the places or below. Walks up by small queries: cheaper than the whole tree."""
    place: UUID | None = device.place_id
    walked: set[UUID] = set()
    while place_ids and place is not None and place not in walked:
        if place in place_ids:
            return True
        walked.add(place)
        place = Link.objects.filter(places.holding(on), child=place).values_list("parent_id", flat=True).first()
    return False


def in_areas(
    place_ids: Iterable[UUID],
    group_ids: Iterable[UUID],
    device_ids: Iterable[UUID],
    channels: tuple[str, ...],
    on: date,
) -> QuerySet[Device]:
    """The devices in use on these channels that lie in any of the places or below, are in any group, or are named."""
    inside = places.below(place_ids, on)
    grouped = Group.devices.through.objects.filter(group_id__in=list(group_ids)).values("device_id")
    wanted = Q(place_id__in=inside) | Q(pk__in=grouped) | Q(pk__in=list(device_ids))
    return Device.objects.filter(wanted, channel__in=channels, status=Status.ACTIVE)


def wire_settings(device: Device, on: date, *, at: datetime | None = None) -> messages.Settings:
    """What a device is told of itself. `at` is the time of the message (default: now).

    One that is not in use listens to no area: an order to all must not sound where somebody works on the horn.
    """
    return messages.Settings(
        id=ids.short(ids.new()),
        at=clock.ms(at or clock.now()),
        version=device.settings_version,
        device=ids.short(device.pk),
        areas=tuple(ids.short(area) for area in area_ids(device, on)) if device.status == Status.ACTIVE else (),
        volume=device.volume,
        proof=device.proof,
        warm_up=device.warm_up,
        stagger=device.stagger,
        data_budget=device.data_budget * 1_000_000 if device.data_budget else None,
        right=requisitions.right_of(device, on),
        photos=photos.wanted(device),
        scene=_scene(device),
    )


def _scene(device: Device) -> messages.Document | None:
    found = channels.scene(device.channel, device.pk)
    if found is None:
        return None
    return messages.Document(url=f"/api/1/content/{found.sha256}", sha256=found.sha256, size=found.size)


def wire_keys(device: Device, ring: messages.Keys) -> messages.Keys:
    """The keys of a place (`keys.queries.ring`) as said to one device that stands there.

    Their version grows with the keys and with the settings: a device that was moved has other authorities.
    """
    version = ring.version + device.settings_version
    return msgspec.structs.replace(ring, id=ids.short(ids.new()), version=version, device=ids.short(device.pk))


def keys_behind(edition: int) -> QuerySet[Device]:
    """The devices online that hold older keys than this edition's: all, for some may never say which they hold."""
    return Device.objects.filter(state__online=True, state__keys_held__lt=F("settings_version") + edition)


def broker_revision() -> int:
    """A number that changes whenever a broker credential was given or revoked. One small query."""
    total: int | None = Device.objects.aggregate(total=Sum("credential"))["total"]
    return total or 0


def areas_revision(on: date) -> tuple[date, int, int]:
    """Something that changes whenever the areas of a device that signs in may have changed. One small query."""
    found = Device.objects.aggregate(keys=Sum("credential"), told=Sum("settings_version"))
    return on, found["keys"] or 0, found["told"] or 0


def areas_of_all(on: date) -> dict[str, frozenset[str]]:
    """The areas (ids on the wire) of every device in use that may sign in at the broker: those of its settings."""
    rows = Device.objects.filter(status=Status.ACTIVE).exclude(password="").values_list("pk", "place_id")
    grouped: dict[UUID, set[UUID]] = {}
    for device, group in Group.devices.through.objects.values_list("device_id", "group_id"):
        grouped.setdefault(device, set()).add(group)
    graph, above = places.tree(), dict[UUID, frozenset[str]]()
    found = {}
    for device, place in rows:
        if place not in above:
            above[place] = frozenset(ids.short(each) for each in graph.above(place, on))
        found[ids.short(device)] = above[place] | {ids.short(group) for group in grouped.get(device, ())}
    return found


def credentials() -> list[tuple[UUID, str]]:
    """(device, stored hash) of all devices that may sign in at the broker, ordered by device."""
    return list(Device.objects.exclude(password="").order_by("pk").values_list("pk", "password"))


def areas(device: Device, on: date) -> list[str]:
    """The areas a device listens to, in words."""
    named = [str(place) for place in places.above(device.place_id, on)]
    return named + [group.name for group in device.groups.all()]


@dataclass(frozen=True)
class Search:
    """What a list of devices is filtered by; empty means all. `online` is contact now."""

    words: str = ""
    place: UUID | None = None
    channel: str = ""
    status: str = ""
    online: bool | None = None


def devices(person: Person, on: date, right: Right = Right.VIEW) -> QuerySet[Device]:
    """The devices in the places where a person has a right."""
    return scope.visible(Device.objects.select_related("place", "state"), person, right, on=on)


def found(person: Person, search: Search, on: date) -> QuerySet[Device]:
    """The devices a person may see, filtered, by name. Those out of use only when asked for by status."""
    rows = devices(person, on).order_by("folded", "pk")
    rows = rows.filter(status=search.status) if search.status else rows.exclude(status=Status.RETIRED)
    if search.channel:
        rows = rows.filter(channel=search.channel)
    if search.place:
        rows = rows.filter(place__in=places.answered_for([search.place], on))
    if search.online is not None:
        rows = rows.filter(state__online=search.online)
    for word in text.fold(search.words).split():
        named = Q(folded__contains=word) | Q(place__folded__contains=word)
        rows = rows.filter(named | Q(serial__icontains=word) | Q(sim__contains=word))
    return rows


def manageable_places(person: Person, on: date) -> QuerySet[Place]:
    """The places in force where a person may manage devices."""
    return scope.visible(places.in_force(on), person, Right.DEVICES, on=on, field="pk")


def manages_any(person: Person, on: date) -> bool:
    """Whether a person may manage devices anywhere."""
    return bool(scope.role_places(person, Right.DEVICES, on))


def watched_places(person: Person, on: date) -> QuerySet[Place]:
    """The places in force that a person may watch."""
    return scope.visible(places.in_force(on), person, Right.VIEW, on=on, field="pk")


def place_labels(chosen: QuerySet[Place], on: date) -> list[tuple[UUID, str]]:
    """(id, name) of places in the order of the tree, those below set in."""
    tree = places.tree()
    known = {place.pk: place for place in chosen}
    chains = {pk: [above for above in tree.above(pk, on) if above in known] for pk in known}
    ordered = sorted(known, key=lambda pk: [(text.fold(known[each].name), each.hex) for each in chains[pk]])
    return [(pk, "\u2003" * (len(chains[pk]) - 1) + str(known[pk])) for pk in ordered]


def groups(person: Person, on: date) -> QuerySet[Group]:
    """The groups of the places where a person may manage devices."""
    return scope.visible(Group.objects.select_related("place"), person, Right.DEVICES, on=on)


def live_code(device: Device, now: datetime) -> EnrolmentCode | None:
    """The code of a device that can still be used, if there is one. What it says is known to nobody any more."""
    return EnrolmentCode.objects.filter(device=device, used_at=None, expires_at__gt=now).order_by("-expires_at").first()


def counted_groups(person: Person, on: date) -> QuerySet[Group]:
    """The groups a person may manage, with the number of devices as `members`."""
    return groups(person, on).annotate(members=Count("devices"))


def manageable_points(person: Person, on: date) -> list[tuple[float, float]]:
    """(longitude, latitude) of the places and devices a person manages: where a new device is likely to stand."""
    found = manageable_places(person, on).values_list("longitude", "latitude")
    own = devices(person, on, Right.DEVICES).values_list("longitude", "latitude")
    return [(x, y) for x, y in [*found, *own] if x is not None and y is not None]


def with_outer(rows: Iterable[Device], on: date) -> list[tuple[Device, Place | None]]:
    """Devices with the place that theirs lies in; None for one at the root."""
    found, tree = list(rows), places.tree()
    outer = {each.place_id: tree.parent(each.place_id, on) for each in found}
    known = Place.objects.in_bulk({pk for pk in outer.values() if pk})
    return [(each, known.get(outer[each.place_id])) for each in found]
