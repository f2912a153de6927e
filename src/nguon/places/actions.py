"""The verbs on the territory. Nothing is overwritten: what changes gets a day on which it ended.

An actor is a person, who needs the right PLACES for every place touched, or the name of a command on the server.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nguon.journal import actions as journal
from nguon.kit.clock import LOCAL
from nguon.kit.text import clean, fold
from nguon.places import queries
from nguon.places.errors import BadDate, CodeTaken, Inside, NotHere, StillInUse
from nguon.places.models import Code, Link, Place
from nguon.places.rules import Span, day_before

RIGHT = "places"


class Person(Protocol):
    """A person who acts: knows where they have a right."""

    @property
    def pk(self) -> Any: ...

    def reach(self, right: str, on: date | None = None, within: UUID | None = None) -> frozenset[UUID]: ...

    def everywhere(self, right: str) -> bool: ...


Actor = Person | str


@transaction.atomic
def create_place(
    *,
    name: str,
    kind: str,
    parent: Place | None,
    actor: Actor,
    now: datetime,
    valid_from: date | None = None,
    codes: Mapping[str, str] | None = None,
    **facts: Any,
) -> Place:
    """A new place in `parent` (a root without). `facts`: population, latitude, longitude (degrees).

    Raises NotHere, BadDate, CodeTaken.
    """
    require(actor, parent.pk if parent else None)
    if parent and not _span(parent).holds(valid_from or today(now)):
        raise BadDate
    made = insert(name=name, kind=kind, valid_from=valid_from, **facts)
    if parent:
        Link.objects.create(child=made, parent=parent, valid_from=valid_from)
    for system, code in (codes or {}).items():
        open_code(made, system, code, valid_from)
    after = {"name": made.name, "kind": made.kind, "parent": str(parent or ""), "valid_from": valid_from}
    _record(actor, "places.create", made, now, after={**after, "codes": dict(codes or {})})
    return made


@transaction.atomic
def rename(*, place: Place, name: str, kind: str, actor: Actor, now: datetime) -> None:
    """Correct how a place is written. A new name given by a decision is a reorganisation, with its day and basis."""
    require(actor, place.pk)
    before = {"name": place.name, "kind": place.kind}
    place.name, place.kind = clean(name), clean(kind)
    place.folded = folded(place.name, place.kind)
    place.save(update_fields=["name", "kind", "folded"])
    after = {"name": place.name, "kind": place.kind}
    if after != before:
        _record(actor, "places.rename", place, now, before=before, after=after)


@transaction.atomic
def move(*, place: Place, parent: Place, on: date, actor: Actor, now: datetime) -> None:
    """From that day the place lies in another one. Raises NotHere, BadDate, Inside."""
    for touched in (place, parent):
        require(actor, touched.pk)
    if not (_span(place).holds(on) and _span(parent).holds(on)):
        raise BadDate
    if parent.pk in queries.below([place.pk], on):
        raise Inside
    before = queries.above(place.pk, on)[:-1]
    relink(place.pk, parent.pk, on)
    was = {"parent": str(before[-1]) if before else ""}
    _record(actor, "places.move", place, now, before=was, after={"parent": str(parent), "valid_from": on})


@transaction.atomic
def close(*, place: Place, last: date, actor: Actor, now: datetime) -> None:
    """`last` is the last day of the place. Raises NotHere, BadDate, StillInUse (something still lies in it)."""
    require(actor, place.pk)
    if place.valid_to is not None or (place.valid_from and last < place.valid_from):
        raise BadDate
    if Link.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), parent=place).exists():
        raise StillInUse
    shut(place, last)
    _record(actor, "places.close", place, now, before={"valid_to": None}, after={"valid_to": last})


@transaction.atomic
def set_code(*, place: Place, system: str, code: str, on: date, actor: Actor, now: datetime) -> None:
    """From that day this is the code of the place in that system; the one before ends. Raises NotHere, CodeTaken."""
    require(actor, place.pk)
    current = Code.objects.filter(queries.holding(on), place=place, system=system).first()
    if current and current.code == code:
        return
    if current:
        _end(current, on)
    open_code(place, system, code, on)
    before = {system: current.code if current else None}
    _record(actor, "places.code", place, now, before=before, after={system: code, "valid_from": on})


def require(actor: Actor, place_id: UUID | None) -> None:
    """Raise NotHere if a person does not administer the place; for None, the whole territory."""
    if isinstance(actor, str):
        return
    allowed = actor.everywhere(RIGHT) if place_id is None else place_id in actor.reach(RIGHT)
    if not allowed:
        raise NotHere


def today(now: datetime) -> date:
    """The local day of a moment."""
    return now.astimezone(LOCAL).date()


def folded(name: str, kind: str) -> str:
    """What a place is found by."""
    return fold(f"{kind} {name}")


def insert(*, name: str, kind: str, valid_from: date | None, **facts: Any) -> Place:
    """A place alone, cleaned and folded. Part of an action, not an action."""
    name, kind = clean(name), clean(kind)
    return Place.objects.create(name=name, kind=kind, folded=folded(name, kind), valid_from=valid_from, **facts)


def open_code(place: Place, system: str, code: str, on: date | None) -> None:
    """Give a code from a day on. Raises CodeTaken if it means another place on any day from then."""
    held = Code.objects.filter(system=system, code=code).select_related("place")
    for other in held:
        if Span(other.valid_from, other.valid_to).meets(Span(on)):
            raise CodeTaken(system, code, str(other.place))
    Code.objects.create(place=place, system=system, code=code, valid_from=on)


def relink(child: UUID, parent: UUID, on: date) -> None:
    """End the link in force on that day and open a new one."""
    for link in Link.objects.filter(queries.holding(on), child=child):
        _end(link, on)
    Link.objects.create(child_id=child, parent_id=parent, valid_from=on)


def shut(place: Place, last: date) -> None:
    """End a place, its link and its codes on their last day."""
    place.valid_to = last
    place.save(update_fields=["valid_to"])
    Link.objects.filter(child=place, valid_to=None).update(valid_to=last)
    Code.objects.filter(place=place, valid_to=None).update(valid_to=last)


def _end(row: Link | Code, on: date) -> None:
    """End a dated row on the day before. Raises BadDate if it only began on that day or later, or ends later."""
    if row.valid_to is not None or (row.valid_from and row.valid_from >= on):
        raise BadDate
    row.valid_to = day_before(on)
    row.save(update_fields=["valid_to"])


def _span(place: Place) -> Span:
    return Span(place.valid_from, place.valid_to)


def _record(
    actor: Actor,
    verb: str,
    place: Place,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"places.place:{place.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=place.pk, before=before, after=after)
