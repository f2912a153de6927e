"""Questions about reviews."""

from collections.abc import Iterable

from django.db.models import QuerySet

from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible
from nguon.review.models import Review, State


def decidable(person: Person) -> QuerySet[Review]:
    """The reviews, open or over, of places where the person approves."""
    found = visible(Review.objects.all(), person, Right.APPROVE)
    return found.select_related("place", "author", "submitted_by", "submitted_by__office", "decided_by")


def waiting(person: Person) -> QuerySet[Review]:
    """What waits for this person's decision, longest first. Their own submissions wait for somebody else."""
    return decidable(person).filter(state=State.SUBMITTED).order_by("submitted_at")


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
