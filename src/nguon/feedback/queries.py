"""Questions about cases: which a person may work on, which everybody may read, which one a code means."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.feedback import codes
from nguon.feedback.likeness import Alike, alike
from nguon.feedback.models import Asked, Case, Reporter, Wording
from nguon.feedback.personal import Whose
from nguon.feedback.rules import NEVER_PUBLIC
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right

__all__ = [
    "Alike",
    "agreed",
    "alike",
    "cases",
    "known_of",
    "looked_up",
    "public",
    "register",
    "whose",
    "wording",
    "workable",
]


def cases(person: Person, right: Right = Right.CASES) -> QuerySet[Case]:
    """The cases of the places where the person has the right, and those their own office has or is asked about.

    With those that are held as perhaps abuse (`held`), which lists show apart.
    """
    seen = _own(person, right)
    if person.office_id is not None and right == Right.CASES and right in rights(person):
        seen |= Q(pk__in=Asked.objects.filter(office=person.office_id).values("case"))
    return Case.objects.filter(seen)


def workable(person: Person) -> QuerySet[Case]:
    """The cases with which the person may do something. An office that is asked reads the case and says its part."""
    return Case.objects.filter(_own(person, Right.CASES))


def _own(person: Person, right: Right) -> Q:
    seen = Q(place__in=scope.place_ids(person, right))
    if person.office_id is not None and right in rights(person):
        seen |= Q(office=person.office_id)
    return seen


def looked_up(code: str, tail: str) -> Case | None:
    """The case of a code as typed, if the four digits go with it. Pages ask `actions.look_up`, which counts tries."""
    kept = codes.parsed(code)
    found = Case.objects.filter(code=kept).first() if kept else None
    return found if found is not None and codes.opens(found.code, tail.strip(), found.tail) else None


def register(place_ids: Iterable[UUID]) -> QuerySet[Case]:
    """The cases everybody may read: moderated, of these places, the newest first. Only `public_…` is to be shown."""
    return public().filter(place__in=list(place_ids)).order_by("-public_at")


def public() -> QuerySet[Case]:
    """All cases everybody may read: moderated, of an open field, taken up, and not held since."""
    found = Case.objects.filter(public_at__isnull=False, held="")
    return found.exclude(field__open=False).exclude(state__in=NEVER_PUBLIC)


def agreed(case: Case, purpose: str) -> bool:
    """Whether the reporter agrees to a purpose now: contact, publish."""
    return case.consents.filter(purpose=purpose, withdrawn_at=None).exists()


def wording(now: datetime) -> Wording | None:
    """What one agrees to now."""
    return Wording.objects.filter(since__lte=now).order_by("-number").first()


def known_of(case: Case) -> tuple[str, ...]:
    """What is known of who told a case, to be looked for in its texts."""
    mine = Reporter.objects.filter(case=case).first()
    return tuple(one for one in (mine.name, mine.phone, mine.email, mine.address) if one) if mine else ()


def whose(case: Case) -> Whose:
    """What is known of who told a case, to be looked for in words that everybody will read."""
    mine = Reporter.objects.filter(case=case).first()
    if mine is None:
        return Whose()
    share = mine.share and agreed(case, "publish")
    return Whose(name=mine.name, phone=mine.phone, email=mine.email, address=mine.address, share=share)
