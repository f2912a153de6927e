"""Setting how long cases are kept: a new rule from a day on ends the one before it, and none is overwritten."""

from datetime import date, datetime, timedelta

from django.db import transaction

from nguon.feedback.models import Retention
from nguon.journal.actions import record
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import everywhere, forbidden


@transaction.atomic
def set_retention(
    *,
    lot: str,
    nameless_months: int,
    deleted_months: int,
    basis: str,
    valid_from: date,
    verified: bool,
    actor: Person,
    now: datetime,
) -> Retention:
    """From that day cases of a lot are kept so long. For the whole territory only. Raises Forbidden."""
    if not everywhere(actor, Right.PEOPLE):
        raise forbidden()
    same = Retention.objects.filter(lot=lot)
    same.filter(valid_from__gte=valid_from).delete()  # never came to hold, or is said anew for the same day
    same.filter(valid_to=None).update(valid_to=valid_from - timedelta(days=1))
    made = Retention.objects.create(
        lot=lot,
        nameless_months=nameless_months,
        deleted_months=deleted_months,
        basis=basis,
        valid_from=valid_from,
        verified=verified,
    )
    after = {"lot": lot, "nameless_months": nameless_months, "deleted_months": deleted_months, "basis": basis}
    record(actor=actor, verb="feedback.retention", subject=f"feedback.retention:{made.pk.hex}", after=after, now=now)
    return made
