"""The scorecard of an alert: who received it, who sounded it and when, who did not and why; beside those before it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from nguon.alerts.duty_queries import by_hand
from nguon.alerts.models import Alert
from nguon.alerts.queries import CHANNEL
from nguon.delivery.models import Delivery, Progress
from nguon.delivery.show import PROGRESS_KIND, reason_words
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids

SHOWN = 200  # clusters named of those that were silent
COMPARED = 8  # alerts and drills beside each other


class Row(NamedTuple):
    """One device, over all times the alert was said: how far it came at best. Moments are by its own clock."""

    device: UUID
    name: str
    place: UUID
    where: str
    received: datetime | None
    started: datetime | None
    progress: str
    reason: str
    detail: str
    since: datetime  # when it was first meant for it; later than for others where the alert widened
    channel: str = CHANNEL  # its kind

    @property
    def after(self) -> float | None:
        """Seconds until it sounded; None if it did not."""
        return (self.started - self.since).total_seconds() if self.started is not None else None

    @property
    def heard(self) -> bool:
        """Whether it is known to have the order."""
        return self.received is not None or self.started is not None

    @property
    def words(self) -> str:
        """Why it was silent, or how far it came."""
        return reason_words(self.reason, self.detail) or str(Progress(self.progress).label)

    @property
    def kind(self) -> str:
        """The badge of its progress."""
        return PROGRESS_KIND[Progress(self.progress)]


@dataclass(frozen=True)
class Tally:
    """Clusters counted: all, those that received the order, those that sounded; seconds from when it was for each.

    `median` and `last` are of those that sounded, None if none did.
    """

    devices: int
    received: int
    sounded: int
    median: float | None = None
    last: float | None = None

    @property
    def share(self) -> int:
        """Percent that sounded, rounded down: 100 means all."""
        return 100 * self.sounded // self.devices if self.devices else 0


@dataclass(frozen=True)
class Score:
    """The whole of the clusters, each place by its name, and what of any kind was silent by place.

    `others`: devices of other kinds, by kind: they show it.
    """

    whole: Tally
    places: list[tuple[str, Tally]]
    missing: list[tuple[str, list[Row]]]
    unnamed: int  # silent ones that are not named
    by_hand: int = 0  # silent clusters where somebody went and told the people
    others: tuple[tuple[str, Tally], ...] = ()

    @property
    def shares(self) -> list[tuple[str, int]]:
        """(kind, count): sounded, received only, nothing heard."""
        told = self.whole
        return [("ok", told.sounded), ("info", told.received - told.sounded), ("bad", told.devices - told.received)]


def score(alert: Alert, person: Person) -> Score | None:
    """The scorecard of what the person may watch; None before the alert went out."""
    if alert.live_at is None:
        return None
    found = rows(alert, person)
    by_place: defaultdict[str, list[Row]] = defaultdict(list)
    clusters = [row for row in found if row.channel == CHANNEL]
    for row in clusters:
        by_place[row.where].append(row)
    kinds = dict.fromkeys(row.channel for row in found if row.channel != CHANNEL)
    silent = sorted((row for row in found if row.started is None), key=lambda row: (row.where, row.name))
    missing: defaultdict[str, list[Row]] = defaultdict(list)
    for row in silent[:SHOWN]:
        missing[row.where].append(row)
    return Score(
        whole=tally(clusters),
        places=sorted((where, tally(some)) for where, some in by_place.items()),
        missing=list(missing.items()),
        unnamed=max(len(silent) - SHOWN, 0),
        by_hand=by_hand(alert, (row.place for row in silent if row.channel == CHANNEL)),
        others=tuple((kind, tally(row for row in found if row.channel == kind)) for kind in kinds),
    )


def rows(alert: Alert, person: Person) -> list[Row]:
    """Each device once, with the best it did."""
    found = _deliveries(alert, person).order_by("broadcast__alert_saying__at", "pk")
    best: dict[UUID, Row] = {}
    names = ("device", "device__name", "device__place", "device__place__kind", "device__place__name", "device__channel")
    fields = ("received_at", "started_at", "progress", "reason", "detail", "broadcast__alert_saying__at")
    for one in found.values_list(*names, *fields):
        device, name, place, kind, where, channel, received, started, progress, reason, detail, at = one
        before = best.get(device)
        since, where = before.since if before else at, f"{kind} {where}".strip()
        row = Row(device, name, place, where, received, started, progress, reason, detail, since, channel)
        if before is None or (before.started is None and (row.started is not None or not before.heard)):
            best[device] = row
    return list(best.values())


def tally(found: Iterable[Row]) -> Tally:
    """Rows counted."""
    some = list(found)
    return _tally(len(some), sum(row.heard for row in some), [row.after for row in some if row.after is not None])


def _tally(devices: int, received: int, after: list[float]) -> Tally:
    late = sorted(after)
    return Tally(
        devices=devices,
        received=received,
        sounded=len(late),
        median=late[len(late) // 2] if late else None,
        last=late[-1] if late else None,
    )


class Past(NamedTuple):
    """One alert of the same place, and what became of it."""

    alert: Alert
    tally: Tally


def past(alert: Alert, person: Person) -> list[Past]:
    """This alert and those of its place before it, the newest first: drills and real ones. Counted by the database."""
    if alert.live_at is None:
        return []
    same = Alert.objects.filter(place=alert.place_id, live_at__lte=alert.live_at).order_by("-live_at")
    return [Past(one, _counted(one, person)) for one in same[:COMPARED]]


def _counted(alert: Alert, person: Person) -> Tally:
    """The same as `tally` of its rows, grouped by the database: said for days, an alert has many for each cluster."""
    grouped = _deliveries(alert, person).filter(device__channel=CHANNEL).order_by().values("device")
    found = grouped.annotate(
        since=Min("broadcast__alert_saying__at"), received=Max("received_at"), started=Min("started_at")
    ).values_list("since", "received", "started")
    after = [(started - since).total_seconds() for since, _received, started in found if started is not None]
    return _tally(len(found), sum(bool(received or started) for _since, received, started in found), after)


def _deliveries(alert: Alert, person: Person) -> QuerySet[Delivery]:
    mine = place_ids(person, Right.VIEW)
    return Delivery.objects.filter(broadcast__alert_saying__alert=alert, device__place__in=mine)
