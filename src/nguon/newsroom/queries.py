"""Questions about bulletins. The state of one is computed in one place, `with_state`, for lists and pages alike."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from nguon.journal import queries as journal
from nguon.kit import clock
from nguon.kit.text import clean, fold
from nguon.media.models import Rendition
from nguon.media.models import State as Rendering
from nguon.newsroom import films, pictures, rules
from nguon.newsroom.aloud import Aloud, of_spoken
from nguon.newsroom.models import Bulletin, Variant, Version
from nguon.newsroom.rules import Change, Run, State
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import may, role_places, visible
from nguon.review import queries as reviews
from nguon.review.models import Review
from nguon.review.models import State as ReviewState
from nguon.speech import Readings


class _State(TypedDict):
    state: str


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Stated = WithAnnotations[Bulletin, _State]  # a bulletin with its state
    Bulletins = QuerySet[Stated, Stated]
else:
    Stated, Bulletins = Bulletin, QuerySet


def with_state(bulletins: QuerySet[Bulletin], now: datetime) -> Bulletins:
    """The bulletins with `state`, a value of `rules.State`, each with its newest version, author, place and office."""
    variants = Variant.objects.filter(version=OuterRef("current"))
    ready = variants.filter(rendition__state=Rendering.READY)
    same_sound = ready.filter(rendition__file=OuterRef("current__review__media_hash"))
    busy = variants.filter(rendition__state__in=[Rendering.QUEUED, Rendering.WORKING])
    review = "current__review__state"
    approved = Q(**{review: ReviewState.APPROVED}, current__review__text_hash=F("current__text_hash"))
    state = Case(
        When(withdrawn_at__isnull=False, then=Value(State.WITHDRAWN.value)),
        When(valid_to__lte=now, then=Value(State.EXPIRED.value)),
        When(Q(**{review: ReviewState.SUBMITTED}), then=Value(State.WAITING.value)),
        When(approved & Exists(same_sound), then=Value(State.APPROVED.value)),
        When(Q(**{review: ReviewState.RETURNED}), then=Value(State.RETURNED.value)),
        When(Exists(busy), then=Value(State.RENDERING.value)),
        When(Exists(ready), then=Value(State.HEARD.value)),
        default=Value(State.DRAFT.value),
        output_field=CharField(),
    )
    joined = bulletins.select_related("current__review", "current__created_by", "author", "place", "office")
    return joined.annotate(state=state)


def bulletins(person: Person, now: datetime, right: Right = Right.VIEW) -> Bulletins:
    """The bulletins of the places where the person has the right, newest change first, with their state."""
    return with_state(visible(Bulletin.objects.all(), person, right), now)


def found(
    person: Person, now: datetime, *, text: str = "", state: str = "", category: str = "", mine: bool = False
) -> Bulletins:
    """The bulletins that match. Every word of `text` must occur in title or body, marks and case ignored."""
    matching = bulletins(person, now)
    for word in fold(clean(text)).split()[:20]:
        matching = matching.filter(current__folded__contains=word)
    if state:
        matching = matching.filter(state=state)
    if category:
        matching = matching.filter(category=category)
    if mine:
        matching = matching.filter(author=person)
    return matching


def locked(bulletin: Bulletin) -> Bulletin:
    """The bulletin as stored, locked until the transaction ends."""
    return Bulletin.objects.select_for_update().get(pk=bulletin.pk)


def newest(bulletin: Bulletin) -> Version:
    """The version that counts, as stored now: a bulletin read earlier may name an older one."""
    whole = Version.objects.select_related("created_by", "review__decided_by", "sound", "bulletin__place", "film__file")
    return whole.get(bulletin=bulletin.pk, pk=F("bulletin__current"))


def newest_of(person: Person, bulletin_id: UUID, now: datetime) -> Version | None:
    """The version that counts of a bulletin the person may write; None if there is none such."""
    found = bulletins(person, now, Right.WRITE).filter(pk=bulletin_id).first()
    return newest(found) if found else None


def readings(version: Version) -> Readings:
    """How the version wants some of its words read, as kept with it."""
    return tuple((written, spoken) for written, spoken in version.readings)


def under_decision(version: Version) -> bool:
    """Whether somebody is to decide on the version, or approved it."""
    review = version.review
    return review is not None and review.state in (ReviewState.SUBMITTED, ReviewState.APPROVED)


def rendition(version: Version) -> Rendition | None:
    """How the version sounds, finished or not; None if nobody asked yet."""
    variant = version.variants.exclude(rendition=None).select_related("rendition__file").order_by("pk").first()
    return variant.rendition if variant else None


def heard(version: Version, made: Rendition | None) -> Aloud | None:
    """How the version was read where a voice speaks it, beside what is written; None where that is not known."""
    if made is None or not made.spoken:
        return None
    return of_spoken(
        version.body, readings(version), made.spoken, made.rate or rules.DEFAULT_RATE, repeat=version.repeat
    )


def sha256(version: Version) -> str | None:
    """The hash of the version's finished audio; None if there is none yet."""
    made = rendition(version)
    return made.file_id if made and made.state == Rendering.READY else None


@dataclass(frozen=True)
class Step:
    """One version and what happened to it: its reviews, newest first."""

    version: Version
    reviews: tuple[Review, ...]


def history(bulletin: Bulletin) -> list[Step]:
    """Every version with its reviews, newest first."""
    versions = list(bulletin.versions.select_related("created_by", "sound").order_by("-number"))
    of: dict[str, list[Review]] = {}
    for review in reviews.of_subjects(rules.subject(version.pk) for version in versions):
        of.setdefault(review.subject, []).append(review)
    return [Step(version, tuple(of.get(rules.subject(version.pk), ()))) for version in versions]


@dataclass(frozen=True)
class Comparison:
    """What changed from an earlier wording; `decided` is what was decided on that one, if that is why it is shown."""

    earlier: Version
    title: list[Run]
    body: list[Run]
    sound_changed: bool = False
    pictures_changed: bool = False
    film_changed: bool = False
    link_changed: bool = False
    decided: Review | None = None

    @property
    def near(self) -> list[Run]:
        """What changed in the body with a few words around it."""
        return rules.near(self.body)

    @property
    def changed(self) -> bool:
        """Whether anything at all did."""
        runs = [*self.title, *self.body]
        other = self.sound_changed or self.link_changed or self.pictures_changed or self.film_changed
        return other or any(run.change is not Change.SAME for run in runs)


def compared(old: Version, new: Version, decided: Review | None = None) -> Comparison:
    """The changes from one version to another."""
    one, two = ((each.sound_id, each.voice, each.rate, each.mix, each.repeat) for each in (old, new))
    link = (old.link_url, old.link_label) != (new.link_url, new.link_label)
    seen = pictures.held(old) != pictures.held(new)
    film = films.held(old) != films.held(new)
    words = replace(compared_words(old, new.title, new.body), sound_changed=one != two, film_changed=film)
    return replace(words, link_changed=link, pictures_changed=seen, decided=decided)


def compared_words(old: Version, title: str, body: str) -> Comparison:
    """The changes from a version to words that are not saved yet."""
    return Comparison(old, rules.diff(old.title, title), rules.diff(old.body, body))


def since_decision(version: Version) -> Comparison | None:
    """The changes since the newest earlier version that was approved or returned; None if there is none.

    An approval that was withdrawn because of a newer version still was a decision.
    """
    for step in history(version.bulletin):
        decided = next((review for review in step.reviews if review.decided_by_id is not None), None)
        if step.version.number < version.number and decided is not None:
            return compared(step.version, version, decided)
    return None


@dataclass(frozen=True)
class Abilities:
    """What one person may do with a bulletin as it stands now."""

    edit: bool
    hear: bool
    submit: bool
    approve: bool
    place: bool
    withdraw: bool


def abilities(person: Person, bulletin: Stated) -> Abilities:
    """What the person may do with a bulletin that carries its state. The actions check again."""
    state = State(bulletin.state)
    write, approve, broadcast = (
        may(person, right, bulletin.place_id) for right in (Right.WRITE, Right.APPROVE, Right.BROADCAST)
    )
    alive = state is not State.WITHDRAWN
    return Abilities(
        edit=write and alive,
        hear=write and alive,
        submit=write and state in (State.HEARD, State.RETURNED),
        approve=approve and state is State.WAITING,
        place=broadcast and state is State.APPROVED,
        withdraw=(write or approve) and alive,
    )


def may_write(person: Person) -> bool:
    """Whether there is a place where the person may begin a bulletin."""
    return bool(role_places(person, Right.WRITE, clock.today()))


def approval(version: Version) -> Review | None:
    """The approval over exactly this text and its audio as it is now."""
    made = sha256(version)
    return reviews.approved(rules.subject(version.pk), version.text_hash, made) if made else None


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a file is the sound of a bulletin of a place where the person may look: a guard of `media:audio`.

    A rendition that has no file yet is asked for by its key.
    """
    used = Q(versions__variants__rendition__file=sha256) | Q(versions__sound=sha256)
    used |= Q(versions__variants__rendition__original=sha256) | Q(versions__variants__rendition__key=sha256)
    return visible(Bulletin.objects.filter(used), person).exists()


def returned_to(person: Person, now: datetime) -> Bulletins:
    """The person's own bulletins that came back from review."""
    return bulletins(person, now, Right.WRITE).filter(state=State.RETURNED, author=person)


def authors(bulletin_id: UUID) -> frozenset[UUID]:
    """Whoever wrote a version of a bulletin, began it, or ever changed what an approval covers besides.

    That only the journal knows of all of them; its line is written in the transaction of the change.
    """
    writers = Version.objects.filter(bulletin=bulletin_id).values_list("created_by_id", flat=True)
    beginner = Bulletin.objects.filter(pk=bulletin_id).values_list("author_id", flat=True)
    lines = journal.of_subject(f"newsroom.bulletin:{bulletin_id.hex}").filter(verb="newsroom.details")
    shapers = [UUID(actor) for actor, after in lines.values_list("actor", "after") if rules.WEIGHTY & after.keys()]
    return frozenset([*writers, *beginner, *shapers])
