"""The verbs of readings: keep one for a place, end it, take it back. What was heard and approved stays as it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.media.models import Reading
from nguon.media.readings import rules
from nguon.media.readings.errors import ReadingOver, ReadingRefused, refused, too_many
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place

__all__ = ["Kept", "ReadingOver", "ReadingRefused", "end", "keep", "take_back"]


@dataclass(frozen=True)
class Kept:
    """A reading in force, and the one of the same words that it took the place of."""

    reading: Reading
    before: Reading | None = None


@transaction.atomic
def keep(*, place_id: UUID, written: str, spoken: str, actor: Person, now: datetime) -> Kept:
    """From now on the place reads `written` as `spoken`. One of the same words ends; the very same stays.

    Raises ReadingRefused, Forbidden.
    """
    scope.require(actor, Right.WRITE, place_id)
    written, spoken = rules.line(written), rules.line(spoken)
    if problem := rules.problem(written, spoken):
        raise refused(problem)
    Place.objects.select_for_update().get(pk=place_id)  # one at a time: of two at once the later one ends the first
    current = list(Reading.objects.filter(place=place_id, ended_at=None))
    before = next((one for one in current if rules.key(one.written) == rules.key(written)), None)
    if before is not None and (before.written, before.spoken) == (written, spoken):
        return Kept(before)
    if before is None and len(current) >= rules.MOST:
        raise too_many()
    if before is not None:
        _close(before, now)
    reading = Reading.objects.create(
        place_id=place_id, written=written, spoken=spoken, created_by=actor, created_at=now
    )
    _record("readings.keep", reading, actor, now, before={"spoken": before.spoken} if before else None)
    return Kept(reading, before)


@transaction.atomic
def end(*, reading: Reading, actor: Person, now: datetime) -> None:
    """From now on the words are read as the reader reads them, or as a place above says.

    Raises ReadingOver, Forbidden.
    """
    scope.require(actor, Right.WRITE, reading.place_id)
    if not _close(reading, now):
        raise ReadingOver(_("Cách đọc này đã bỏ trước đó."))
    _record("readings.end", reading, actor, now)


@transaction.atomic
def take_back(*, reading: Reading, actor: Person, now: datetime) -> Reading | None:
    """End a reading just kept and put the one before it in force again; that one. Raises ReadingOver, Forbidden."""
    end(reading=reading, actor=actor, now=now)
    replaced = Reading.objects.filter(place=reading.place_id, ended_at=reading.created_at).exclude(pk=reading.pk)
    before = next((one for one in replaced if rules.key(one.written) == rules.key(reading.written)), None)
    if before is None:
        return None
    return keep(place_id=before.place_id, written=before.written, spoken=before.spoken, actor=actor, now=now).reading


def _close(reading: Reading, now: datetime) -> bool:
    changed = Reading.objects.filter(pk=reading.pk, ended_at=None).update(ended_at=now)
    return bool(changed)


def _record(verb: str, reading: Reading, actor: Person, now: datetime, before: dict[str, str] | None = None) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"media.reading:{reading.pk.hex}",
        now=now,
        place=reading.place_id,
        before=before,
        after={"name": reading.written, "spoken": reading.spoken},
    )
