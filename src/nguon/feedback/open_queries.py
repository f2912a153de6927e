"""Other systems where a person administers: programs that may post, authorities that take cases."""

from django.db.models import QuerySet

from nguon.feedback.models import Authority, Client
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible


def clients(person: Person) -> QuerySet[Client]:
    """The programs whose key is good."""
    return visible(Client.objects.filter(ended_at=None).select_related("place"), person, Right.PEOPLE)


def authorities(person: Person) -> QuerySet[Authority]:
    """The authorities to which cases may be passed on."""
    return visible(Authority.objects.filter(ended_at=None).select_related("place"), person, Right.PEOPLE)
