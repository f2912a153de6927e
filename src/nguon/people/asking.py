"""Who is asking."""

from django.http import HttpRequest

from nguon.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The person signed in. Every page asks for that, so anything else is a fault of ours: raises TypeError."""
    if not isinstance(request.user, Person):
        raise TypeError("this view must ask for signing in")
    return request.user
