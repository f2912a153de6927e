"""What there is to play, read at once for all slots: bulletins, music, what came from above, and what was played."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from nguon.delivery.models import Broadcast, State
from nguon.devices import channels
from nguon.media import actions as media
from nguon.media.models import File, Music
from nguon.media.models import State as Rendering
from nguon.newsroom import queries as newsroom
from nguon.newsroom import rules
from nguon.newsroom.models import Bulletin, PriorityClass, Variant, Version
from nguon.programme import items
from nguon.programme.gather import Placed
from nguon.programme.items import Item, Kind
from nguon.programme.models import Offer

OLDEST = timedelta(days=400)  # bulletins before that are not looked through for what a rule may choose


@dataclass(frozen=True)
class Sound:
    """A bulletin that may go out: its approved version, the approval, the very file that was approved."""

    bulletin: UUID
    version: UUID
    place: UUID
    title: str
    category: str
    urgent: bool
    review: UUID
    file: str
    forms: tuple[tuple[str, str], ...]  # what is shown of it: a channel's kind, SHA-256
    length_ms: int
    issued: datetime
    valid_from: datetime | None
    valid_to: datetime | None

    @property
    def subject(self) -> str:
        """How broadcasts name it."""
        return rules.subject(self.version)

    def may_begin(self, at: datetime) -> bool:
        """Whether it is valid at a moment."""
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True)
class Tune:
    """Music as it is played alone; `file` is None until its sound is made."""

    name: str
    subject: str
    file: str | None
    length_ms: int


@dataclass(frozen=True)
class Offered:
    """A bulletin from above that goes in: into the next session, or the next of one slot. The smaller rank first."""

    sound: Sound
    rank: int
    slot: UUID | None


@dataclass(frozen=True)
class Sounds:
    """Everything that may be chosen."""

    bulletins: Mapping[UUID, Sound] = field(default_factory=dict)
    newest: Mapping[UUID, Sequence[Sound]] = field(default_factory=dict)  # by place, the newest first
    tunes: Mapping[UUID, Tune] = field(default_factory=dict)
    offers: Mapping[UUID, Sequence[Offered]] = field(default_factory=dict)  # by place
    played: Mapping[tuple[UUID, UUID], datetime] = field(default_factory=dict)  # (place, bulletin): the last time


def load(placed: Iterable[Placed], now: datetime) -> Sounds:
    """What these slots may choose from. Music whose sound is not made yet is asked for."""
    rows = [each.row for each in placed]
    places = {row.place_id for row in rows}
    every = [item for row in rows for item in items.of_json(row.programme.items)]
    offers = list(Offer.objects.filter(place__in=places, state__in=[Offer.State.ENTERED, Offer.State.CHOSEN]))
    chosen = {UUID(item.what) for item in every if item.kind is Kind.BULLETIN and item.what}
    approved = _approved(places, chosen | {offer.bulletin_id for offer in offers}, now)
    newest: defaultdict[UUID, list[Sound]] = defaultdict(list)
    for sound in sorted(approved.values(), key=lambda each: (each.issued, str(each.bulletin)), reverse=True):
        newest[sound.place].append(sound)
    return Sounds(approved, newest, _tunes(every, now), _offered(offers, approved, now), _played(places, now))


def _approved(places: set[UUID], chosen: set[UUID], now: datetime) -> dict[UUID, Sound]:
    wanted = Q(place__in=places, created_at__gte=now - OLDEST) | Q(pk__in=chosen)
    rows = list(newsroom.with_state(Bulletin.objects.filter(wanted), now).filter(state=rules.State.APPROVED))
    hashes = {row.current.review.media_hash for row in rows if row.current and row.current.review}
    shown = _shown(rows)
    lengths = dict(File.objects.filter(pk__in=hashes).values_list("pk", "duration_ms"))
    found = (_sound(row, row.current, lengths, shown) for row in rows if row.current)
    return {sound.bulletin: sound for sound in found if sound is not None}


def _shown(rows: Iterable[Bulletin]) -> dict[UUID, tuple[tuple[str, str], ...]]:
    """What is shown of each version, as its approver saw it."""
    versions = [row.current_id for row in rows]
    kept = Variant.objects.filter(version__in=versions, page__isnull=False, channel__in=channels.driven())
    found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for version, kind, page in kept.order_by("channel").values_list("version_id", "channel", "page_id"):
        if page is not None:
            found[version].append((kind, page))
    return {version: tuple(forms) for version, forms in found.items()}


def _sound(
    row: Bulletin,
    version: Version,
    lengths: Mapping[str, int | None],
    shown: Mapping[UUID, tuple[tuple[str, str], ...]],
) -> Sound | None:
    review = version.review
    if review is None or not lengths.get(review.media_hash):
        return None
    return Sound(
        bulletin=row.pk,
        version=version.pk,
        place=row.place_id,
        title=version.title,
        category=row.category,
        urgent=row.priority == PriorityClass.PRIORITY,
        review=review.pk,
        file=review.media_hash,
        forms=shown.get(version.pk, ()),
        length_ms=lengths[review.media_hash] or 0,
        issued=row.created_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _tunes(every: Iterable[Item], now: datetime) -> dict[UUID, Tune]:
    wanted = {UUID(item.what) for item in every if item.kind is Kind.MUSIC and item.what}
    return {row.pk: _tune(row, now) for row in Music.objects.filter(pk__in=wanted).select_related("file")}


def _tune(row: Music, now: datetime) -> Tune:
    made = media.request_sound(original=row.file, now=now)
    ready = made.file if made.state == Rendering.READY else None
    subject = f"media.music:{row.pk.hex}"
    return Tune(row.name, subject, ready.sha256 if ready else None, (ready.duration_ms or 0) if ready else 0)


def _offered(offers: Iterable[Offer], approved: Mapping[UUID, Sound], now: datetime) -> dict[UUID, list[Offered]]:
    """What is to go in and has not gone out in its place yet."""
    gone = _gone(offers)
    found: defaultdict[UUID, list[Offered]] = defaultdict(list)
    for offer in sorted(offers, key=lambda each: (each.rank, each.offered_at, each.pk)):
        sound = approved.get(offer.bulletin_id)
        if sound is not None and (offer.place_id, offer.bulletin_id) not in gone:
            found[offer.place_id].append(Offered(sound, offer.rank, offer.slot_id))
    return found


def _gone(offers: Iterable[Offer]) -> set[tuple[UUID, UUID]]:
    bulletins = {offer.bulletin_id for offer in offers}
    versions = dict(Version.objects.filter(bulletin__in=bulletins).values_list("pk", "bulletin_id"))
    named = {rules.subject(pk): bulletin for pk, bulletin in versions.items()}
    rows = Broadcast.objects.filter(subject__in=named, session__isnull=False).exclude(state=State.PLANNED)
    return {(place, named[subject]) for place, subject in rows.values_list("place_id", "subject")}


def _played(places: set[UUID], now: datetime) -> dict[tuple[UUID, UUID], datetime]:
    """When each bulletin last went out by each place: what is planned and has not begun does not count."""
    rows = Broadcast.objects.filter(place__in=places, issued_at__gte=now - OLDEST).exclude(state=State.PLANNED)
    said = rows.filter(subject__startswith="newsroom.version:").order_by("start_at", "issued_at")
    seen = [
        (place, subject, at or sent)
        for place, subject, at, sent in said.values_list("place_id", "subject", "start_at", "issued_at")
    ]
    ids = {UUID(hex=subject.partition(":")[2]) for _, subject, _ in seen}
    bulletins = dict(Version.objects.filter(pk__in=ids).values_list("pk", "bulletin_id"))
    found: dict[tuple[UUID, UUID], datetime] = {}
    for place, subject, at in seen:
        bulletin = bulletins.get(UUID(hex=subject.partition(":")[2]))
        if bulletin is not None:
            found[place, bulletin] = max(at, found.get((place, bulletin), at))
    return found
