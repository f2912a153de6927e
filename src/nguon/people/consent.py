"""Two people for a grave change: one proposes, another decides.

A verb that asks for a second person is an instance of `Verb`, found by its dotted path in `settings.NGUON_WATCHED`
under the name it has in the journal:

    NGUON_WATCHED = {"programme.policy-end": "nguon.programme.watched.END", …}

Its `apply(said, actor, now)` carries the change out by the room's own action, with `actor` the proposer, and may raise
what that action raises. A view then calls `propose(...)` instead of the action:

    outcome = consent.propose(
        verb="programme.policy-end",
        subject=f"programme.policy:{policy.pk.hex}",  # as in the journal
        title=policy.basis,
        place_id=policy.place_id,
        said={"policy": policy.pk.hex},
        actor=person,
        now=now,
    )

`outcome.waits` tells whether it waits. `said` is JSON: ids as hexadecimal digits, days as ISO texts. What a proposal
would change is tried on a savepoint and undone: so a wrong one is refused at once, and the second person reads what the
journal would say. A second person has the verb's right at that place or above, is active, has been in already, and is
neither the proposer nor whom it is about. Where there is none the change is carried out at once, and the journal says
that nobody watched (`people.unwatched`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from nguon.journal.actions import record
from nguon.journal.models import Entry
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.errors import PeopleError
from nguon.people.models import Change, ChangeState, Person, Role
from nguon.people.rules import Right, kinds_with
from nguon.places import queries as places

CHANGED = _("Trong lúc chờ, mục này đã được đổi. Hãy xem lại, rồi không đồng ý hoặc đề nghị lại.")
DAYS = 7  # that a proposal waits, and that a password it allowed may be taken


class ChangeWaits(PeopleError):
    """The same is proposed already."""

    message = _("Việc này đã được đề nghị và đang chờ người thứ hai.")


class OwnChange(PeopleError):
    """Nobody decides what they proposed, or what is about themselves."""

    message = _("Việc này cần người khác quyết định: không phải người đề nghị, cũng không phải người được nói đến.")


class ChangeOver(PeopleError):
    """It was decided, withdrawn, or waited too long."""

    message = _("Đề nghị này đã được quyết định, đã rút hoặc đã quá hạn.")


class NotPossible(PeopleError):
    """Since it was proposed something changed so that it cannot be carried out; the text says what."""

    message = _("Không còn làm được việc này: người đề nghị đã thôi quyền, hoặc nơi cần đổi không còn.")

    def __str__(self) -> str:
        return str(self.args[0])


class NoReason(PeopleError):
    """A refusal says why."""

    message = _("Hãy ghi lý do không đồng ý.")


@dataclass(frozen=True)
class Applied:
    """What a change made: the id of it, and the password to hand over, if there is one."""

    result: str = ""
    password: str = ""


@dataclass(frozen=True)
class Verb:
    """A change that asks for a second person with `right`.

    `refusals`: what `apply` raises with words for the officer. `collect`: how the proposer gets a password it allowed.
    """

    right: Right
    apply: Callable[[Mapping[str, Any], Person, datetime], Applied]
    refusals: tuple[type[Exception], ...] = (PeopleError,)
    collect: Callable[[Change, Person, datetime], str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a proposal: it waits as `waits`, or `applied` was done at once."""

    waits: Change | None
    applied: Applied


class _Undo(Exception):
    """Takes a rehearsal back."""


def verb_of(name: str) -> Verb:
    """The verb of this name."""
    found: Verb = import_string(settings.NGUON_WATCHED[name])
    return found


@transaction.atomic
def propose(
    *,
    verb: str,
    subject: str,
    title: str,
    place_id: UUID,
    said: Mapping[str, Any],
    actor: Person,
    now: datetime,
    about: Person | None = None,
) -> Outcome:
    """Propose a change, or carry it out where nobody could decide it. Raises ChangeWaits and what the change raises."""
    known = verb_of(verb)
    _expire(now)
    if not watchers(known.right, place_id, now, besides={actor.pk, *([about.pk] if about else [])}).exists():
        applied = known.apply(said, actor, now)
        record(actor=actor, verb="people.unwatched", subject=subject, now=now, place=place_id, after={"change": verb})
        return Outcome(None, applied)
    print_ = _fingerprint(verb, said)
    if Change.objects.filter(fingerprint=print_, state=ChangeState.WAITING).exists():
        raise ChangeWaits
    before, after = _rehearsed(known, verb, said, actor, now)
    made = Change.objects.create(
        verb=verb,
        fingerprint=print_,
        subject=subject,
        title=title[:300],
        place_id=place_id,
        about=about,
        said=dict(said),
        before=before,
        after=after,
        proposed_by=actor,
        proposed_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    _record("people.propose", made, actor, now)
    return Outcome(made, Applied())


@transaction.atomic
def agree(*, change: Change, actor: Person, now: datetime) -> Change:
    """Carry the change out. Raises OwnChange, ChangeOver, Forbidden, and NotPossible if it cannot be done any more."""
    found = _open(change, actor, now)
    known = verb_of(found.verb)
    try:
        applied, before, _after = _applied(known, found.verb, found.said, found.proposed_by, now)
    except known.refusals as error:
        raise NotPossible(str(error)) from error
    except (scope.Forbidden, ObjectDoesNotExist) as error:
        raise NotPossible(str(NotPossible.message)) from error
    if before != found.before:
        raise NotPossible(str(CHANGED))
    found.result = applied.result
    _decide(found, ChangeState.DONE, actor, now)
    _record("people.agree", found, actor, now)
    return found


@transaction.atomic
def refuse(*, change: Change, reason: str, actor: Person, now: datetime) -> None:
    """Do not carry it out. Raises OwnChange, ChangeOver, NoReason, Forbidden."""
    found = _open(change, actor, now)
    found.reason = " ".join(clean(reason).split())[:500]
    if not found.reason:
        raise NoReason
    _decide(found, ChangeState.REFUSED, actor, now)
    _record("people.refuse", found, actor, now, reason=found.reason)


@transaction.atomic
def withdraw(*, change: Change, actor: Person, now: datetime) -> None:
    """Take one's own proposal back. Raises ChangeOver, Forbidden."""
    found = Change.objects.select_for_update().get(pk=change.pk)
    if found.proposed_by_id != actor.pk:
        raise scope.forbidden()
    if found.state != ChangeState.WAITING:
        raise ChangeOver
    found.state = ChangeState.WITHDRAWN
    found.save(update_fields=["state"])
    _record("people.withdraw", found, actor, now)


@transaction.atomic
def collect(*, change: Change, actor: Person, now: datetime) -> str:
    """The password that an agreed change allows, to its proposer, once. Raises ChangeOver, Forbidden."""
    if change.proposed_by_id != actor.pk:
        raise scope.forbidden()
    known = verb_of(change.verb)
    since = now - timedelta(days=DAYS)
    due = Change.objects.filter(pk=change.pk, state=ChangeState.DONE, collected_at=None, decided_at__gte=since)
    if known.collect is None or not due.update(collected_at=now):
        raise ChangeOver
    return known.collect(change, actor, now)


def watchers(right: Right, place_id: UUID, now: datetime, besides: set[UUID]) -> QuerySet[Person]:
    """Who may be the second person at a place: active, has been in already, has the right there or above."""
    day = local_day(now)
    chain = [place.pk for place in places.above(place_id, day)]
    held = Role.objects.filter(places.holding(day), kind__in=kinds_with(right), place__in=chain, person=OuterRef("pk"))
    found = Person.objects.filter(Exists(held), is_active=True, password_is_initial=False)
    return found.exclude(pk__in=besides)


def _open(change: Change, actor: Person, now: datetime) -> Change:
    """The change, locked, if this person may decide it now."""
    found = Change.objects.select_for_update().get(pk=change.pk)
    scope.require(actor, verb_of(found.verb).right, found.place_id, on=local_day(now))
    if actor.pk in (found.proposed_by_id, found.about_id):
        raise OwnChange
    if found.state != ChangeState.WAITING or found.expires_at <= now:
        raise ChangeOver
    return found


def _decide(found: Change, state: ChangeState, actor: Person, now: datetime) -> None:
    found.state, found.decided_by, found.decided_at = state, actor, now
    found.save(update_fields=["state", "decided_by", "decided_at", "reason", "result"])


def _rehearsed(
    known: Verb, verb: str, said: Mapping[str, Any], actor: Person, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the journal would say of the change, before and after. Raises what the change raises."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    try:
        with transaction.atomic():
            _done, before, after = _applied(known, verb, said, actor, now)
            raise _Undo
    except _Undo:
        return before, after


def _applied(
    known: Verb, verb: str, said: Mapping[str, Any], actor: Person, now: datetime
) -> tuple[Applied, dict[str, Any], dict[str, Any]]:
    """Carry the change out; what it made, and what the journal said of it, before and after."""
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    done = known.apply(said, actor, now)
    entry = Entry.objects.filter(pk__gt=newest, verb=verb).order_by("pk").first()
    return (done, entry.before, entry.after) if entry else (done, {}, {})


def _fingerprint(verb: str, said: Mapping[str, Any]) -> str:
    """The same for the same proposal."""
    return sha256(json.dumps([verb, said], sort_keys=True).encode()).hexdigest()


def _expire(now: datetime) -> None:
    Change.objects.filter(state=ChangeState.WAITING, expires_at__lte=now).update(state=ChangeState.EXPIRED)


def _record(verb: str, change: Change, actor: Person, now: datetime, **after: str) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=change.subject,
        now=now,
        place=change.place_id,
        after={"change": change.verb, "name": change.title, **after},
    )
