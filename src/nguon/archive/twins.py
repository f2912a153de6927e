"""Finding recordings that sound like one, in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from nguon.archive import prints
from nguon.archive.models import Mark, Print, Recording
from nguon.archive.prints import Alike

COMMON = 60  # recordings that share a value: then it tells nothing
CANDIDATES = 12  # looked at closely
LEAST_VOTES = 2  # of values that agree on a shift
CHUNK = 400  # values asked for at once


@dataclass(frozen=True)
class Twin:
    """Another recording that is alike."""

    recording: UUID
    alike: Alike


def near(data: bytes, places: Collection[UUID], beside: UUID | None = None) -> list[Twin]:
    """The recordings of these places that are the same sound as a print, or a part of it; the best first.

    `beside` is a recording to leave out: the one that is asked about.
    """
    found = []
    for recording, starts in _candidates(data, places, beside):
        other = Print.objects.filter(recording=recording).values_list("data", flat=True).first()
        alike = prints.compare(bytes(other), data, starts) if other else None
        if alike and (alike.same or alike.part):
            found.append(Twin(recording, alike))
    return sorted(found, key=lambda twin: (-twin.alike.same, -twin.alike.share))


def _candidates(
    data: bytes, places: Collection[UUID], beside: UUID | None
) -> Iterator[tuple[UUID, list[tuple[int, int]]]]:
    """(recording, anchors: its place, ours) of those with most values in common."""
    ours: dict[int, list[int]] = defaultdict(list)
    for value, at in prints.marks(data):
        ours[value].append(at)
    hits: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for value, rows in _shared(ours, places):
        for recording, at in rows:
            if recording != beside:
                hits[recording] += [(at, there) for there in ours[value]]
    anchored = {recording: prints.anchors(pairs) for recording, pairs in hits.items()}
    least = LEAST_VOTES if len(ours) >= 4 * LEAST_VOTES else 1
    strong = sorted(anchored.items(), key=lambda one: -len(one[1]))[:CANDIDATES]
    yield from ((recording, starts) for recording, starts in strong if len(starts) >= least)


def _shared(values: Iterable[int], places: Collection[UUID]) -> Iterator[tuple[int, list[tuple[UUID, int]]]]:
    """For each value that recordings of these places have, unless too many have it: (recording, where).

    Marks are asked for by their value alone: joined with the places, a database may walk all marks of a place instead
    (0.8 s among 5,000 recordings, where this takes 0.01 s). So whose they are is asked afterwards.
    """
    waiting = iter(values)
    while chunk := list(islice(waiting, CHUNK)):
        rows = list(Mark.objects.filter(value__in=chunk).values_list("value", "recording_id", "at"))
        ours = _among({recording for _value, recording, _at in rows}, places)
        by_value: dict[int, list[tuple[UUID, int]]] = defaultdict(list)
        for value, recording, at in rows:
            if recording in ours:
                by_value[value].append((recording, at))
        yield from ((value, found) for value, found in by_value.items() if len(found) <= COMMON)


def _among(recordings: Collection[UUID], places: Collection[UUID]) -> set[UUID]:
    """Those of the recordings that are of these places and stand in the library."""
    waiting, found = iter(recordings), set[UUID]()
    while chunk := list(islice(waiting, CHUNK)):
        kept = Recording.objects.filter(pk__in=chunk, merged_into=None).values_list("pk", "place_id")
        found |= {pk for pk, place in kept if place in places}
    return found


def keep(recording: UUID, data: bytes) -> None:
    """Keep what a recording sounds like, so that later ones are compared with it."""
    if prints.length(data) < prints.LEAST:
        return
    Print.objects.create(recording_id=recording, data=data)
    marks = [Mark(recording_id=recording, value=value, at=at) for value, at in prints.marks(data)]
    Mark.objects.bulk_create(marks, batch_size=500)
