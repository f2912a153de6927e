"""Questions about the library. All take the person who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from nguon.archive import rules
from nguon.archive.models import Batch, Item, Pair, Recording
from nguon.archive.rules import Asked, Run
from nguon.journal.queries import of_subject
from nguon.journal.words import verb
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place

NEWEST = (F("recorded_on").desc(nulls_last=True), "-created_at", "pk")  # without a day: last
LENGTHS: dict[str, tuple[int, int | None]] = {  # minutes: from, to
    "short": (0, 3),
    "middle": (3, 15),
    "long": (15, 45),
    "longest": (45, None),
}


@dataclass(frozen=True)
class Filters:
    """What to keep of the list. Empty means all. Days are local and both included."""

    text: str = ""
    place: UUID | None = None  # and all it answers for
    category: str = ""
    first: date | None = None
    last: date | None = None
    length: str = ""  # a key of LENGTHS
    look: bool = False  # only those that somebody should look at

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


def recordings(person: Person, right: Right = Right.VIEW) -> QuerySet[Recording]:
    """The recordings of the places where the person has the right, without those merged into others."""
    found = Recording.objects.filter(merged_into=None).select_related("place", "file", "original")
    return scope.visible(found, person, right)


def found(person: Person, filters: Filters) -> QuerySet[Recording]:
    """The recordings that match: those with the very words first, then the newest."""
    matching = recordings(person)
    if filters.place is not None:
        matching = matching.filter(place__in=scope.place_ids(person, Right.VIEW, within=filters.place))
    if filters.category:
        matching = matching.filter(category=filters.category)
    if filters.first:
        matching = matching.filter(recorded_until__gte=filters.first)
    if filters.last:
        matching = matching.filter(recorded_on__lte=filters.last)
    if filters.length:
        least, most = LENGTHS[filters.length]
        matching = matching.filter(duration_ms__gte=least * 60_000)
        matching = matching.filter(duration_ms__lt=most * 60_000) if most else matching
    if filters.look:
        matching = matching.filter(doubtful=True)
    asked = rules.asked(filters.text)
    return _searched(matching, asked) if asked.words else matching.order_by(*NEWEST)


def _searched(matching: QuerySet[Recording], asked: Asked) -> QuerySet[Recording]:
    """Every word must begin a word of the names, or of the words said. The very phrase, with its marks, goes first."""
    for word in asked.words:
        here = Q(folded__contains=f" {word}") | Q(transcript__folded__contains=f" {word}")
        matching = matching.filter(here)
    rank = Case(
        When(exact__contains=f" {asked.phrase}", then=Value(0)),
        When(folded__contains=f" {asked.folded_phrase}", then=Value(1)),
        When(transcript__exact__contains=f" {asked.phrase}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return matching.annotate(rank=rank).order_by("rank", *NEWEST)


@dataclass(frozen=True)
class Shown:
    """A recording in a list, with what was searched for marked in its title and in its words."""

    it: Recording
    title: list[Run]
    snippet: list[Run]


def shown(page: Any, text: str) -> list[Shown]:
    """The recordings of a page with what of them was found. Asks once more for the words said."""
    words = rules.asked(text).words
    rows = list(page)
    spoken = _spoken(rows) if words else {}
    return [Shown(row, rules.marked(row.title, words), _snippet(row, spoken.get(row.pk, ""), words)) for row in rows]


def _spoken(rows: list[Recording]) -> dict[UUID, str]:
    found = Recording.objects.filter(pk__in=[row.pk for row in rows], transcript__text__gt="")
    return dict(found.values_list("pk", "transcript__text"))


def _snippet(row: Recording, spoken: str, words: tuple[str, ...]) -> list[Run]:
    """What was found beside the title: in notes, names, or what is said."""
    if all(any(run.hit for run in rules.marked(row.title, (word,))) for word in words):
        return []  # all of them stand in the title
    texts = (row.programme, row.speaker, row.notes, f"{row.folder}/{row.name}".strip("/"), spoken)
    return next((runs for text in texts if text and (runs := rules.snippet(text, words))), [])


def pairs(person: Person) -> QuerySet[Pair]:
    """Pairs that wait for a decision, of which the person may see both."""
    seen = scope.place_ids(person, Right.VIEW)
    open_ones = Pair.objects.filter(state=Pair.State.OPEN, first__place__in=seen, second__place__in=seen)
    both = open_ones.filter(first__merged_into=None, second__merged_into=None)
    return both.select_related("first__place", "first__file", "second__place", "second__file")


def pairs_of(person: Person, recording: Recording) -> QuerySet[Pair]:
    """The open pairs of one recording."""
    return pairs(person).filter(Q(first=recording) | Q(second=recording))


def batches(person: Person) -> QuerySet[Batch]:
    """The imports of the places where the person may look."""
    return scope.visible(Batch.objects.select_related("place", "created_by"), person)


@dataclass(frozen=True)
class Counts:
    """How far an import is, in files and bytes."""

    by_state: dict[str, int]
    size: int
    size_done: int

    @property
    def total(self) -> int:
        """Files, without the zips they lay in."""
        return sum(number for state, number in self.by_state.items() if state != Item.State.OPENED)

    @property
    def left(self) -> int:
        """Files still to be dealt with."""
        return self.by_state.get(Item.State.WAITING, 0) + self.by_state.get(Item.State.WORKING, 0)

    @property
    def ended(self) -> int:
        """Files dealt with."""
        return self.total - self.left

    def __getattr__(self, state: str) -> int:
        """`counts.failed`: how many files are in a state."""
        if state not in Item.State.values:
            raise AttributeError(state)
        return self.by_state.get(state, 0)


def counts(batch: Batch) -> Counts:
    """How far an import is."""
    rows = batch.items.order_by().values_list("state").annotate(number=Count("pk"), size=Sum("size"))
    found = {state: (number, size or 0) for state, number, size in rows}
    waiting = (Item.State.WAITING, Item.State.WORKING)
    size = sum(size for state, (_, size) in found.items() if state != Item.State.OPENED)
    left = sum(found[state][1] for state in waiting if state in found)
    return Counts({state: number for state, (number, _) in found.items()}, size, size - left)


def seconds_left(batch: Batch, counts: Counts) -> float | None:
    """About how much longer an import takes; None while nobody can say."""
    if batch.state != Batch.State.RUNNING:
        return None
    return rules.seconds_left(counts.size_done, counts.size, batch.worked_ms / 1000)


def items(batch: Batch, state: str = "") -> QuerySet[Item]:
    """The files of an import: what went wrong first, then as they lie in the folder."""
    worst = Case(
        When(state=Item.State.FAILED, then=Value(0)),
        When(state=Item.State.SKIPPED, then=Value(1)),
        When(state=Item.State.DUPLICATE, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = batch.items.exclude(state=Item.State.OPENED).select_related("recording__place")
    rows = rows.filter(state=state) if state else rows
    return rows.order_by(worst, "position", "pk")


def in_hand(batch: Batch) -> Item | None:
    """The file that is worked on now."""
    return batch.items.filter(state=Item.State.WORKING).first()


@dataclass(frozen=True)
class Deed:
    """What was done to a recording: in words, by whom, when."""

    words: str
    who: str
    at: datetime


def history(recording: Recording) -> list[Deed]:
    """What was done to a recording, oldest first. The caller has checked that the asker may see it."""
    entries = of_subject(f"archive.recording:{recording.pk.hex}")
    return [Deed(verb(entry.verb), entry.actor_name, entry.at) for entry in entries]


def may_write(person: Person) -> bool:
    """Whether there is a place for which the person may import."""
    return bool(scope.place_ids(person, Right.WRITE))


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a file is the sound of a recording of a place where the person may look: a guard of `media:audio`."""
    used = Q(file=sha256) | Q(original=sha256) | Q(cleaned=sha256)
    return scope.visible(Recording.objects.filter(used), person).exists()


def places_with_recordings(person: Person) -> QuerySet[Place]:
    """The places in force that the list can be narrowed to."""
    return Place.objects.filter(pk__in=scope.place_ids(person, Right.VIEW), valid_to=None)
