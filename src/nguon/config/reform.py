"""The whole act of a reorganisation, composed from the floors: the territory, then people, then devices.

Bulletins keep the place they were issued by and stay visible to its successor (`people.scope`). One transaction: either
all of it is done or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nguon.devices import actions as devices
from nguon.devices.models import Device
from nguon.media import accounts as voices
from nguon.newsroom.models import Bulletin
from nguon.people.follow import Followed, follow
from nguon.people.models import Person, Role
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.places.plan import Ending, Opening, Plan, Source
from nguon.places.queries import holding
from nguon.places.reorganise import Reform, check, permit, reorganise
from nguon.places.rules import Tree, day_before


@dataclass(frozen=True)
class Paper:
    """A decision ready to be carried out. `office_names`: what an office is called afterwards, where it is said."""

    decision: str
    on: date
    plan: Plan
    office_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What was done: the territory, who followed, and how many devices changed their place."""

    reform: Reform
    followed: Followed
    devices: int


@dataclass(frozen=True)
class Part:
    """One new place in the preview, with what goes into it."""

    opening: Opening
    sources: list[tuple[Place, bool]]  # and whether the decision itself says so
    inside: list[Place]  # what moves with its parent
    population: int | None
    people: int
    devices: int
    bulletins: int


@dataclass(frozen=True)
class Preview:
    """What carrying out a paper would do."""

    parts: list[Part]
    endings: list[tuple[Place, Opening]]


class UnknownPlace(ValueError):
    """A plan names a place that does not exist on the day before."""


def read(data: Mapping[str, Any]) -> Paper:
    """A paper from its data (as in a demonstration file). Places are named by code, `gso:21952`, as of the day before.

    Raises UnknownPlace, KeyError for what is missing.
    """
    on: date = data["day"]
    openings = tuple(
        Opening(
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            parent=row.get("parent"),
            sources=tuple(Source(_place(s["place"], on), s.get("verified", True)) for s in row["sources"]),
            codes=tuple(row.get("codes", {}).items()),
            population=row.get("population"),
        )
        for row in data["openings"]
    )
    endings = tuple(Ending(_place(row["place"], on), row["heir"]) for row in data.get("endings", ()))
    return Paper(data["decision"], on, Plan(openings, endings), data.get("office_names", {}))


@transaction.atomic
def carry_out(*, paper: Paper, actor: Person | str, now: datetime) -> Done:
    """Carry out a decision with all that follows. Raises NotHere and the errors of `places.errors`."""
    reform = reorganise(decision=paper.decision, on=paper.on, plan=paper.plan, actor=actor, now=now)
    followed = follow(reform=reform, office_names=paper.office_names, actor=actor, now=now)
    endings = {ending.place: reform.opened[ending.heir] for ending in paper.plan.endings}
    voices.follow(heirs=reform.heirs, actor=actor, now=now)
    moved = devices.follow(on=paper.on, actor=actor, now=now, endings=endings)
    return Done(reform, followed, moved)


def preview(*, paper: Paper, actor: Person | str, now: datetime) -> Preview:
    """What `carry_out` would do today. Raises what it would raise."""
    tree = places.tree()
    permit(paper.plan, tree, paper.on, actor)
    check(paper.plan, tree, paper.on, now)
    moved = paper.plan.moved(tree, paper.on)
    known = Place.objects.in_bulk([*paper.plan.closing(), *moved])
    parts = [_part(opening, paper, tree, moved, known) for opening in paper.plan.openings]
    by_key = {opening.key: opening for opening in paper.plan.openings}
    return Preview(parts, [(known[ending.place], by_key[ending.heir]) for ending in paper.plan.endings])


def _part(opening: Opening, paper: Paper, tree: Tree, moved: Mapping[UUID, str], known: Mapping[UUID, Place]) -> Part:
    old = [source.place for source in opening.sources]
    old += [ending.place for ending in paper.plan.endings if ending.heir == opening.key]
    inside = [child for child, key in moved.items() if key == opening.key]
    under = tree.below(inside, day_before(paper.on)) | set(old)
    held = Role.objects.filter(holding(paper.on), place__in=under)
    people = Person.objects.filter(Q(pk__in=held.values("person")) | Q(office__place__in=under))
    populations = [known[source.place].population for source in opening.sources]
    total = sum(n for n in populations if n is not None) if None not in populations else None
    return Part(
        opening=opening,
        sources=[(known[source.place], source.verified) for source in opening.sources],
        inside=sorted((known[child] for child in inside), key=lambda place: place.name),
        population=opening.population if opening.population is not None else total,
        people=people.count(),
        devices=Device.objects.filter(place__in=under).count(),
        bulletins=Bulletin.objects.filter(place__in=under).count(),
    )


def _place(name: str, on: date) -> UUID:
    system, _, code = name.partition(":")
    found = places.by_code(system, code, day_before(on))
    if found is None:
        raise UnknownPlace(name)
    return found.pk


__all__ = ["Done", "Paper", "Part", "Preview", "UnknownPlace", "carry_out", "preview", "read"]
