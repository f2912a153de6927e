"""What is seen of devices and broadcasts, for one person: their places and all below, and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nguon.delivery.models import Broadcast, Delivery, State
from nguon.devices import channels
from nguon.devices.models import Device, DeviceState, Refusal, Status
from nguon.kit import clock, text
from nguon.monitor import rules, words
from nguon.monitor.rules import Counts, Facts, Health
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place

RECENT = timedelta(minutes=10)  # how long an ended broadcast stays on the page
FAULTY = "faulty"  # the wish for devices with any fault, whatever their state
HISTORY = 30  # deliveries on the page of a device
_COLUMNS = (
    *("name", "channel", "place_id", "status", "password", "simulated", "unplugged", "latitude", "longitude"),
    *("state__online", "state__changed_at", "state__seen_at", "state__playing", "state__volume", "state__signal"),
    *("state__disk_free", "state__clock_offset"),
)


@dataclass(frozen=True)
class Wish:
    """What a person wants to see: words of a name or place, one place and below, a state (or "faulty")."""

    words: str = ""
    place: UUID | None = None
    state: str = ""

    @property
    def query(self) -> str:
        """The words and the place as the beginning of an address, ready for a state to follow."""
        kept = {"q": self.words, "place": str(self.place or "")}
        said = urlencode({name: value for name, value in kept.items() if value})
        return f"{said}&" if said else ""


@dataclass(frozen=True)
class Row:
    """One device as the list and the map show it."""

    id: UUID
    name: str
    channel: str
    place_id: UUID
    health: Health
    troubles: tuple[Health, ...]
    changed_at: datetime | None
    seen_at: datetime | None
    playing: UUID | None
    title: str  # of what is playing
    volume: int | None
    signal: int | None
    simulated: bool
    unplugged: bool
    latitude: float | None
    longitude: float | None

    @property
    def faulty(self) -> bool:
        """Whether something is wrong with it, though it is connected."""
        return bool(self.troubles)

    @property
    def kind(self) -> str:
        """The kind of its badge."""
        return rules.KINDS[self.health]

    @property
    def said(self) -> str:
        """Its state in words."""
        return str(words.HEALTH[self.health])

    @property
    def faults(self) -> str:
        """What is wrong besides the state it is shown in, in words."""
        return ", ".join(str(words.HEALTH[each]).lower() for each in self.troubles if each != self.health)

    @property
    def audible(self) -> bool:
        """Whether it is heard, and not only seen."""
        return channels.audible(self.channel)

    @property
    def called(self) -> str:
        """What kind of device it is, as officers call it."""
        return channels.label(self.channel)

    @property
    def signal_said(self) -> str:
        """Its signal in words."""
        return words.signal(self.signal)

    @property
    def bars(self) -> int:
        """Bars of its signal, 0 to 4."""
        return rules.signal_bars(self.signal)

    @property
    def away(self) -> bool:
        """Whether what it last said of itself is old."""
        return self.health in rules.AWAY


@dataclass(frozen=True)
class Cast:
    """A broadcast as far as this person's devices are concerned."""

    id: UUID
    title: str
    place: str
    state: State
    issued_at: datetime
    start_at: datetime | None
    ended_at: datetime | None
    counts: dict[str, int]
    own: bool  # issued in sight of this person, so that its own page may be opened

    @property
    def shares(self) -> list[tuple[str, int, str]]:
        """The bar: (kind, count, words)."""
        return [(kind, number, str(words.STAGE[stage])) for stage, kind, number in rules.stages(self.counts)]

    @property
    def total(self) -> int:
        """How many devices of this person it goes to."""
        return sum(self.counts.values())


def sight(person: Person, on: date | None = None) -> frozenset[UUID]:
    """The places a person may watch."""
    return scope.place_ids(person, Right.VIEW, on)


def rows(seen: frozenset[UUID], wish: Wish, now: datetime, *, since: datetime | None = None) -> list[Row]:
    """The devices of these places that are not out of use, by name; with `since`, those changed after it only."""
    found = Device.objects.filter(place__in=_within(seen, wish, now)).exclude(status=Status.RETIRED)
    if wish.words:
        folded = text.fold(text.clean(wish.words))
        found = found.filter(Q(folded__contains=folded) | Q(place__folded__contains=folded))
    if since is not None:
        found = found.filter(state__changed_at__gt=since)
    made = _rows(found.order_by("folded", "pk"), now)
    return [row for row in made if matches(row, wish.state)]


def matches(row: Row, state: str) -> bool:
    """Whether a row is among those wished for by state; no state is every state."""
    if state == FAULTY:
        return row.faulty
    return not state or row.health == state


def count(found: Iterable[Row]) -> Counts:
    """The strip at the top."""
    return rules.count((row.health, row.faulty) for row in found)


def casts(seen: frozenset[UUID], now: datetime) -> list[Cast]:
    """Broadcasts going on, or ended a few minutes ago, that these places issued or have devices in; newest first."""
    open_ = Q(state__in=[State.QUEUED, State.LIVE]) | Q(ended_at__gt=now - RECENT)
    running = list(Broadcast.objects.filter(open_).select_related("place"))
    counted: dict[UUID, Counter[str]] = defaultdict(Counter)
    grouped = Delivery.objects.filter(broadcast__in=running, device__place__in=seen)
    for pk, progress, number in grouped.values_list("broadcast_id", "progress").annotate(number=Count("pk")):
        counted[pk][progress] = number
    mine = [each for each in running if each.place_id in seen or each.pk in counted]
    return [_cast(each, dict(counted[each.pk]), own=each.place_id in seen) for each in mine]


def grouped(found: Iterable[Row], on: date) -> list[tuple[Place, list[tuple[Place, list[Row]]]]]:
    """The rows by place, and those places by the place they lie in (a place with others below stands for itself)."""
    tree = places.tree()
    by_place: dict[UUID, list[Row]] = defaultdict(list)
    for row in found:
        by_place[row.place_id].append(row)
    outer = {pk: pk if tree.children(pk, on) else (tree.parent(pk, on) or pk) for pk in by_place}
    known = Place.objects.in_bulk({*by_place, *outer.values()})
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for pk, parent in outer.items():
        groups[parent].append(pk)

    def name(pk: UUID) -> str:
        return text.fold(known[pk].name)

    return [
        (known[parent], [(known[pk], by_place[pk]) for pk in sorted(inside, key=lambda pk: (pk != parent, name(pk)))])
        for parent, inside in sorted(groups.items(), key=lambda item: name(item[0]))
    ]


def row_of(device: Device, now: datetime) -> Row:
    """One device as the list shows it."""
    return _rows(Device.objects.filter(pk=device.pk), now)[0]


def history(device: Device) -> list[Delivery]:
    """The newest deliveries of a device."""
    found = Delivery.objects.filter(device=device).select_related("broadcast__place", "proof")
    return list(found.order_by("-broadcast__issued_at")[:HISTORY])


def refusals(device: Device) -> list[Refusal]:
    """The newest messages refused from a device, or to it."""
    return list(Refusal.objects.filter(device=device).order_by("-at")[:10])


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a file is the sound that a device in sight of this person played."""
    return scope.visible(Delivery.objects.filter(proof_id=sha256), person, field="device__place").exists()


def _within(seen: frozenset[UUID], wish: Wish, now: datetime) -> frozenset[UUID]:
    if wish.place is None:
        return seen
    return seen & places.answered_for([wish.place], now.astimezone(clock.LOCAL).date())


def _rows(found: QuerySet[Device], now: datetime) -> list[Row]:
    devices = list(found.select_related("state").only(*_COLUMNS))
    states = [getattr(each, "state", None) for each in devices]
    playing = {state.playing for state in states if state and state.playing}
    titles = dict(Broadcast.objects.filter(pk__in=playing).values_list("pk", "title")) if playing else {}
    return [_row(each, state, titles, now) for each, state in zip(devices, states, strict=True)]


def _row(device: Device, state: DeviceState | None, titles: dict[UUID, str], now: datetime) -> Row:
    state = state or DeviceState()
    facts = Facts(
        status=device.status,
        enrolled=bool(device.password),
        online=state.online,
        seen_at=state.seen_at,
        playing=state.playing is not None,
        disk_free=state.disk_free,
        clock_offset=state.clock_offset,
    )
    return Row(
        id=device.pk,
        name=device.name,
        channel=device.channel,
        place_id=device.place_id,
        health=rules.health(facts, now),
        troubles=rules.troubles(facts, now),
        changed_at=state.changed_at,
        seen_at=state.seen_at,
        playing=state.playing,
        title=titles.get(state.playing, "") if state.playing else "",
        volume=state.volume,
        signal=state.signal,
        simulated=device.simulated,
        unplugged=device.unplugged,
        latitude=device.latitude,
        longitude=device.longitude,
    )


def _cast(each: Broadcast, counts: dict[str, int], *, own: bool) -> Cast:
    return Cast(
        id=each.pk,
        title=each.title,
        place=str(each.place),
        state=State(each.state),
        issued_at=each.issued_at,
        start_at=each.start_at,
        ended_at=each.ended_at,
        counts=counts,
        own=own,
    )
