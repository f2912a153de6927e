"""The verbs of alerts: draft, submit, sign, return, withdraw, cancel."""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nguon.alerts import prepared, reserve, rules, sounding, staging
from nguon.alerts.drafts import Draft, content, fields_of, target
from nguon.alerts.errors import Changed, NoLeader, NotNow, Nowhere, Unsaid
from nguon.alerts.models import Alert, Consent
from nguon.alerts.queries import reach, targets_of
from nguon.alerts.rules import Act, State
from nguon.cap.hazards import Kind
from nguon.delivery.actions import DeliveryError
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

log = logging.getLogger(__name__)
REST = timedelta(seconds=30)  # before what could not be said is tried again
UNHEARD_AGAIN = timedelta(minutes=1)  # until what had nobody to hear it is tried again
TAKEN_BACK_WITHIN = timedelta(hours=6)  # so long after it was stopped it may still be called a mistake


@reserve.backed
@transaction.atomic
def create(*, draft: Draft, place_id: UUID, actor: Person, now: datetime, follows: Alert | None = None) -> Alert:
    """A new alert, not yet seen by anybody else. Raises Forbidden, AlertError."""
    scope.require(actor, Right.ALERT, place_id, on=local_day(now))
    _within(actor, draft.targets, now)
    alert = Alert(place_id=place_id, follows=follows, created_by=actor, created_at=now, **fields_of(draft))
    alert.save(force_insert=True)
    target(alert, draft.targets)
    _record("alerts.create", alert, actor, now, after={"headline": alert.headline, "drill": alert.drill})
    return alert


@transaction.atomic
def change(*, alert: Alert, draft: Draft, actor: Person, now: datetime) -> Alert:
    """Write a draft anew. Raises NotNow, Forbidden, AlertError."""
    found = _held(alert, actor, now)
    if found.state != State.DRAFT:
        raise NotNow
    _within(actor, draft.targets, now)
    for name, value in fields_of(draft).items():
        setattr(found, name, value)
    found.save()
    target(found, draft.targets)
    return found


@reserve.backed
@transaction.atomic
def submit(*, alert: Alert, actor: Person, now: datetime) -> Alert:
    """Ask for the other signatures; whoever submits has signed. A drill that needs one goes out at once.

    Raises NotNow, Forbidden, Nowhere, Unsaid.
    """
    found = _held(alert, actor, now)
    told = reach(targets_of(found), local_day(now))
    if not told.devices:
        raise Nowhere
    found.reach = asdict(told)
    found.needed = sounding.signers(told, drill=found.drill)
    found.sound = sounding.voice_of(found, now)
    found.submitted_at = now
    if found.kind == Kind.WARNING:
        _prepare(found, actor, now)
    found.digest = rules.digest(content(found))
    _move(found, Act.SUBMIT)
    found.save()
    _record("alerts.submit", found, actor, now, after={"needed": found.needed, **asdict(told)})
    return _sign(found, found.digest, actor, now)


@reserve.backed
@transaction.atomic
def sign(*, alert: Alert, digest: str, actor: Person, now: datetime) -> Alert:
    """Put one's hand under what `digest` names; with the last one it goes out.

    Raises NotNow, Changed, NoLeader, Forbidden.

    Two who sign at the same moment: the row is locked, the second finds it live and has signed nothing.
    """
    return _sign(_held(alert, actor, now), digest, actor, now)


def _sign(found: Alert, digest: str, actor: Person, now: datetime) -> Alert:
    if found.state != State.WAITING:
        raise NotNow
    if digest != found.digest or digest != rules.digest(content(found)):
        raise Changed
    _consent, fresh = Consent.objects.get_or_create(alert=found, person=actor, digest=digest, defaults={"at": now})
    if fresh:
        _record("alerts.sign", found, actor, now, after={"digest": digest})
    for ready in found.followers.filter(prepared=True, state=State.WAITING):
        Consent.objects.get_or_create(alert=ready, person=actor, digest=ready.digest, defaults={"at": now})
    signed = list(found.consents.values_list("person_id", "digest"))
    if not rules.complete(found.needed, signed, digest):
        return found
    if not found.drill and not _leader_among({person for person, what in signed if what == digest}, found, now):
        raise NoLeader
    return _go_live(found, actor, now)


def _go_live(found: Alert, actor: Person, now: datetime) -> Alert:
    _move(found, Act.APPROVE)
    found.live_at, found.expires_at, found.next_at = now, now + found.lasts, now
    found.save()
    _record("alerts.live", found, actor, now, after={"expires_at": found.expires_at.isoformat()})
    if found.follows is not None:
        _replace(found.follows, actor, now)
    sounding.say(found, now)
    return found


def _prepare(alert: Alert, actor: Person, now: datetime) -> None:
    """The word that it was a mistake, ready beforehand: whoever signs the warning signs it too."""
    words = prepared.mistake(alert)
    ready = Alert(
        place_id=alert.place_id,
        follows=alert,
        prepared=True,
        hazard=alert.hazard,
        kind=Kind.MISTAKE,
        level=alert.level,
        drill=alert.drill,
        headline=words.headline[:300],
        text=prepared.body(words),
        source=alert.source,
        area=alert.area,
        reach=alert.reach,
        needed=alert.needed,
        lasts=alert.lasts,
        state=State.WAITING,
        created_by=actor,
        created_at=now,
        submitted_at=now,
        digest="-",
    )
    ready.sound = sounding.voice_of(ready, now)
    ready.save(force_insert=True)
    target(ready, targets_of(alert))
    ready.digest = rules.digest(content(ready))
    ready.save(update_fields=["digest"])


@reserve.backed
@transaction.atomic
def release(*, alert: Alert, actor: Person, now: datetime) -> Alert:
    """Send what was prepared and signed beforehand. One hand is enough. Raises NotNow, Forbidden."""
    found = _held(alert, actor, now)
    if found.follows is None or not found.prepared:
        raise NotNow
    signed = found.consents.values_list("person_id", "digest")
    if found.follows.live_at is None or not rules.complete(found.needed, signed, found.digest):
        raise NotNow
    return _go_live(found, actor, now)


def _drop_prepared(alert: Alert) -> None:
    """What was prepared for an alert that will not go out as it stands."""
    alert.followers.filter(prepared=True, state=State.WAITING).update(state=State.WITHDRAWN)


def _leader_among(people: set[UUID], alert: Alert, now: datetime) -> bool:
    signers = Person.objects.filter(pk__in=people)
    return any(alert.place_id in scope.place_ids(one, Right.APPROVE, local_day(now)) for one in signers)


def _replace(older: Alert, actor: Person, now: datetime) -> None:
    """What this one corrects, updates or ends is said no more."""
    found = Alert.objects.select_for_update().get(pk=older.pk)
    if rules.step(State(found.state), Act.REPLACE) is not None:
        _end(found, Act.REPLACE, actor, now)


@transaction.atomic
def give_back(*, alert: Alert, reason: str, actor: Person, now: datetime) -> Alert:
    """Return it to its writer with a reason; the hands put under it count no more. Raises NotNow, Unsaid, Forbidden."""
    found = _held(alert, actor, now)
    if not (words := " ".join(clean(reason).split())[:500]):
        raise Unsaid(_("Hãy ghi lý do trả lại."))
    _move(found, Act.RETURN)
    found.digest = ""
    found.save()
    found.consents.all().delete()
    _drop_prepared(found)
    _record("alerts.return", found, actor, now, after={"reason": words})
    return found


@transaction.atomic
def withdraw(*, alert: Alert, actor: Person, now: datetime) -> Alert:
    """Give up what did not go out. Raises NotNow, Forbidden."""
    found = _held(alert, actor, now)
    _move(found, Act.WITHDRAW)
    found.save()
    _drop_prepared(found)
    _record("alerts.withdraw", found, actor, now)
    return found


@reserve.backed
@transaction.atomic
def stop(*, alert: Alert, actor: Person, now: datetime) -> Alert:
    """Silence it everywhere, now, and never say it again. One hand is enough. Raises NotNow, Forbidden."""
    found = _held(alert, actor, now)
    _end(found, Act.CANCEL, actor, now)
    return found


def _end(found: Alert, act: Act, actor: Person, now: datetime) -> None:
    _move(found, act)
    found.ended_at, found.ended_by, found.next_at = now, actor, None
    found.save()
    sounding.hush(found, actor, now)
    _record(f"alerts.{act}", found, actor, now)


@transaction.atomic
def expire(*, now: datetime) -> int:
    """What has lasted its time is over; how many. Nothing is cut off: what sounds by then ends by itself."""
    over = list(Alert.objects.select_for_update().filter(state=State.LIVE, expires_at__lte=now))
    for found in over:
        _move(found, Act.EXPIRE)
        found.ended_at, found.next_at = now, None
        found.save()
        _record("alerts.expire", found, "alerts", now)
    stale = Q(follows__state__in=(State.EXPIRED, State.REPLACED)) | Q(follows__ended_at__lte=now - TAKEN_BACK_WITHIN)
    Alert.objects.filter(stale, prepared=True, state=State.WAITING).update(state=State.EXPIRED)
    return len(over)


def _held(alert: Alert, actor: Person, now: datetime) -> Alert:
    """The alert, locked, if this person may act on it."""
    found = Alert.objects.select_for_update().get(pk=alert.pk)
    scope.require(actor, Right.ALERT, found.place_id, on=local_day(now))
    return found


def _within(actor: Person, targets: Targets, now: datetime) -> None:
    """Nobody warns where they have no say. Raises Forbidden."""
    mine = scope.place_ids(actor, Right.ALERT, local_day(now))
    groups = Group.objects.filter(pk__in=targets.groups).exclude(place__in=mine)
    devices = Device.objects.filter(pk__in=targets.devices).exclude(place__in=mine)
    if not mine.issuperset(targets.places) or groups.exists() or devices.exists():
        raise scope.forbidden()


def _move(alert: Alert, act: Act) -> None:
    after = rules.step(State(alert.state), act)
    if after is None:
        raise NotNow
    alert.state = after.value


def _record(
    verb: str,
    alert: Alert,
    actor: Person | str,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"alerts.alert:{alert.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=alert.place_id, before=before, after=after)


@reserve.backed
@transaction.atomic
def say_due(*, now: datetime, resting: dict[UUID, datetime] | None = None) -> int:
    """Say again what is due, and the text of what had its siren only; how many broadcasts were made.

    One that cannot be said keeps no other from it: it rests a while, and `resting` remembers until when.
    """
    made, resting = 0, {} if resting is None else resting
    live = Alert.objects.select_for_update(of=("self",)).filter(state=State.LIVE, expires_at__gt=now)
    for alert in live.select_related("sound__file").order_by("live_at"):
        if resting.get(alert.pk, now) > now:
            continue
        try:
            with transaction.atomic():
                made += _say_due(alert, now)
        except DeliveryError as error:  # nobody is left to hear this one
            log.warning("%s is not said again: %s", alert.pk.hex, error)
            Alert.objects.filter(pk=alert.pk).update(next_at=now + UNHEARD_AGAIN)
        except (OperationalError, InterfaceError):  # locked, full or away: that stops all
            raise
        except Exception:
            log.exception("alert %s cannot be said now", alert.pk.hex)
            resting[alert.pk] = now + REST
    return made


def _say_due(alert: Alert, now: datetime) -> int:
    if alert.next_at is not None and alert.next_at <= now:
        return sounding.say(alert, now)
    return sounding.say_text(alert, now)


@transaction.atomic
def widen(*, alert: Alert, to: int, actor: Person, now: datetime) -> Alert:
    """Send what goes out in stages to the next one: siren and text at once to all of it. Raises NotNow, Forbidden.

    `to`: the stage the person saw as the next. Two who tap at once make one step, not two.
    """
    found = _held(alert, actor, now)
    wider = staging.next_step(found, now) if found.state == State.LIVE else None
    if wider is None or wider != to or (found.expires_at and found.expires_at <= now):
        raise NotNow
    before = found.stage
    found.stage, found.widened_at = wider.value, now
    found.save(update_fields=["stage", "widened_at"])
    _record("alerts.widen", found, actor, now, before={"stage": before}, after={"stage": found.stage})
    sounding.say(found, now)
    return found
