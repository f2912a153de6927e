"""Questions about what is given: the playlist of a class as it goes out, its pages, and what may be chosen for it."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import capfirst

from nguon.channels.board.document import MIME
from nguon.channels.board.upper import interface, rules
from nguon.channels.board.upper.interface import Item, Playlist
from nguon.channels.board.upper.models import BoardClass, Entry, Grant
from nguon.keys import queries as keys
from nguon.keys import sealing
from nguon.kit import clock
from nguon.kit.clock import LOCAL
from nguon.media.models import File
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin, Variant
from nguon.newsroom.queries import Bulletins
from nguon.newsroom.rules import State
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible

HOUR = 3_600_000  # ms: so often a playlist is made anew although nothing changed, so that it goes on
SHORTEST = 5  # seconds that a page is shown


@dataclass(frozen=True)
class Given:
    """An entry with the page that is given of it now; none: left out, as the `state` of its bulletin says."""

    entry: Entry
    title: str
    state: str
    page: File | None


def classes(person: Person, right: Right = Right.VIEW) -> QuerySet[BoardClass]:
    """The classes of the places where the person has the right."""
    return visible(BoardClass.objects.select_related("place"), person, right)


def grants(person: Person, right: Right = Right.DEVICES) -> QuerySet[Grant]:
    """Who takes from the places where the person has the right."""
    return visible(Grant.objects.select_related("place").prefetch_related("classes"), person, right)


def choosable(board_class: BoardClass, person: Person, now: datetime) -> Bulletins:
    """The approved bulletins of the place of a class, with a page for boards, that this person may put on the air.

    Not those with a film, which is too large to go from system to system.
    """
    found = newsroom.bulletins(person, now, Right.BROADCAST).filter(place=board_class.place_id, state=State.APPROVED)
    made = found.filter(current__variants__channel=rules.KIND, current__variants__page__isnull=False)
    return made.filter(current__film=None)


def given(board_class: BoardClass, now: datetime) -> list[Given]:
    """Every entry of a class, in order."""
    entries = list(board_class.entries.filter(removed_at=None).select_related("bulletin__current"))
    ids = [entry.bulletin_id for entry in entries]
    stated = {one.pk: one for one in newsroom.with_state(Bulletin.objects.filter(pk__in=ids), now)}
    variants = Variant.objects.filter(
        version__in=[one.current_id for one in stated.values()],
        version__film=None,
        channel=rules.KIND,
        page__isnull=False,
    )
    pages = {variant.version_id: variant.page for variant in variants.select_related("page")}
    found = []
    for entry in entries:
        bulletin = stated[entry.bulletin_id]
        good = bulletin.state == State.APPROVED and bulletin.current_id is not None
        page = pages.get(bulletin.current_id) if good and bulletin.current_id else None
        title = bulletin.current.title if bulletin.current else ""
        found.append(Given(entry, title, bulletin.state, page))
    return found


def items(board_class: BoardClass, now: datetime) -> tuple[Item, ...]:
    """What boards of a class show from now on: what is over is left out, and nothing is left of a class that ended."""
    if board_class.ended_at is not None:
        return ()
    made = [_item(one.entry, one.title, one.page) for one in given(board_class, now) if one.page is not None]
    at = clock.ms(now)
    return tuple(one for one in made if one.ends is None or one.ends > at)


def _item(entry: Entry, title: str, page: File) -> Item:
    begins, ends = rules.spans(entry.first_day, entry.last_day, LOCAL)
    bulletin = entry.bulletin
    starts = max(filter(None, (begins, bulletin.valid_from)), default=None)
    stops = min(filter(None, (ends, bulletin.valid_to)), default=None)
    return Item(
        id=entry.pk.hex,
        title=title,
        hash=page.sha256,
        url=f"trang/{page.sha256}",
        size=page.size,
        mime=page.mime or MIME,
        seconds=entry.seconds or max(SHORTEST, math.ceil((page.duration_ms or 0) / 1000)),
        begins=clock.ms(starts) if starts else None,
        ends=clock.ms(stops) if stops else None,
        days=tuple(entry.weekdays),
        minutes=tuple((begin, end) for begin, end in entry.minutes),
    )


def playlist(board_class: BoardClass, now: datetime) -> bytes:
    """The playlist of a class, signed by the authority over its place. The same within an hour if nothing changed.

    Raises keys.sealing.NoAuthority, vault.VaultError.
    """
    held, found = _counted(board_class, now)
    authority = sealing.issuer(held.place_id, now)
    counting = keys.current(now).filter(place=authority).order_by("spare", "-made_at", "kid")
    made = max(clock.ms(held.changed_at), clock.ms(now) // HOUR * HOUR)
    said = Playlist(
        v=1,
        id=held.pk.hex,
        name=held.name,
        issuer=capfirst(str(held.place))[:300],
        version=held.version,
        made=made,
        until=made + clock_ms(timedelta(days=held.days)),
        keys=tuple(key.public for key in counting[: interface.KEYS]),
        items=found,
    )
    return sealing.by_place(held.place_id, now)(interface.encode(said))


def clock_ms(length: timedelta) -> int:
    """A length in milliseconds."""
    return round(length.total_seconds() * 1000)


@transaction.atomic
def _counted(board_class: BoardClass, now: datetime) -> tuple[BoardClass, tuple[Item, ...]]:
    """The class and its items, with the version that counts them: it rises when they are not those of the last time.

    A bulletin that is withdrawn, edited or over changes them without anybody touching the playlist.
    """
    held = BoardClass.objects.select_for_update().select_related("place").get(pk=board_class.pk)
    found = items(held, now)
    digest = sha256(msgspec.json.encode([held.name, held.days, found])).hexdigest()
    if digest != held.digest:
        held.version, held.digest, held.changed_at = held.version + 1, digest, now
        held.save(update_fields=["version", "digest", "changed_at"])
    return held, found


def fingerprints(board_class: BoardClass, now: datetime) -> list[str]:
    """The keys that sign its playlist, to be read aloud to a lower system."""
    authority = sealing.issuer(board_class.place_id, now)
    found = keys.current(now).filter(place=authority, spare=False).order_by("-made_at")
    return [rules.read_aloud(key.kid) for key in found]


def page_of(grant: Grant, digest: str, now: datetime) -> File | None:
    """A page by its hash, if a playlist that this token opens has it now."""
    for board_class in grant.classes.filter(ended_at=None):
        for one in given(board_class, now):
            if one.page is not None and one.page.sha256 == digest:
                return one.page
    return None
