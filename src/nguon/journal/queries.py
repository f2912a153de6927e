"""Reading the journal: what a person may see of it, and whether its chain is whole."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.journal.models import Entry, Head
from nguon.journal.rules import GENESIS, Chain, Fault, Row, Verdict
from nguon.kit.clock import LOCAL

PAGE = 50
CHUNK = 2000
RIGHT = "journal"
_UNREADABLE = (ValueError, TypeError, AttributeError)  # a column that holds no time, no id or no JSON any more


class Asker(Protocol):
    """Who reads: a person who knows where they have a right."""

    def reach(self, right: str, on: date | None = None, within: UUID | None = None) -> frozenset[UUID]: ...

    def everywhere(self, right: str) -> bool: ...


@dataclass(frozen=True)
class Filters:
    """What to keep of the list. Empty means all. Days are local and both included."""

    person: str = ""  # part of a name, or a whole id
    verb: str = ""
    subject: str = ""
    place: UUID | None = None  # and all it answers for
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Page:
    """One page, newest first. `older` is the number to ask for the next page with; None at the end."""

    entries: list[Entry] = field(default_factory=list)
    older: int | None = None


def entries(asker: Asker, filters: Filters = Filters(), *, under: int | None = None, size: int = PAGE) -> Page:
    """The entries the asker may read, newest first, with numbers under `under`."""
    found = _filtered(_readable(asker, filters.place), filters)
    if under is not None:
        found = found.filter(pk__lt=under)
    rows = list(found.order_by("-pk")[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def of_subject(subject: str) -> QuerySet[Entry]:
    """All that was done to one thing, oldest first. The caller has checked that the asker may see the thing."""
    return Entry.objects.filter(subject=subject).order_by("pk")


def verify(from_id: int = 0, *, kept: str = "") -> Verdict:
    """Read the chain from row `from_id` to its end, streaming, and name the first broken row.

    The row before `from_id` is trusted for its digest only. Entries written meanwhile are read as well. `kept` is a
    digest of an earlier day, kept elsewhere: a chain that was emptied or written anew does not hold it.
    """
    if kept and not Entry.objects.filter(digest=kept).exists():
        return Verdict(0, Fault.FORGOTTEN)
    anchor = Entry.objects.filter(pk__lt=from_id).order_by("-pk").values_list("pk", "digest").first()
    chain = Chain(*(anchor or (0, GENESIS)))
    while True:
        try:
            for number, previous, digest, row in _rows(chain.last_row):
                fault = chain.read(number, previous, digest, row)
                if fault:
                    return chain.broken(fault, number, elsewhere=Entry.objects.filter(digest=previous).exists())
        except _UNREADABLE:
            following = Entry.objects.filter(pk__gt=chain.last_row).order_by("pk").values_list("pk", flat=True)
            return chain.broken(Fault.ALTERED, following[0], elsewhere=False)
        head = Head.objects.filter(pk=1).first()  # before looking for newer rows: both are written together
        end = head.digest if head else GENESIS
        if not Entry.objects.filter(pk__gt=chain.last_row).exists():
            whole = from_id > 0 or (head.count if head else 0) == chain.checked
            return chain.ended(matches=end == chain.last_digest and whole)


def _readable(asker: Asker, within: UUID | None) -> QuerySet[Entry]:
    """Entries of the asker's places; those of no place only for whoever has the right everywhere."""
    seen = Q(place__in=asker.reach(RIGHT, within=within))
    if within is None and asker.everywhere(RIGHT):
        seen |= Q(place=None)
    return Entry.objects.filter(seen)


def _filtered(found: QuerySet[Entry], filters: Filters) -> QuerySet[Entry]:
    if filters.person:
        found = found.filter(Q(actor=filters.person) | Q(actor_name__icontains=filters.person))
    if filters.verb:
        found = found.filter(verb=filters.verb)
    if filters.subject:
        found = found.filter(subject=filters.subject)
    if filters.first:
        found = found.filter(at__gte=_midnight(filters.first))
    if filters.last:
        found = found.filter(at__lt=_midnight(filters.last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _rows(after: int) -> Iterator[tuple[int, str, str, Row]]:
    names = ("pk", "previous", "digest", *Row.__dataclass_fields__)
    found: Iterator[Any] = (
        Entry.objects.filter(pk__gt=after).order_by("pk").values_list(*names).iterator(chunk_size=CHUNK)
    )
    for number, previous, digest, *values in found:
        yield number, previous, digest, Row(*values)
