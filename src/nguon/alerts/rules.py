"""The life of an alert, who must sign it, and when it is said again. Pure."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from nguon.delivery.rules import Targets

PEOPLE = 2  # who sign an alert in earnest
WIDE = 1  # more who sign one that reaches further than usual


class State(StrEnum):
    """Where an alert stands. From `live` on, what it says went out."""

    DRAFT = "draft"
    WAITING = "waiting"
    LIVE = "live"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What is done to an alert."""

    SUBMIT = "submit"
    RETURN = "return"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REPLACE = "replace"
    CANCEL = "cancel"
    EXPIRE = "expire"


STEPS: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.SUBMIT): State.WAITING,
    (State.DRAFT, Act.WITHDRAW): State.WITHDRAWN,
    (State.WAITING, Act.RETURN): State.DRAFT,
    (State.WAITING, Act.WITHDRAW): State.WITHDRAWN,
    (State.WAITING, Act.APPROVE): State.LIVE,
    (State.WAITING, Act.EXPIRE): State.EXPIRED,
    (State.LIVE, Act.REPLACE): State.REPLACED,
    (State.LIVE, Act.CANCEL): State.CANCELLED,
    (State.LIVE, Act.EXPIRE): State.EXPIRED,
}
OVER = frozenset({State.REPLACED, State.CANCELLED, State.EXPIRED, State.WITHDRAWN})


def step(state: State, act: Act) -> State | None:
    """The state after an act; None if it cannot be done in this one."""
    return STEPS.get((state, act))


@dataclass(frozen=True)
class Reach:
    """Whom an alert reaches: clusters in use, places that have some, authorities that answer for those, people.

    `people` is None where nobody knows how many live there. `others`: devices of other kinds, that only show it: (kind,
    how many). They ask for no more signers, since nobody is woken by them.
    """

    devices: int
    places: int
    people: int | None = None
    authorities: int = 1
    others: tuple[tuple[str, int], ...] = ()

    def wide(self, most_devices: int) -> bool:
        """Whether it goes further than one authority (a commune, say) or so many clusters."""
        return self.devices > most_devices or self.authorities > 1


def signers(reach: Reach, *, drill: bool, most_devices: int) -> int:
    """How many people sign it: one for a drill, two in earnest, one more if it reaches wide."""
    return (1 if drill else PEOPLE) + (WIDE if reach.wide(most_devices) else 0)


def inside(point: tuple[float, float], corners: Sequence[tuple[float, float]]) -> bool:
    """Whether a point lies in the polygon of these corners; flat, as a district is."""
    y, x = point
    found = False
    for (y1, x1), (y2, x2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def digest(content: Mapping[str, Any]) -> str:
    """What each signer agrees to: the same words, sound, places and level have the same digest."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def complete(needed: int, signed: Iterable[tuple[UUID, str]], agreed: str) -> bool:
    """Whether as many distinct people as needed agreed to exactly this."""
    return len({person for person, what in signed if what == agreed}) >= needed


def next_saying(first: datetime, said: int, *, quick: int, quick_every: int, every: int) -> datetime | None:
    """When it is said again after it was said `said` times, the first at `first`; None if not again.

    First `quick` times `quick_every` seconds apart, then every `every` seconds. Counted from the first saying, so that
    a late one does not push the others.
    """
    if said < 1:
        return first
    if said <= quick:
        return first + timedelta(seconds=said * quick_every)
    if not every:
        return None
    return first + timedelta(seconds=quick * quick_every + (said - quick) * every)


class Stage(IntEnum):
    """How wide an alert that is sent in stages has gone."""

    ONE = 0  # one cluster
    NEAR = 1  # the first commune
    ALL = 2


def stages(pilot: UUID | None, near: Collection[UUID], every: Collection[UUID]) -> tuple[Stage, ...]:
    """The stages of an alert, by the clusters of each: a stage that reaches no more than the one before is left out.

    `pilot`: the cluster that is first, if there is one to begin with; `near`: those of the first commune.
    """
    wide, found, before = set(every), [], set[UUID]()
    for stage, reached in ((Stage.ONE, {pilot} & wide if pilot else set()), (Stage.NEAR, set(near) & wide)):
        if before < reached < wide:
            found.append(stage)
            before = reached
    return (*found, Stage.ALL)


def narrowed(
    targets: Targets,
    branch: UUID,
    *,
    inside: Collection[UUID],
    above: Collection[UUID],
    standing: Mapping[UUID, UUID],
    grouped: Mapping[UUID, UUID],
) -> Targets:
    """What of the targets lies in one branch of the territory.

    `inside`: the places of the branch with itself; `above`: what it lies in; `standing`: where each cluster named alone
    stands; `grouped`: the same of the clusters of all groups named.
    """
    if branch in targets.places or not set(above).isdisjoint(targets.places):
        return Targets(places=(branch,))
    places = tuple(place for place in targets.places if place in inside)
    clusters = {**standing, **grouped}
    devices = sorted(device for device, place in clusters.items() if place in inside)
    return Targets(places=places, devices=tuple(devices))
