"""How often something may be done, counted once for all processes of an installation: in the database.

What is past measure only reads, so that whoever floods writes nothing.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from nguon.people.models import Measure

KEPT = timedelta(days=1)  # after its time was over
ROUNDS = 5  # of looking again where another process was quicker


def within(what: str, most: int, every: timedelta, now: datetime) -> bool:
    """Count one more of `what`, and whether that is within `most` since the first of them, for `every` from then.

    `what` may name an address: only its digest is kept.
    """
    key = salted_hmac("nguon.people.measure", what, algorithm="sha256").hexdigest()
    for _ in range(ROUNDS):
        row = Measure.objects.filter(key=key).first()
        if row is not None and row.until > now and row.number >= most:
            return False
        if _counted(key, row, most, now + every, now):
            return True
    return False  # a crowd at this very counter


def _counted(key: str, row: Measure | None, most: int, until: datetime, now: datetime) -> bool:
    """Whether one more was written down; another process may have been quicker."""
    if row is None:
        Measure.objects.filter(until__lt=now - KEPT).delete()
        try:
            with transaction.atomic():
                Measure.objects.create(key=key, number=1, until=until)
        except IntegrityError:
            return False
        return True
    same = Measure.objects.filter(key=key, until=row.until)
    if row.until <= now:
        return bool(same.update(number=1, until=until))
    return bool(same.filter(number__lt=most).update(number=F("number") + 1))
