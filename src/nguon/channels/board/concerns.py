"""What a person should look after of boards."""

from collections.abc import Iterator
from datetime import datetime

from nguon.channels.board.feeds import concerns as feeds
from nguon.channels.board.upper import concerns as upper
from nguon.people.models import Person
from nguon.ports.channel import Concern


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each thing that needs somebody."""
    yield from feeds.of(person, now)
    yield from upper.of(person, now)
