"""Whose data it is: the code and its four digits, then for half an hour a proof that goes from page to page.

Nothing is kept in a session: on a shared telephone there is nothing to sign out of.
"""

from datetime import timedelta

from django.core import signing

from nguon.feedback.models import Case
from nguon.feedback.private_errors import NotProven, ProofOld

FRESH = timedelta(minutes=30)
_SALT = "nguon.feedback.private-proof"


def give(case: Case) -> str:
    """A proof for the person who knows the code and the digits of a case."""
    return signing.dumps([case.pk.hex, case.tail], salt=_SALT)


def case_of(proof: str) -> Case:
    """The case a proof was given for. Raises ProofOld, NotProven (erased meanwhile, or made up)."""
    try:
        pk, tail = signing.loads(proof, salt=_SALT, max_age=FRESH)
    except signing.SignatureExpired as error:
        raise ProofOld from error
    except (signing.BadSignature, ValueError) as error:
        raise NotProven from error
    found = Case.objects.filter(pk=pk, tail=tail).exclude(tail="").select_related("place", "field").first()
    if found is None:
        raise NotProven
    return found
