"""Questions about surveys. Those for officers take the person; the public sees what is approved and has opened."""

from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible
from nguon.portal.models import Results, Sheet, Site, Survey
from nguon.portal.surveys import rules
from nguon.review.models import Review, State

COUNT_SECONDS = 30


def seen(person: Person, *rights: Right) -> QuerySet[Survey]:
    """The surveys of the sites where the person has one of the rights (SITE), newest first, with how many answered."""
    found = Survey.objects.select_related("site__place", "created_by", "review__decided_by", "file")
    where = frozenset().union(*(person.reach(right) for right in rights or (Right.SITE,)))
    return found.filter(site__place__in=where).annotate(answered=Count("sheets")).order_by("-opens_at")


READERS = (Right.SITE, Right.APPROVE)  # whoever is to approve a sheet reads its draft


def sites(person: Person) -> QuerySet[Site]:
    """Where the person may ask."""
    return visible(Site.objects.select_related("place"), person, Right.SITE)


def public(site: Site, now: datetime) -> QuerySet[Survey]:
    """What a site asks or asked, the open ones first, then the newest."""
    approved = Q(review__state=State.APPROVED, withdrawn_at=None, opens_at__lte=now)
    found = Survey.objects.filter(approved, site=site).select_related("file").annotate(answered=Count("sheets"))
    return found.order_by("-closes_at")


def is_open(survey: Survey, now: datetime) -> bool:
    """Whether it may be answered at a moment."""
    return survey.opens_at <= now < survey.closes_at


def shows_count(survey: Survey, now: datetime) -> bool:
    """Whether everybody may see the count."""
    return survey.results == Results.ALWAYS or (survey.results == Results.AFTER and now >= survey.closes_at)


def count(survey: Survey) -> tuple[rules.Count, ...]:
    """How it was answered."""
    sheets = Sheet.objects.filter(survey=survey).values_list("answers", flat=True)
    return rules.counted(rules.of_json(survey.questions), sheets.iterator())


def public_count(survey: Survey) -> tuple[rules.Count, ...]:
    """The same for everybody, at most COUNT_SECONDS old: many ask at once, and all sheets are read for it."""
    key = f"portal.survey-count:{survey.pk.hex}"
    found: tuple[rules.Count, ...] | None = cache.get(key)
    if found is None:
        found = count(survey)
        cache.set(key, found, COUNT_SECONDS)
    return found


def words(survey: Survey, number: int, *, hidden: bool = False) -> QuerySet[Sheet]:
    """The sheets with words for a question, newest first; the hidden ones only if asked for."""
    found = Sheet.objects.filter(survey=survey, answers__has_key=str(number)).order_by("-at")
    return found if hidden else found.filter(hidden_at=None)


def writers(survey_id: UUID) -> frozenset[UUID]:
    """Everybody who ever wrote in it: each wording was handed in by whoever wrote it."""
    authors = Review.objects.filter(subject=f"portal.survey:{survey_id.hex}").values_list("author_id", flat=True)
    return frozenset([*authors, *Survey.objects.filter(pk=survey_id).values_list("created_by_id", flat=True)])
