"""Questions about the music of places: what may be used where, what is usual, who may hear it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.kit.clock import today
from nguon.media import rules
from nguon.media.models import Music, Rendition, Source, State, UsualMusic
from nguon.media.rules import Mix
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.places.rules import Tree

LONGEST = {Music.Kind.JINGLE: 1, Music.Kind.BED: 15}  # minutes
MOST = 100  # pieces of one place that are in use
KINDS = {"opening": Music.Kind.JINGLE, "closing": Music.Kind.JINGLE, "bed": Music.Kind.BED}


@dataclass(frozen=True)
class Piece:
    """One piece of music as a page shows it: how it sounds, whether it is of the place itself and may be changed."""

    music: Music
    rendition: Rendition | None
    own: bool
    may_change: bool

    @property
    def final(self) -> bool:
        """Whether nothing more happens to its sound by itself."""
        return self.rendition is not None and self.rendition.state in (State.READY, State.FAILED)

    @property
    def length(self) -> int | None:
        """How long it is, in milliseconds, as far as it is known."""
        made = self.rendition.file if self.rendition else None
        return made.duration_ms if made else self.music.file.duration_ms


def sources(place_id: UUID, on: date, tree: Tree | None = None) -> frozenset[UUID]:
    """The places whose music a place may use: its own, of all above it, and of those that went into it."""
    graph = tree or places.tree()
    return frozenset([place_id, *graph.above(place_id, on)]) | graph.answered_for([place_id], on) - graph.below(
        [place_id], on
    )


def usable(place_ids: Iterable[UUID], on: date) -> QuerySet[Music]:
    """The music in use that bulletins of one of these places may have, by name."""
    graph = places.tree()
    where = {source for place_id in place_ids for source in sources(place_id, on, graph)}
    return Music.objects.filter(place__in=where, ended_at=None).select_related("place")


def pieces(person: Person, place: Place, on: date) -> list[Piece]:
    """What the place may use: its own first, then what it has from others, by kind and name."""
    found = list(usable([place.pk], on).select_related("file", "created_by").order_by("-kind", "name"))
    made = _renditions(found)
    mine = scope.place_ids(person, Right.WRITE, on)
    shown = [Piece(one, made.get(_key(one)), one.place_id == place.pk, one.place_id in mine) for one in found]
    return sorted(shown, key=lambda piece: not piece.own)


def _key(music: Music) -> str:
    return rules.rendition_key(source=Source.MUSIC, original=music.file_id)


def _renditions(found: Iterable[Music]) -> Mapping[str, Rendition]:
    keys = {_key(one) for one in found}
    return {made.key: made for made in Rendition.objects.filter(key__in=keys).select_related("file")}


def offered(place_ids: Iterable[UUID], on: date) -> list[Music]:
    """The same without what cannot be mixed because its file is no good."""
    found = list(usable(place_ids, on))
    made = _renditions(found)
    return [one for one in found if (of := made.get(_key(one))) is None or of.state != State.FAILED]


def files(place_ids: Iterable[UUID], on: date) -> dict[str, frozenset[str]]:
    """The hashes of the files that bulletins of one of these places may have, by kind."""
    found = list(usable(place_ids, on))
    return {kind: frozenset(one.file_id for one in found if one.kind == kind) for kind in Music.Kind.values}


def music(person: Person, pk: UUID, right: Right = Right.WRITE) -> Music | None:
    """A piece of music of a place where the person has the right."""
    return scope.visible(Music.objects.select_related("place"), person, right).filter(pk=pk).first()


def places_of(person: Person, right: Right, on: date) -> QuerySet[Place]:
    """The places in force whose music the person may look after or see, by name."""
    return scope.visible(places.in_force(on), person, right, on=on, field="pk")


def chosen_place(person: Person, asked: str, on: date) -> Place | None:
    """The place whose music is shown: the one asked for, or the first of the person's own. None: nothing to see."""
    seen = places_of(person, Right.VIEW, on)
    if asked:
        try:
            return seen.filter(pk=UUID(asked)).first()
        except ValueError:
            return None
    own = scope.role_places(person, Right.WRITE, on) or scope.role_places(person, Right.VIEW, on)
    return seen.filter(pk__in=own).first()


def places_shown(person: Person, place: Place, on: date) -> QuerySet[Place]:
    """The places to choose from: where the person's roles are, where there is music, and the one that is shown."""
    seen = places_of(person, Right.VIEW, on)
    own = scope.role_places(person, Right.VIEW, on)
    with_music = Music.objects.filter(ended_at=None).values("place")
    return seen.filter(Q(pk__in=own) | Q(pk__in=with_music) | Q(pk=place.pk))


@dataclass(frozen=True)
class Usual:
    """What is usual in one use: the music (None: none), the place that says so (None: nobody does)."""

    use: str
    label: str
    music: Music | None
    said_by: Place | None
    own: bool


def usual(place_id: UUID, on: date) -> list[Usual]:
    """With which music a new bulletin of the place begins: what it says itself, or the nearest above it."""
    chain = list(reversed([place.pk for place in places.above(place_id, on)])) or [place_id]
    rows = UsualMusic.objects.filter(place__in=chain).select_related("music__place", "place")
    near = sorted(rows, key=lambda row: chain.index(row.place_id))
    found = []
    for use in UsualMusic.Use:
        row = next((one for one in near if one.use == use), None)
        alive = row.music if row and row.music and row.music.ended_at is None else None
        own = row is not None and row.place_id == place_id
        own = row is not None and row.place_id == place_id
        found.append(Usual(use, str(use.label), alive, row.place if row else None, own))
    return found


def usual_mix(place_id: UUID, on: date) -> Mix:
    """The same, as a bulletin keeps it."""
    return Mix(**{one.use: one.music.file_id for one in usual(place_id, on) if one.music})


def named(mix: Mix) -> list[tuple[str, str]]:
    """The music of a mix in words: (use, name), in the order in which it is heard. An ended piece keeps its name."""
    chosen = mix.as_json()
    rows = Music.objects.filter(file__in=chosen.values()).order_by("ended_at", "-created_at")
    names = {(row.kind, row.file_id): row.name for row in rows}
    return [(str(use.label), names.get((KINDS[use], chosen[use]), "…")) for use in UsualMusic.Use if use in chosen]


def may_hear(person: object, mark: str) -> bool:
    """Whether a file or the key of a rendition is music that the person may hear: a guard of `media:audio`.

    It is who sees the place it is of, and who works in a place below it, as they may use it.
    """
    if not isinstance(person, Person):
        return False
    asked = Rendition.objects.filter(Q(file=mark) | Q(key=mark), source=Source.MUSIC).values("original")
    where = set(Music.objects.filter(Q(file=mark) | Q(file__in=asked)).values_list("place_id", flat=True))
    if not where:
        return False
    on = today()
    if where & scope.place_ids(person, Right.VIEW, on):
        return True
    graph = places.tree()
    return any(where & sources(own, on, graph) for own in scope.role_places(person, Right.VIEW, on))
