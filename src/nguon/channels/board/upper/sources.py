"""Questions about what is taken from the systems above."""

from datetime import datetime

from django.db.models import QuerySet

from nguon.channels.board.upper.models import UpperSource
from nguon.media.models import File
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible


def sources(person: Person, right: Right = Right.VIEW) -> QuerySet[UpperSource]:
    """What is taken for the places where the person has the right."""
    return visible(UpperSource.objects.select_related("place", "agreed_by"), person, right)


def due(now: datetime) -> list[UpperSource]:
    """Whom to ask now."""
    return list(UpperSource.objects.filter(ended_at=None, next_at__lte=now).order_by("next_at"))


def due_to_tell(now: datetime) -> list[UpperSource]:
    """Whom to tell now: only who brought a playlist is known well enough."""
    found = UpperSource.objects.filter(ended_at=None, report_next_at__lte=now).exclude(number="")
    return list(found.order_by("report_next_at"))


def pages(source: UpperSource) -> dict[str, File]:
    """The pages that are held of a source, by hash. Only its own: a name must not fetch what is of others here."""
    return {row.file.sha256: row.file for row in source.items.select_related("file")}
