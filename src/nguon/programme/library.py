"""Programmes as officers see them: which there are for a place, what may go into one, how its items stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from nguon.media import music_queries
from nguon.media.models import Music
from nguon.newsroom.models import Bulletin
from nguon.newsroom.queries import Stated, with_state
from nguon.newsroom.rules import State
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.programme import items, lengths
from nguon.programme.items import Item, Kind
from nguon.programme.models import Offer, Programme

SHOWN = 200  # bulletins to choose from: the newest
OFFERED = (Offer.State.WAITING, Offer.State.CHOSEN, Offer.State.ENTERED)


def programmes(person: Person, on: date, right: Right = Right.VIEW) -> QuerySet[Programme]:
    """The programmes in use of the places where the person has the right."""
    rows = Programme.objects.filter(ended_at=None).select_related("place", "created_by")
    return scope.visible(rows, person, right, on=on)


def of_place(place: Place, on: date) -> list[Programme]:
    """What the place may play: its own programmes, then those shared by places above, with `n_slots`."""
    above = places.tree().above(place.pk, on)
    rows = Programme.objects.filter(Q(place=place) | Q(place__in=above, shared=True), ended_at=None)
    running = Q(slots__ended_at=None)
    found = rows.select_related("place").annotate(n_slots=Count("slots", filter=running & Q(slots__place=place)))
    return sorted(found, key=lambda each: (each.place_id != place.pk, each.name.casefold()))


def seen(person: Person, pk: UUID, on: date) -> Programme | None:
    """A programme that the person may see: of their places, or shared by a place above one of theirs."""
    rows = Programme.objects.filter(ended_at=None).select_related("place", "created_by")
    own = programmes(person, on).filter(pk=pk).first()
    if own is not None:
        return own
    tree, held = places.tree(), scope.role_places(person, Right.VIEW, on)
    above = {up for place in held for up in tree.above(place, on)}
    return rows.filter(pk=pk, shared=True, place__in=above).first()


def users(programme: Programme) -> QuerySet[Place]:
    """The other places that have it in a slot."""
    return (
        Place.objects.filter(slots__programme=programme, slots__ended_at=None).exclude(pk=programme.place_id).distinct()
    )


def music(place_id: UUID, on: date) -> list[Music]:
    """The music a programme of the place may have: jingles first."""
    return sorted(music_queries.offered([place_id], on), key=lambda each: (each.kind != Music.Kind.JINGLE, each.name))


def bulletins(place_id: UUID, now: datetime, on: date) -> list[Stated]:
    """The approved bulletins a programme of the place may have: of the place, of those below, from above."""
    inside = places.answered_for([place_id], on)
    offered = Offer.objects.filter(place=place_id, state__in=OFFERED).values("bulletin")
    rows = with_state(Bulletin.objects.filter(Q(place__in=inside) | Q(pk__in=offered)), now)
    return list(rows.filter(state=State.APPROVED).order_by("-updated_at")[:SHOWN])


@dataclass(frozen=True)
class Line:
    """One item as it stands: its name, how long it is, and what an officer should know of it now."""

    item: Item
    name: str
    length: timedelta
    warning: str = ""

    @property
    def ms(self) -> int:
        """Its length in milliseconds."""
        return self.length // timedelta(milliseconds=1)


def lines(kept: Sequence[Item], now: datetime) -> list[Line]:
    """The items one by one, with three queries."""
    musics = {each.pk.hex: each for each in Music.objects.filter(pk__in=_ids(kept, Kind.MUSIC))}
    rows = with_state(Bulletin.objects.filter(pk__in=_ids(kept, Kind.BULLETIN)), now)
    told = {each.pk.hex: each for each in rows}
    long = lengths.of_items(kept)
    return [_line(item, length, musics, told) for item, length in zip(kept, long, strict=True)]


def _line(item: Item, length: timedelta, musics: dict[str, Music], told: dict[str, Stated]) -> Line:
    if item.kind is Kind.MUSIC:
        music = musics.get(item.what)
        gone = _("Nhạc này đã thôi dùng. Nên chọn nhạc khác.") if music and music.ended_at else ""
        return Line(item, music.name if music else "", length, gone)
    if item.kind is Kind.BULLETIN:
        bulletin = told.get(item.what)
        if bulletin is None or bulletin.current is None:
            return Line(item, "", length)
        return Line(item, bulletin.current.title, length, _standing(bulletin.state))
    return Line(item, item.name, length)


def _standing(state: str) -> str:
    """Why a chosen bulletin would be left out now; nothing if it would be heard."""
    if state == State.APPROVED:
        return ""
    if state == State.WITHDRAWN:
        return _("Bản tin đã rút: đến giờ phát sẽ bỏ qua mục này.")
    if state == State.EXPIRED:
        return _("Bản tin đã hết hạn: đến giờ phát sẽ bỏ qua mục này.")
    return _("Bản tin sửa chưa được duyệt lại: đến giờ phát sẽ bỏ qua mục này.")


def _ids(kept: Iterable[Item], kind: Kind) -> list[UUID]:
    return [UUID(item.what) for item in kept if item.kind is kind and item.what]


@dataclass(frozen=True)
class Shown:
    """A programme in a list: its length and what it is made of."""

    programme: Programme
    length: timedelta
    own: bool
    kinds: tuple[Kind, ...]
    slots: int

    @property
    def ms(self) -> int:
        """Its length in milliseconds."""
        return self.length // timedelta(milliseconds=1)


def shown(place: Place, on: date) -> list[Shown]:
    """The programmes of a place with their lengths."""
    found = of_place(place, on)
    long = lengths.of(found)
    return [
        Shown(
            each,
            long[each.pk],
            each.place_id == place.pk,
            tuple(item.kind for item in items.of_json(each.items)),
            each.n_slots,  # type: ignore[attr-defined]  # annotated in `of_place`
        )
        for each in found
    ]
