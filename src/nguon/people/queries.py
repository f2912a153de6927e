"""Questions about officers and what they may do."""

from datetime import date
from typing import TYPE_CHECKING

from nguon.kit.clock import today
from nguon.people.rules import RIGHTS, Right
from nguon.places.queries import holding

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nguon.people.models import Person


def rights(person: "Person | AnonymousUser", on: date | None = None) -> frozenset[Right]:
    """All rights the person has anywhere on that day (today if not said): what shows in the menu."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    kinds = person.roles.filter(holding(on or today())).values_list("kind", flat=True)
    return frozenset(right for kind in kinds for right in RIGHTS[kind])
