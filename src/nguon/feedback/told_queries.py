"""Questions of the pages for people: what may be shown to everybody, and to the one who told it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F, Prefetch, Q, QuerySet

from nguon.feedback import personal, queries, redaction, suggesting
from nguon.feedback.models import Answer, Attachment, Case, Field, Reporter
from nguon.feedback.rules import AT_WORK, FINAL, State
from nguon.feedback.suggesting import Suggested
from nguon.kit.clock import local_day
from nguon.kit.text import fold
from nguon.places import queries as places
from nguon.review.models import State as ReviewState

YEAR = timedelta(days=365)
MOST_ALIKE = 3
ROUGHLY = 3  # decimals of a degree: about 100 m
SEARCHED = 5000  # cases of the register that a search goes through
SEARCHED_FOR = 30  # seconds a case that was just published may not be found by its words
FOLDED = "told:register:folded"
OVER = (State.ANSWERED, *FINAL)


@dataclass(frozen=True)
class Search:
    """What the register is filtered by; empty means all. `over`: answered or ended."""

    words: str = ""
    field: str = ""
    place: UUID | None = None
    over: bool | None = None


@dataclass(frozen=True)
class Figure:
    """One field in numbers: cases of the last year, answered, and of those in time. `share` in percent."""

    name: str
    told: int
    answered: int
    in_time: int

    @property
    def share(self) -> int | None:
        """Percent of the answers that came in time; None without any answer."""
        return round(100 * self.in_time / self.answered) if self.answered else None


def field(key: str) -> Field | None:
    """The field of a key."""
    return Field.objects.filter(key=key, active=True).first() if key else None


def suggested(words: str, place: UUID, now: datetime) -> Suggested | None:
    """The field it may be. Only offered: whoever tells it may choose another."""
    up = [one.pk for one in places.above(place, local_day(now))]
    return next(iter(suggesting.fields(words, up, now)), None)


def alike(words: str, place: UUID, point: tuple[float | None, float | None], of: Field | None) -> list[Case]:
    """Cases of the register that may be the same. The point is taken roughly, so that nobody finds theirs by trying."""
    north, east = (None if part is None else round(part, ROUGHLY) for part in point)
    return [one.case for one in queries.alike(words, place, north, east, of, among=queries.public())][:MOST_ALIKE]


def others_alike(words: str, place: UUID, of: Field | None) -> int:
    """How many cases nobody moderated say about the same and are worked on there. By their words alone, never by where
    they lie: whoever asks again and again from other points learns nothing."""
    hidden = Case.objects.filter(state__in=AT_WORK).exclude(field__open=False).exclude(pk__in=queries.public())
    return len(queries.alike(words, place, None, None, of, among=hidden))


def answer(case: Case) -> Answer | None:
    """The newest answer that was given; of a duplicate that of the first case, as others than its reporter read it."""
    found = case.wordings.exclude(sent_at=None).order_by("-number").first()
    if found is None and case.duplicate_of is not None:
        found = answer(case.duplicate_of)
        if found is not None:
            found.text = redaction.redacted(found.text, queries.known_of(case.duplicate_of))
    return found


def public_answer(case: Case) -> Answer | None:
    """The newest answer that somebody else approved and that was given: nothing else is shown to everybody.

    None, too, where it says who told the case.
    """
    given = case.wordings.filter(review__state=ReviewState.APPROVED).exclude(sent_at=None)
    found = given.order_by("-number").first()
    return None if found is not None and personal.leaked(found.text, queries.whose(case)) else found


def shared_name(case: Case) -> str:
    """The name of a reporter who wanted it to stand in the register, and still agrees to be in it; else empty."""
    agreed = queries.agreed(case, "publish")
    found = Reporter.objects.filter(case=case, share=True, gone_at=None).first() if agreed else None
    return found.name if found else ""


def photos(case: Case) -> QuerySet[Attachment]:
    """The photos the reporter sent, whoever is to see them."""
    return case.attachments.filter(by=None).select_related("file")


def public_photo(pk: UUID) -> Attachment | None:
    """A photo that everybody may see."""
    found = Attachment.objects.filter(pk=pk, public=True, case__in=queries.public())
    return found.select_related("file").first()


def register(place_ids: Iterable[UUID], search: Search, now: datetime) -> QuerySet[Case]:
    """The public register, filtered, the newest first."""
    found = queries.register(place_ids).filter(public_at__lte=now)
    if search.field:
        found = found.filter(field__key=search.field)
    if search.place:
        found = found.filter(place__in=places.answered_for([search.place], local_day(now)))
    if search.over is not None:
        found = found.filter(state__in=OVER) if search.over else found.exclude(state__in=OVER)
    rows = found.select_related("place", "field", "office")
    return rows.order_by("-received_at")


def matching(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Those in whose public words all of these stand, marks and case ignored: what was moderated out is not found."""
    wanted = fold(words).split()
    return rows.filter(pk__in=[pk for pk, text in _folded() if all(word in text for word in wanted)])


def _folded() -> list[tuple[UUID, str]]:
    """The newest SEARCHED public cases with their folded words, folded once in SEARCHED_FOR for all who ask."""
    found: list[tuple[UUID, str]] | None = cache.get(FOLDED)
    if found is None:
        newest = queries.public().select_related("place").order_by("-received_at")[:SEARCHED]
        found = [(one.pk, fold(f"{one.public_title} {one.public_words} {one.place}")) for one in newest]
        cache.set(FOLDED, found, SEARCHED_FOR)
    return found


def public_case(place_ids: Iterable[UUID], pk: UUID) -> Case | None:
    """One case of the register. By its id: its code is half of what opens it to whoever told it."""
    shown = Attachment.objects.filter(public=True).select_related("file")
    found = queries.register(place_ids).filter(pk=pk).select_related("place", "field", "office")
    return found.prefetch_related(Prefetch("attachments", shown, to_attr="shown")).first()


def figures(place_ids: Iterable[UUID], now: datetime) -> list[Figure]:
    """The last year by field, those with cases only. Cases that are held as abuse do not count."""
    in_time = Q(answered_at__lte=F("answer_by"))
    rows = (
        Case.objects.filter(place__in=list(place_ids), received_at__gte=now - YEAR, held="")
        .exclude(field=None)
        .values("field__name", "field__number")
        .annotate(told=Count("pk"), answered=Count("answered_at"), good=Count("pk", filter=in_time))
        .order_by("field__number", "field__name")
    )
    return [Figure(row["field__name"], row["told"], row["answered"], row["good"]) for row in rows]
