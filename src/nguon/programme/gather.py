"""From the tables to the pure scheduler: all slots and policies in force, and of them what concerns one device.

Everything is read at once, whatever the number of devices; what concerns a device is chosen by its areas in memory.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from holidays import country_holidays

from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.devices.queries import area_ids
from nguon.kit import clock
from nguon.places.queries import tree
from nguon.places.rules import Tree
from nguon.programme import items, lengths, models
from nguon.programme.items import Item, Kind
from nguon.programme.policies import Hours, Policy, Volume
from nguon.programme.slots import SHORTEST, Days, OnHoliday, Slot, Suspension
from nguon.programme.timeline import Timeline, timeline
from nguon.wire.ladder import Level

CUT_ANYWHERE = frozenset({Kind.RELAY, Kind.MUSIC, Kind.PAUSE})


@dataclass(frozen=True)
class Placed:
    """A slot, the row it is from, and where it plays: places in force, groups, devices."""

    slot: Slot
    row: models.Slot
    targets: Targets

    @property
    def areas(self) -> frozenset[UUID]:
        """Where it plays, all in one."""
        return frozenset((*self.targets.places, *self.targets.groups, *self.targets.devices))


@dataclass(frozen=True)
class Limited:
    """A policy and the place or group it is of."""

    policy: Policy
    areas: frozenset[UUID]


@dataclass(frozen=True)
class Known:
    """All slots and policies in force on a day, and the holidays around it."""

    placed: tuple[Placed, ...]
    limited: tuple[Limited, ...]
    days: Days

    def timeline(self, areas: Collection[UUID], start: datetime, end: datetime) -> Timeline:
        """What happens at a device of these areas (its own id among them) in [start, end), local and naive."""
        return timeline(self.slots(areas), self.policies(areas), start, end, self.days)

    def slots(self, areas: Collection[UUID]) -> list[Slot]:
        """The slots that play at a device of these areas, always in the same order."""
        return [self.placed[at].slot for at in _any(self._placed_in, areas)]

    def policies(self, areas: Collection[UUID]) -> list[Policy]:
        """The policies that hold for it, always in the same order."""
        return [self.limited[at].policy for at in _any(self._limited_in, areas)]

    @cached_property
    def _placed_in(self) -> dict[UUID, list[int]]:
        return _by_area(each.areas for each in self.placed)

    @cached_property
    def _limited_in(self) -> dict[UUID, list[int]]:
        return _by_area(each.areas for each in self.limited)


def _by_area(areas: Iterable[Iterable[UUID]]) -> dict[UUID, list[int]]:
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    for at, each in enumerate(areas):
        for area in each:
            found[area].append(at)
    return found


def _any(index: Mapping[UUID, list[int]], areas: Collection[UUID]) -> list[int]:
    return sorted({at for area in areas for at in index.get(area, ())})


def known(on: date) -> Known:
    """What is in force on a day, by a handful of queries. What was of a place that ended goes on where that was."""
    territory = tree()
    rows = models.Slot.objects.filter(ended_at=None, programme__ended_at=None).select_related("programme")
    rows = rows.prefetch_related("places", "groups", "devices", "suspensions")
    found = list(rows)
    long = lengths.of({row.programme for row in found})
    urgent = lengths.priority_bulletins({row.programme for row in found})
    policies = models.Policy.objects.filter(ended_at=None)
    return Known(
        tuple(
            Placed(slot(row, long[row.programme_id], urgent, row.suspensions.all()), row, _targets(row, territory, on))
            for row in found
        ),
        tuple(Limited(policy(row), _of_policy(row, territory, on)) for row in policies),
        Days(public_holidays(on)),
    )


def of_device(device: Device, start: datetime, end: datetime) -> Timeline:
    """What will happen at one device in [start, end), local and naive."""
    on = start.date()
    return known(on).timeline({*area_ids(device, on), device.pk}, start, end)


def public_holidays(on: date) -> dict[date, str]:
    """Public holidays of Vietnam by name, of the year of a day and the one after."""
    return dict(country_holidays("VN", years=(on.year, on.year + 1), language="vi"))


def current(territory: Tree, place: UUID, on: date) -> frozenset[UUID]:
    """The place; of one that has ended, what lay in it on its last day and still is."""
    if territory.in_force(place, on) or place not in territory.spans:
        return frozenset({place})
    last = territory.spans[place].last
    inside = territory.below([place], last) if last is not None and last < on else frozenset({place})
    return frozenset(one for one in inside if territory.in_force(one, on))


def level(kinds: Iterable[Item], urgent: Collection[str] = ()) -> Level:
    """The rung of a programme: that of its weightiest item, so that none of its items breaks off another."""
    found = {item.kind for item in kinds}
    if any(item.kind is Kind.BULLETIN and item.what in urgent for item in kinds):
        return Level.PRIORITY
    if found & {Kind.BULLETIN, Kind.NEWEST}:
        return Level.ORDINARY
    return Level.RELAY if Kind.RELAY in found else Level.FILLER


def slot(row: models.Slot, length: timedelta, urgent: Collection[str], rests: Iterable[models.Suspension] = ()) -> Slot:
    """A row, stored or not yet, as the scheduler takes it."""
    kept = items.of_json(row.programme.items)
    return Slot(
        id=row.pk.hex,
        title=row.programme.name,
        level=level(kept, urgent),
        first=datetime.combine(row.first_day, row.at),
        length=max(length, SHORTEST),
        rule=row.rule,
        grace=timedelta(seconds=row.grace),
        patience=timedelta(seconds=row.patience),
        can_be_cut=all(item.kind in CUT_ANYWHERE for item in kept),
        on_holiday=OnHoliday(row.on_holiday),
        lunar_days=frozenset(row.lunar_days),
        except_on=_days(row.except_on),
        also_on=_days(row.also_on),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        suspensions=tuple(Suspension(each.first, each.last) for each in rests),
        issued=clock.ms(row.created_at),
    )


def policy(row: models.Policy) -> Policy:
    """A row as the scheduler takes it."""
    return Policy(
        id=row.pk.hex,
        basis=row.basis,
        quiet=tuple(_hours(first, last) for first, last in row.quiet),
        most_sessions=row.most_sessions,
        longest=timedelta(seconds=row.longest) if row.longest else None,
        volumes=_limits(row.volumes),
        brightness=_limits(row.brightness),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _limits(kept: Iterable[tuple[str, str, int]]) -> tuple[Volume, ...]:
    return tuple(Volume(_hours(first, last), most) for first, last, most in kept)


def _hours(first: str, last: str) -> Hours:
    return Hours(time.fromisoformat(first), time.fromisoformat(last))


def _days(kept: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, kept))


def _targets(row: models.Slot, territory: Tree, on: date) -> Targets:
    """Where a slot plays; one without a target plays everywhere in its place."""
    places = [place.pk for place in row.places.all()]
    groups, devices = ([each.pk for each in some] for some in (row.groups.all(), row.devices.all()))
    if not places and not groups and not devices:
        places = [row.place_id]
    now = frozenset[UUID]().union(*(current(territory, place, on) for place in places))
    return Targets(tuple(sorted(now, key=str)), tuple(groups), tuple(devices))


def _of_policy(row: models.Policy, territory: Tree, on: date) -> frozenset[UUID]:
    return frozenset({row.group_id}) if row.group_id else current(territory, row.place_id, on)
