"""What a session consists of: items turned into sounds, with the moment of each. Pure but for what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from nguon.delivery.planned import Part
from nguon.programme import items
from nguon.programme.gather import Placed
from nguon.programme.items import Item, Kind
from nguon.programme.slots import Slot
from nguon.programme.sounds import Offered, Sound, Sounds
from nguon.wire.ladder import Level


class Missing(StrEnum):
    """Why an item gives nothing this time. Words for people are in `programme.words`."""

    NOT_APPROVED = "not-approved"  # not approved, withdrawn, or not valid on that day
    NOTHING_NEW = "nothing-new"  # nothing for its rule that was not played lately
    MAKING = "making"  # its sound is being made
    GONE = "gone"  # the music does not exist any more


@dataclass(frozen=True)
class Piece:
    """One sound of a session, before its moment is known."""

    title: str
    subject: str
    length_ms: int
    file: str | None = None
    forms: tuple[tuple[str, str], ...] = ()  # what is shown meanwhile
    streams: tuple[str, ...] = ()
    review: UUID | None = None
    urgent: bool = False
    can_be_cut: bool = False
    pause: bool = False  # no sound, only time
    music: bool = False


@dataclass
class Chosen:
    """What earlier sessions took, so that a later one does not take it again. Lives for one compilation."""

    at: dict[tuple[UUID, UUID], list[datetime]] = field(default_factory=dict)  # (place, bulletin)
    offers: set[tuple[UUID, UUID]] = field(default_factory=set)  # (place, bulletin) that are in a session


@dataclass(frozen=True)
class Resolved:
    """A session as it will be: its parts, its length, and the items that gave nothing (by place in the programme)."""

    parts: tuple[Part, ...]
    length_ms: int
    left_out: tuple[tuple[int, Missing], ...]


def resolve(placed: Placed, start: datetime, sounds: Sounds, chosen: Chosen) -> Resolved:
    """The sounds of a slot's session that begins at `start`. Notes in `chosen` what it takes."""
    place, slot = placed.row.place_id, placed.slot
    pieces: list[Piece] = []
    left_out: list[tuple[int, Missing]] = []
    for number, item in enumerate(items.of_json(placed.row.programme.items)):
        found = _pieces(item, place, start, sounds, chosen)
        if isinstance(found, Missing):
            left_out.append((number, found))
        else:
            pieces += found
    if slot.level >= Level.ORDINARY:
        pieces = _with_offers(pieces, _entering(placed, start, sounds, chosen))
    parts = _parts(pieces, slot, start)
    return Resolved(parts, sum(piece.length_ms for piece in pieces), tuple(left_out))


def _pieces(item: Item, place: UUID, start: datetime, sounds: Sounds, chosen: Chosen) -> list[Piece] | Missing:
    match item.kind:
        case Kind.MUSIC:
            return _music(item, sounds)
        case Kind.BULLETIN:
            sound = sounds.bulletins.get(UUID(item.what)) if item.what else None
            if sound is None or not sound.may_begin(start):
                return Missing.NOT_APPROVED
            chosen.at.setdefault((place, sound.bulletin), []).append(start)
            return [_bulletin(sound)]
        case Kind.NEWEST:
            return _newest(item, place, start, sounds, chosen)
        case Kind.RELAY:
            return [Piece(item.name, "programme.relay", item.seconds * 1000, streams=item.streams, can_be_cut=True)]
    return [Piece("", "", item.seconds * 1000, pause=True)]


def _music(item: Item, sounds: Sounds) -> list[Piece] | Missing:
    tune = sounds.tunes.get(UUID(item.what)) if item.what else None
    if tune is None:
        return Missing.GONE
    if tune.file is None:
        return Missing.MAKING
    return [Piece(tune.name, tune.subject, tune.length_ms, tune.file, can_be_cut=True, music=True)]


def _newest(item: Item, place: UUID, start: datetime, sounds: Sounds, chosen: Chosen) -> list[Piece] | Missing:
    """The newest of its field that is valid then and was not played, nor will be, within its days of rest."""
    rest, found = timedelta(days=item.rest), list[Piece]()
    for sound in sounds.newest.get(place, ()):
        if len(found) == item.most:
            break
        if item.category and sound.category != item.category:
            continue
        if sound.issued < start - timedelta(days=item.days) or not sound.may_begin(start):
            continue
        taken = chosen.at.setdefault((place, sound.bulletin), [])
        last = sounds.played.get((place, sound.bulletin))
        if any(abs(start - at) < rest for at in ([*taken, last] if last else taken)) or start in taken:
            continue
        taken.append(start)
        found.append(_bulletin(sound))
    return found or Missing.NOTHING_NEW


def _bulletin(sound: Sound) -> Piece:
    return Piece(
        sound.title, sound.subject, sound.length_ms, sound.file, sound.forms, review=sound.review, urgent=sound.urgent
    )


def _entering(placed: Placed, start: datetime, sounds: Sounds, chosen: Chosen) -> list[Offered]:
    """What came from above and goes into this session: the first of its place, or of the slot it was put in."""
    place, found = placed.row.place_id, list[Offered]()
    for offer in sounds.offers.get(place, ()):
        key = (place, offer.sound.bulletin)
        if offer.slot in (None, placed.row.pk) and key not in chosen.offers and offer.sound.may_begin(start):
            chosen.offers.add(key)
            found.append(offer)
    return found


def _with_offers(pieces: Sequence[Piece], offers: Sequence[Offered]) -> list[Piece]:
    """Behind the music a programme opens with; those an officer put later, behind the place's own urgent ones."""
    said = {piece.subject for piece in pieces}
    early = [_bulletin(each.sound) for each in offers if each.rank <= 0 and each.sound.subject not in said]
    late = [_bulletin(each.sound) for each in offers if each.rank > 0 and each.sound.subject not in said]
    opening = next((at for at, piece in enumerate(pieces) if not piece.music), len(pieces))
    after = max((at + 1 for at, piece in enumerate(pieces) if piece.urgent), default=opening)
    return [*pieces[:opening], *early, *pieces[opening:after], *late, *pieces[after:]]


def _parts(pieces: Sequence[Piece], slot: Slot, start: datetime) -> tuple[Part, ...]:
    """The sounds with their moments. The first may begin late by the grace, the others for as long as it may go on."""
    parts, at = list[Part](), start
    patience = max(slot.grace, slot.patience)
    for piece in pieces:
        length = timedelta(milliseconds=piece.length_ms)
        if not piece.pause:
            number = len(parts)
            parts.append(
                Part(
                    number=number,
                    subject=piece.subject,
                    review=piece.review,
                    title=piece.title or slot.title,
                    level=slot.level,
                    file=piece.file,
                    forms=piece.forms,
                    streams=piece.streams,
                    length_ms=piece.length_ms,
                    start_at=at,
                    begin_by=at + (patience if number else slot.grace),
                    expires_at=at + length + patience,
                    can_be_cut=piece.can_be_cut,
                )
            )
        at += length
    return tuple(parts)
