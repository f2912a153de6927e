"""An alert that goes out in stages: one cluster, the commune it stands in, all. Wider only at a person's word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from nguon.alerts import rules
from nguon.alerts.models import Alert, State
from nguon.alerts.queries import CHANNEL, targets_of
from nguon.alerts.rules import Stage
from nguon.cap.hazards import Kind
from nguon.delivery.models import Delivery
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group
from nguon.keys import sealing
from nguon.kit.clock import local_day
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.places import queries as places
from nguon.places.models import Place


def begin(alert: Alert, now: datetime) -> None:
    """Choose the cluster that is first and the commune after it, and stand at the first stage. Saves the alert.

    A cluster that is connected; one that sends back what it played before others, for then somebody can listen to it.
    Is none connected, the commune of the first by name is first.
    """
    found = targeted(targets_of(alert), (CHANNEL,), local_day(now)).select_related("state", "place")
    rows = sorted(found, key=lambda row: (not _connected(row), not row.proof, row.folded, row.pk.hex))
    if rows:
        alert.pilot = rows[0] if _connected(rows[0]) else None
        alert.near_id = sealing.issuer(rows[0].place_id, now)
    alert.stage = steps(alert, now)[0].value
    alert.save(update_fields=["pilot", "near", "stage"])


def _connected(device: Device) -> bool:
    return hasattr(device, "state") and device.state.online


def steps(alert: Alert, now: datetime) -> tuple[Stage, ...]:
    """The stages it has, by who is there now."""
    if not alert.staged:
        return (Stage.ALL,)
    on = local_day(now)
    near = _ids(_near(alert, on), on) if alert.near_id else frozenset()
    return rules.stages(alert.pilot_id, near, _ids(targets_of(alert), on))


def next_step(alert: Alert, now: datetime) -> Stage | None:
    """The stage after the one it is in; None if it reaches everybody."""
    return next((stage for stage in steps(alert, now) if stage > alert.stage), None) if alert.staged else None


def targets_now(alert: Alert, now: datetime) -> Targets:
    """To whom it goes at the stage it is in. Whatever has become of its first cluster, it goes to somebody."""
    on = local_day(now)
    wanted = targets_at(_of_stages(alert), width(alert), on)
    return wanted if targeted(wanted, (CHANNEL,), on).exists() else targets_of(alert)


def width(alert: Alert) -> Stage:
    """How wide it went by now."""
    whose = _of_stages(alert)
    return Stage(whose.stage) if whose.staged else Stage.ALL


def _of_stages(alert: Alert) -> Alert:
    """Whose stages count: that one was a mistake is said to those who heard it, and nobody else is frightened by it."""
    before = alert.follows
    return before if alert.kind == Kind.MISTAKE and before is not None and before.staged else alert


def targets_at(alert: Alert, stage: Stage, on: date) -> Targets:
    """To whom it goes at a stage."""
    if stage == Stage.ONE and alert.pilot_id:
        return Targets(devices=(alert.pilot_id,))
    if stage == Stage.NEAR and alert.near_id:
        return _near(alert, on)
    return targets_of(alert)


def _near(alert: Alert, on: date) -> Targets:
    assert alert.near_id is not None
    targets, tree = targets_of(alert), places.tree()
    alone = Device.objects.filter(pk__in=targets.devices)
    grouped = Device.objects.filter(groups__in=Group.objects.filter(pk__in=targets.groups))
    return rules.narrowed(
        targets,
        alert.near_id,
        inside=tree.below([alert.near_id], on),
        above=tree.above(alert.near_id, on)[:-1],
        standing=_standing(alone),
        grouped=_standing(grouped),
    )


def _standing(devices: "QuerySet[Device]") -> dict[UUID, UUID]:
    return dict(devices.values_list("pk", "place_id"))


def _ids(targets: Targets, on: date) -> frozenset[UUID]:
    return frozenset(targeted(targets, (CHANNEL,), on).values_list("pk", flat=True)) if targets else frozenset()


@dataclass(frozen=True)
class Step:
    """A stage as a page shows it: whom it reaches, how many of them sounded by now, and how it stands.

    `state`: done, here or ahead.
    """

    stage: Stage
    pilot: Device | None
    place: Place | None
    devices: int
    sounded: int
    state: str


@dataclass(frozen=True)
class Staging:
    """The stages of an alert, and whether this person may go to the next."""

    steps: tuple[Step, ...]
    next: Step | None
    may: bool
    pilot_silent: bool  # the first cluster has not said that it sounds


def shown(alert: Alert, person: Person, now: datetime) -> Staging | None:
    """What a page shows of the stages; None for an alert without any, or one that is not out yet."""
    if not alert.staged or alert.live_at is None:
        return None
    heard = frozenset(_sounded(alert))
    found = tuple(_step(alert, stage, heard, now) for stage in steps(alert, now))
    ahead = next((step for step in found if step.state == "ahead"), None)
    live = alert.state == State.LIVE
    return Staging(
        found,
        ahead if live else None,
        live and may(person, Right.ALERT, alert.place_id, on=local_day(now)),
        alert.pilot_id is not None and alert.pilot_id not in heard,
    )


def _step(alert: Alert, stage: Stage, heard: frozenset[UUID], now: datetime) -> Step:
    on = local_day(now)
    reached = _ids(targets_at(alert, stage, on), on)
    state = "done" if stage < alert.stage else "here" if stage == alert.stage else "ahead"
    pilot = alert.pilot if stage == Stage.ONE else None
    place = alert.near if stage == Stage.NEAR else None
    return Step(stage, pilot, place, len(reached), len(reached & heard), state)


def _sounded(alert: Alert) -> Iterable[UUID]:
    rows = Delivery.objects.filter(broadcast__alert_saying__alert=alert, started_at__isnull=False)
    return rows.values_list("device_id", flat=True)
