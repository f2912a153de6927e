"""Questions of the pages for people: what may be shown to everybody, and to the one who told it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from nguon.feedback import queries, redaction, suggesting
from nguon.feedback.models import Answer, Attachment, Case, Field, Reporter, Wording
from nguon.feedback.queries import Alike
from nguon.feedback.rules import FINAL, State
from nguon.feedback.suggesting import Suggested
from nguon.kit.clock import local_day
from nguon.kit.text import fold
from nguon.places import queries as places
from nguon.review.models import State as ReviewState

YEAR = timedelta(days=365)
MOST_ALIKE = 3
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


def wording(now: datetime) -> Wording | None:
    """What one agrees to now."""
    return Wording.objects.filter(since__lte=now).order_by("-number").first()


def field(key: str) -> Field | None:
    """The field of a key."""
    return Field.objects.filter(key=key, active=True).first() if key else None


def suggested(words: str, place: UUID, now: datetime) -> Suggested | None:
    """The field it may be. Only offered: whoever tells it may choose another."""
    up = [one.pk for one in places.above(place, local_day(now))]
    return next(iter(suggesting.fields(words, up, now)), None)


def alike(words: str, place: UUID, point: tuple[float | None, float | None], of: Field | None) -> list[Alike]:
    """Cases that may be the same, without those of fields that are not open. Words are shown of moderated ones only."""
    found = queries.alike(words, place, point[0], point[1], of)
    shown = [one for one in found if one.case.public_at or one.case.field is None or one.case.field.open]
    return [one for one in shown if not one.case.held][:MOST_ALIKE]


def answer(case: Case) -> Answer | None:
    """The newest answer that was given; of a duplicate that of the first case, as others than its reporter read it."""
    found = case.wordings.exclude(sent_at=None).order_by("-number").first()
    if found is None and case.duplicate_of is not None:
        found = answer(case.duplicate_of)
        if found is not None:
            reporter = Reporter.objects.filter(case=case.duplicate_of).first()
            known = (reporter.name, reporter.phone, reporter.email, reporter.address) if reporter else ()
            found.text = redaction.redacted(found.text, filter(None, known))
    return found


def public_answer(case: Case) -> Answer | None:
    """The newest answer that somebody else approved: nothing else is shown to everybody."""
    return case.wordings.filter(review__state=ReviewState.APPROVED).order_by("-number").first()


def shared_name(case: Case) -> str:
    """The name of a reporter who wanted it to stand in the register, and still agrees to be in it; else empty."""
    agreed = case.consents.filter(purpose="publish", withdrawn_at=None).exists()
    found = Reporter.objects.filter(case=case, share=True, gone_at=None).first() if agreed else None
    return found.name if found else ""


def photos(case: Case) -> QuerySet[Attachment]:
    """The photos the reporter sent, whoever is to see them."""
    return case.attachments.filter(by=None).select_related("file")


def public_photo(pk: UUID) -> Attachment | None:
    """A photo that everybody may see."""
    found = Attachment.objects.filter(pk=pk, public=True).exclude(case__public_at=None)
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


def matching(rows: Iterable[Case], words: str) -> list[Case]:
    """Those in whose public words all of these stand, marks and case ignored: what was moderated out is not found."""
    wanted = fold(words).split()
    return [one for one in rows if all(word in _folded(one) for word in wanted)]


def _folded(case: Case) -> str:
    return fold(f"{case.code} {case.public_title} {case.public_words} {case.place}")


def public_case(place_ids: Iterable[UUID], code: str) -> Case | None:
    """One case of the register."""
    shown = Attachment.objects.filter(public=True).select_related("file")
    found = queries.register(place_ids).filter(code=code).select_related("place", "field", "office")
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
