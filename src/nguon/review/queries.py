"""Questions about reviews."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import role_places, visible
from nguon.review import subjects
from nguon.review.models import Review, State


def decidable(person: Person) -> QuerySet[Review]:
    """The reviews, open or over, of places where the person approves."""
    found = visible(Review.objects.all(), person, Right.APPROVE)
    return found.select_related("place", "author", "submitted_by", "submitted_by__office", "decided_by")


def waiting(person: Person) -> QuerySet[Review]:
    """What waits for this person's decision, longest first. Their own submissions wait for somebody else."""
    return decidable(person).filter(state=State.SUBMITTED).order_by("submitted_at")


def waiting_for(person: Person) -> int:
    """How many of those wait for the person: without what they wrote or sent themselves."""
    return waiting(person).exclude(Q(author=person) | Q(submitted_by=person)).count()


def approves(person: Person) -> bool:
    """Whether the person approves anywhere."""
    return bool(role_places(person, Right.APPROVE, clock.today()))


def may_decide(person: Person, review: Review) -> bool:
    """Whether the person had no hand in it, as far as review itself can tell; the action asks the subject too."""
    speaker, pk = subjects.of(review.subject)
    standing = speaker.standing(pk)
    wrote = standing.authors if standing else frozenset()
    return person.pk not in wrote | {review.author_id, review.submitted_by_id}


def sent(person: Person) -> QuerySet[Review]:
    """What this person sent and nobody has decided yet, newest first."""
    found = visible(Review.objects.filter(submitted_by=person, state=State.SUBMITTED), person)
    return found.select_related("place", "author", "submitted_by")


def lately_decided(person: Person, limit: int = 20) -> list[Review]:
    """What was decided last in the places where the person approves, newest first."""
    decided = decidable(person).filter(state__in=[State.APPROVED, State.RETURNED])
    return list(decided.order_by("-decided_at")[:limit])


def approved(subject: str, text_hash: str, media_hash: str) -> Review | None:
    """The approval over exactly this text and this audio, if there is one that still counts."""
    same = Review.objects.filter(subject=subject, text_hash=text_hash, media_hash=media_hash)
    return same.filter(state=State.APPROVED).order_by("-decided_at").first()


def of_subjects(subjects: Iterable[str]) -> list[Review]:
    """Every review of these subjects, newest first."""
    found = Review.objects.filter(subject__in=list(subjects))
    return list(found.select_related("author", "submitted_by", "decided_by"))
