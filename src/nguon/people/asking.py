"""Who asks, from a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from nguon.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in. Raises PermissionDenied for nobody (the middleware sends those to sign in)."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
