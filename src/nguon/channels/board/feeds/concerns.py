"""What a person should look after: feeds of their places that fail, tables that are over, what was returned."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from nguon.channels.board.feeds import queries, words
from nguon.channels.board.feeds.models import Kind
from nguon.people.models import Person
from nguon.ports.channel import Concern

PATIENCE = 2  # looks in a row that fail before anybody is told, while good values still stand


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each source of which the person writes and which needs somebody."""
    for source in queries.written(person):
        course = words.course(source, now)
        waits = source.failures < PATIENCE and queries.current(source, now) is not None
        over = source.kind == Kind.TIMETABLE and course.kind == "off"
        if (course.kind in ("warn", "bad") and not waits) or over:
            address = reverse("board:feeds:detail", args=[source.pk])
            yield Concern(str(source), course.why, course.badge, course.kind, address)
