"""What everybody may know of alerts: those in force in a place, and those that lately were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.alerts import maps, queries, staging
from nguon.alerts.models import Alert, State
from nguon.alerts.rules import Stage
from nguon.cap import hazards
from nguon.cap.hazards import Kind
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Status
from nguon.kit import clock
from nguon.places import queries as places
from nguon.ports.channel import Sketch
from nguon.ui.skin import Caution

PAST = timedelta(days=7)  # how long what is over is still told of
MOST_PAST = 20
UNRANKED = 3  # a danger without a level stands among those of this one
ENDS = (Kind.OVER, Kind.MISTAKE)  # what takes a danger back
KEEP = 3600  # seconds: where an alert of a stage holds never changes once it went out


@dataclass(frozen=True)
class Warned:
    """One alert as everybody may read it. `kind` as in `Caution`; `sketch` is None where no map shows all of it."""

    it: Alert
    headline: str
    kind: str
    hazard: str
    level: str
    where: str
    issuer: str
    until: datetime
    sketch: Sketch | None = None

    @property
    def paragraphs(self) -> list[str]:
        """Its text, a sentence or an order each where they were written so."""
        return [line for line in self.it.text.splitlines() if line.strip()]

    @property
    def ended(self) -> str:
        """Why it is over, in words."""
        words = {
            State.REPLACED: _("đã có tin mới thay"),
            State.CANCELLED: _("đã dừng"),
        }
        return words.get(State(self.it.state), _("đã hết hiệu lực"))


def in_force(place: UUID | None) -> tuple[Caution, ...]:
    """The alerts that are live in a place (None: anywhere), the gravest first. Named in settings.

    One query while there is none at all.
    """
    return tuple(_caution(alert) for alert in _in_force(place, clock.now()))


def warned(place: UUID | None, now: datetime, *, mapped: bool = True) -> list[Warned]:
    """The same with all that is known of each; with its map, unless nobody looks at it."""
    return [_warned(alert, now, mapped=mapped) for alert in _in_force(place, now)]


def told(pk: UUID, now: datetime) -> Warned | None:
    """One alert that went out, whether it is still in force or not."""
    found = Alert.objects.filter(pk=pk, live_at__isnull=False).select_related("place", "follows")
    return next((_warned(alert, now) for alert in found.prefetch_related("places", "groups", "devices")), None)


def lately(place: UUID | None, now: datetime) -> list[Warned]:
    """What was in force in the last days and is over, the newest first."""
    out = Alert.objects.filter(live_at__gte=now - PAST).exclude(_live(now)).order_by("-live_at")
    return [_warned(alert, now) for alert in _of(place, out, now)[:MOST_PAST]]


def _live(now: datetime) -> Q:
    """By the clock too: what has run out is over before anybody has noted it."""
    return Q(state=State.LIVE, expires_at__gt=now)


def _in_force(place: UUID | None, now: datetime) -> list[Alert]:
    return sorted(_of(place, Alert.objects.filter(_live(now)), now), key=_gravity)


def _gravity(alert: Alert) -> tuple[bool, bool, int, float]:
    at = alert.live_at or alert.created_at
    return alert.drill, alert.kind in ENDS, -(alert.level or UNRANKED), -at.timestamp()


def _of(place: UUID | None, found: QuerySet[Alert], now: datetime) -> list[Alert]:
    """Those that concern a place: meant for it, for what lies in it or what it lies in, or for devices there.

    A place that went into others is warned as they are. What is said in stages concerns whom it has reached by now.
    """
    rows = list(found.select_related("place", "follows").prefetch_related("places", "groups", "devices"))
    if place is None or not rows:
        return rows
    on, tree = clock.local_day(now), places.tree()
    here = tree.successors(place, on)
    inside = tree.below(here, on)
    near = inside.union({place}, *(tree.above(one, on) for one in here))
    reached = {alert.pk: _reached(alert, now) for alert in rows}
    groups, devices = _groups(inside, reached.values()), _devices(inside, reached.values())
    return [alert for alert in rows if _concerns(reached[alert.pk], near, groups, devices)]


def _reached(alert: Alert, now: datetime) -> Targets:
    before = alert.follows
    if (alert.staged and alert.stage != Stage.ALL) or (before is not None and before.staged):
        return staging.targets_now(alert, now)
    return _meant(alert)


def _meant(alert: Alert) -> Targets:
    """All that it is for, of what was fetched with it."""
    return Targets(
        places=tuple(one.pk for one in alert.places.all()),
        groups=tuple(one.pk for one in alert.groups.all()),
        devices=tuple(one.pk for one in alert.devices.all()),
    )


def _groups(inside: Iterable[UUID], reached: Iterable[Targets]) -> set[UUID]:
    """The groups named by these alerts that have a device there."""
    named = {group for targets in reached for group in targets.groups}
    if not named:
        return set()
    standing = Device.objects.filter(place__in=inside, status=Status.ACTIVE, groups__in=named)
    return set(standing.values_list("groups", flat=True)) & named


def _devices(inside: frozenset[UUID], reached: Iterable[Targets]) -> set[UUID]:
    """The single devices of these alerts that stand there."""
    named = {device for targets in reached for device in targets.devices}
    standing = Device.objects.filter(pk__in=named).values_list("pk", "place_id")
    return {pk for pk, place in standing if place in inside}


def _concerns(targets: Targets, near: frozenset[UUID], groups: set[UUID], devices: set[UUID]) -> bool:
    return not (
        near.isdisjoint(targets.places) and groups.isdisjoint(targets.groups) and devices.isdisjoint(targets.devices)
    )


def _caution(alert: Alert) -> Caution:
    return Caution(
        headline=_headline(alert),
        text=alert.text,
        kind=_kind(alert),
        level=_level(alert),
        issuer=capfirst(str(alert.place)),
        at=alert.live_at or alert.created_at,
        url=f"{reverse('warned:in-force')}#tin-{alert.pk.hex}",
        drill=alert.drill,
    )


def _warned(alert: Alert, now: datetime, *, mapped: bool = False) -> Warned:
    return Warned(
        alert,
        _headline(alert),
        _kind(alert),
        hazards.by_code(alert.hazard).name,
        _level(alert),
        _where(alert, now),
        capfirst(str(alert.place)),
        alert.expires_at or now,
        _sketch(alert) if mapped and staging.width(alert) == Stage.ALL else None,
    )


def _where(alert: Alert, now: datetime) -> str:
    key = f"alert-where:{alert.pk.hex}:{alert.digest}:{alert.stage}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = queries.said_place(_reached(alert, now), clock.local_day(alert.submitted_at or alert.created_at))
        cache.set(key, kept, KEEP)
    return kept


def _headline(alert: Alert) -> str:
    """Its headline; of a drill without that word, which the banner says itself."""
    word, headline = _("Diễn tập"), alert.headline
    if alert.drill and headline.casefold().startswith(word.casefold()):
        return capfirst(headline[len(word) :].lstrip(" :,.–-")) or headline
    return headline


def _kind(alert: Alert) -> str:
    if alert.drill:
        return "drill"
    if alert.kind in ENDS:
        return "over"
    return f"risk-{alert.level}" if alert.level else "danger"


def _level(alert: Alert) -> str:
    """`Cấp 3: rủi ro lớn`; of what takes a danger back that it is over; empty without a level."""
    if alert.kind in ENDS:
        return _("đã hết nguy hiểm") if alert.kind == Kind.OVER else _("báo nhầm")
    found = next((each for each in hazards.levels() if each.level == alert.level), None)
    return f"{capfirst(hazards.said_level(found.level))}: {found.meaning}" if found else ""


def _sketch(alert: Alert) -> Sketch | None:
    key = f"alert-sketch:{alert.pk.hex}:{alert.digest}"
    kept: tuple[Sketch | None] | None = cache.get(key)
    if kept is None:
        kept = (maps.sketch(alert, clock.local_day(alert.live_at or alert.created_at)),)
        cache.set(key, kept, KEEP)
    return kept[0]
