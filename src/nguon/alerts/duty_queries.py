"""Questions about who is on duty and what did not answer. Those for people take the person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nguon.alerts import duty_rules, duty_words
from nguon.alerts.duty_rules import Shift
from nguon.alerts.models import Alert, Duty, Reached, Silence, State, Telling, Told
from nguon.delivery import notifiers
from nguon.delivery.models import Delivery, Progress
from nguon.devices.models import Device, Status
from nguon.kit.clock import LOCAL, local_day
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.places.rules import Tree

SHOWN = 60  # places on one board: nobody calls more at a time
DEAF = (Progress.FAILED, Progress.REFUSED)  # it answered, and nobody there heard anything


def listed(person: Person, on: date, place: UUID | None = None) -> QuerySet[Duty]:
    """Everybody on some duty, now or later, where this person may alert, in the order of being called."""
    mine = place_ids(person, Right.ALERT, on, within=place)
    rows = Duty.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), place__in=mine).select_related("place")
    return rows.order_by("order", "name")


def places_of(person: Person, on: date) -> QuerySet[Place]:
    """The places where this person may say who is on duty, by name."""
    return places.in_force(on).filter(pk__in=place_ids(person, Right.ALERT, on)).order_by("name")


def highest(person: Person, on: date) -> UUID | None:
    """The widest place where this person may say who is on duty: most people are on duty for all of it."""
    tree, mine = places.tree(), place_ids(person, Right.ALERT, on)
    known = [one for one in mine if tree.in_force(one, on)]
    return min(known, key=lambda one: (len(tree.above(one, on)), one.hex), default=None)


@dataclass(frozen=True)
class Watch:
    """Somebody on duty as a list shows it."""

    duty: Duty
    now: bool  # at this hour

    @property
    def when(self) -> str:
        """When, in words."""
        return duty_words.when(self.duty)

    @property
    def phone(self) -> str:
        """The number as it is read."""
        return duty_words.number(self.duty.phone)


def by_place(rows: Iterable[Duty], now: datetime) -> list[tuple[Place, list[Watch]]]:
    """People on duty by their places, the widest first, then by name."""
    found: dict[UUID, tuple[Place, list[Watch]]] = {}
    local = now.astimezone(LOCAL)
    for duty in rows:
        found.setdefault(duty.place_id, (duty.place, []))[1].append(Watch(duty, shift(duty).holds(local)))
    tree, on = places.tree(), local_day(now)
    return sorted(found.values(), key=lambda group: (len(tree.above(group[0].pk, on)), group[0].folded))


def nobody_at(person: Person, now: datetime) -> list[Place]:
    """The places with clusters in use where nobody is on duty now, neither there nor above; by name."""
    on, tree = local_day(now), places.tree()
    mine, duty = place_ids(person, Right.ALERT, on), on_duty(now, tree)
    used = Device.objects.filter(status=Status.ACTIVE, place__in=mine).values("place")
    found = Place.objects.filter(pk__in=used).order_by("name")
    return [place for place in found if answering(tree, place.pk, duty, on) is None]


def shift(duty: Duty) -> Shift:
    """When somebody is on duty."""
    return Shift(duty.valid_from, duty.valid_to, tuple(duty.days), duty.begins, duty.ends)


def on_duty(now: datetime, tree: Tree) -> dict[UUID, list[Duty]]:
    """Who is on duty at this moment, by the place they are called for, in order.

    Those of a place that went into another are called for that one: better too many than nobody on the day after a
    reform.
    """
    on, local = local_day(now), now.astimezone(LOCAL)
    holding = [duty for duty in Duty.objects.select_related("place") if shift(duty).holds(local)]
    gone = {duty.place_id for duty in holding if not tree.in_force(duty.place_id, on)}
    heirs: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for place in (one for one in tree.spans if gone and tree.in_force(one, on)):
        for old in tree.predecessors([place], on) & gone:
            heirs[old].append(place)
    found: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in holding:
        for place in heirs[duty.place_id] if duty.place_id in gone else [duty.place_id]:
            found[place].append(duty)
    return dict(found)


def answering(tree: Tree, place: UUID, on_duty_now: Iterable[UUID], on: date) -> UUID | None:
    """The place whose people are called for this one."""
    return duty_rules.answering(place, tree.above(place, on), frozenset(on_duty_now))


def answered(alert: Alert) -> QuerySet[Delivery]:
    """The deliveries of an alert by which a cluster said that it has it, and did not end deaf."""
    rows = Delivery.objects.filter(broadcast__alert_saying__alert=alert, received_at__isnull=False)
    return rows.exclude(Q(progress__in=DEAF) & Q(started_at=None))


@dataclass(frozen=True)
class Cluster:
    """A cluster that did not answer in time. `answered_at`: when it did later, by its clock."""

    device: Device
    answered_at: datetime | None


@dataclass(frozen=True)
class Line:
    """One telling as this person may see it: without right there, neither who nor where."""

    telling: Telling
    name: str
    position: str
    way: str
    real: bool
    why: str

    @property
    def told(self) -> bool:
        """Whether a person has been told by it."""
        return self.telling.state == Told.TOLD and self.real


@dataclass(frozen=True)
class Call:
    """Somebody on duty now whom one can call, and what was told to them."""

    watch: Watch
    lines: list[Line]


@dataclass(frozen=True)
class Row:
    """A place where clusters did not answer, whom to call there, who was told, and whether somebody went."""

    place: Place
    clusters: list[Cluster]
    caller: Place | None  # whose people are called
    people: list[Call]
    hidden: bool  # somebody is on duty whom this person may not see
    lines: list[Line]  # to others: the fallback, signers, people who are no longer on duty or not to be seen
    reached: Reached | None
    may: bool

    @property
    def silent(self) -> int:
        """Clusters that have not answered by now."""
        return sum(each.answered_at is None for each in self.clusters)


@dataclass(frozen=True)
class Board:
    """What did not answer of one alert, as far as this person may see: the first places, what is open before the rest.

    `open`: places with clusters that do not answer and where nobody went; `silent`: such clusters; `more`: places that
    are not among the rows.
    """

    rows: list[Row]
    live: bool
    early: bool = False  # nobody has been looked for yet
    open: int = 0
    silent: int = 0
    more: int = 0

    @property
    def version(self) -> str:
        """The same while nothing on it changes: so long a page need not be drawn anew."""
        parts = [f"{self.live} {self.early} {self.open} {self.silent} {self.more}"]
        for row in self.rows:
            parts += [row.place.pk.hex, str(row.silent), row.reached.at.isoformat() if row.reached else ""]
            lines = [*row.lines, *(line for each in row.people for line in each.lines)]
            parts += [f"{line.telling.pk.hex}{line.telling.state}{line.telling.tries}" for line in lines]
            parts += [f"{each.watch.duty.pk.hex}{each.watch.duty.phone}" for each in row.people]
        return sha256("|".join(parts).encode()).hexdigest()[:16]


def board(alert: Alert, person: Person, now: datetime) -> Board:
    """What a page shows of the clusters that did not answer, of the places the person may watch."""
    on, live = local_day(now), alert.state == State.LIVE
    seen, mine = place_ids(person, Right.VIEW, on), place_ids(person, Right.ALERT, on)
    here: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for place, device in alert.silences.values_list("place_id", "device_id"):
        if place in seen:
            here[place].append(device)
    if not here:
        return Board([], live, live and not alert.sayings.filter(looked_at__isnull=False).exists())
    later = dict(answered(alert).order_by("-received_at").values_list("device_id", "received_at"))
    reached = {row.place_id: row for row in alert.reached.select_related("person")}
    still = {place: sum(device not in later for device in devices) for place, devices in here.items()}
    found = Place.objects.in_bulk(list(here))
    order = sorted(here, key=lambda place: (place in reached, not still[place], found[place].folded, place.hex))
    asked = _Asked(alert, mine, now, order[:SHOWN])
    return Board(
        [asked.row(found[place], here[place], later, reached.get(place)) for place in order[:SHOWN]],
        live,
        open=sum(bool(count) and place not in reached for place, count in still.items()),
        silent=sum(still.values()),
        more=max(len(order) - SHOWN, 0),
    )


class _Asked:
    """What is to be known of some places for the board of an alert, read once. `mine`: where the person may alert."""

    def __init__(self, alert: Alert, mine: frozenset[UUID], now: datetime, shown: list[UUID]) -> None:
        self._mine, self._on = mine, local_day(now)
        self._lines = _lines(alert, mine, shown)
        self._tree = places.tree()
        self._duty = on_duty(now, self._tree)
        self._places = Place.objects.in_bulk(list(self._duty))
        silent = alert.silences.filter(place__in=shown).values("device")
        self._devices = Device.objects.in_bulk(list(silent.values_list("device", flat=True)))

    def row(
        self, place: Place, devices: list[UUID], later: dict[UUID, datetime | None], reached: Reached | None
    ) -> Row:
        """The silent clusters of one place."""
        caller = answering(self._tree, place.pk, self._duty, self._on)
        lines = self._lines.get(place.pk, [])
        people = []
        for duty in self._duty[caller] if caller in self._mine else ():
            own = [line for line in lines if line.telling.duty_id == duty.pk]
            people.append(Call(Watch(duty, now=True), own))
        named = {line.telling.pk for call in people for line in call.lines}
        clusters = [Cluster(self._devices[device], later.get(device)) for device in devices]
        return Row(
            place,
            sorted(clusters, key=lambda cluster: cluster.device.folded),
            self._places.get(caller) if caller else None,
            people,
            hidden=caller is not None and not people,
            lines=[line for line in lines if line.telling.pk not in named],
            reached=reached,
            may=place.pk in self._mine,
        )


def _lines(alert: Alert, mine: frozenset[UUID], shown: list[UUID]) -> dict[UUID, list[Line]]:
    """The tellings of an alert by silent place."""
    ways = notifiers.active()
    made: dict[UUID, Line] = {}
    for telling in alert.tellings.select_related("duty"):
        knows = (telling.place_id or alert.place_id) in mine
        way = ways.get(telling.way)
        made[telling.pk] = Line(
            telling,
            telling.name if knows else "",
            telling.duty.position if knows and telling.duty else "",
            _(way.label) if way else "",
            way.real if way else telling.way != "log",
            _(duty_rules.words(telling.failure)) if telling.failure else "",
        )
    found: defaultdict[UUID, list[Line]] = defaultdict(list)
    told = Silence.objects.filter(alert=alert, place__in=shown, tellings__isnull=False)
    for place, telling_id in told.order_by().values_list("place_id", "tellings").distinct():
        found[place].append(made[telling_id])
    for lines in found.values():
        lines.sort(key=lambda line: (line.telling.created_at, line.telling.pk.hex))
    return found


def by_hand(alert: Alert, silent: Iterable[UUID]) -> int:
    """How many of the silent clusters, each given by its place, stand where somebody told the people by hand."""
    reached = frozenset(alert.reached.values_list("place_id", flat=True))
    return sum(place in reached for place in silent)
