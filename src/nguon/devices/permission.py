"""Who may act on devices: a person with the right for their place; a service of the server is trusted."""

from datetime import datetime
from uuid import UUID

from nguon.kit import clock
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

Actor = Person | str


def allowed(actor: Actor, place_id: UUID, now: datetime) -> bool:
    """Whether the actor may act on devices of this place."""
    return not isinstance(actor, Person) or scope.may(
        actor, Right.DEVICES, place_id, on=now.astimezone(clock.LOCAL).date()
    )


def require(actor: Actor, place_id: UUID, now: datetime) -> None:
    """Raise people.scope.Forbidden if a person has not the right DEVICES for this place."""
    if isinstance(actor, Person):
        scope.require(actor, Right.DEVICES, place_id, on=now.astimezone(clock.LOCAL).date())
