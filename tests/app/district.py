"""The demonstration district as a fixture for tests of the territory, people and the journal."""

from datetime import UTC, date, datetime

from nguon.config.demo.load import load
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.places.queries import by_code

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
PASSWORD = "mat-khau-thu-2026"


def stand() -> None:
    """Load the demonstration: the old tree, in force to this day."""
    load(password=PASSWORD, now=NOW)


def person(username: str) -> Person:
    """One officer of the demonstration, fresh from the database."""
    return Person.objects.get(username=username)


def place(code: str, on: date = BEFORE) -> Place:
    """The place that a GSO code means on a day."""
    found = by_code("gso", code, on)
    assert found is not None, code
    return found
