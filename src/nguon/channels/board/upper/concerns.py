"""Systems above that a person should look after: a key to compare, a signature refused, no word for long."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.channels.board.upper import sources, words
from nguon.channels.board.upper.ports import Fault
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.ports.channel import Concern

PATIENCE = 3  # looks in a row that fail before anybody is told, while what is held still shows


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each source of places whose devices the person looks after."""
    for source in sources.sources(person, Right.DEVICES).filter(ended_at=None):
        course = words.course(source, now)
        waits = course.kind == "warn" and source.fault and source.failures < PATIENCE
        if course.kind == "ok" or waits or (course.kind == "wait" and not source.offered):
            continue
        why = capfirst(words.fault(source.fault)) if source.fault and source.fault != Fault.KEY else ""
        why = why or _("Gọi cấp trên bằng số đã biết từ trước để đối chiếu dấu vân.") * bool(source.offered)
        yield Concern(str(source), why, str(course.words), course.kind, reverse("board:upper-detail", args=[source.pk]))
