"""Until when something about personal data is due, by the terms that hold."""

from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Q

from nguon.feedback.models import Lot, Retention, Step, Term
from nguon.kit import clock

# What counts where nobody has set anything: the longest the law lets one take.
_LAW = {Step.DATA_REPLY: 2, Step.DATA_CHANGE: 15, Step.DATA_ERASE: 20, Step.DATA_MORE: 15}


def due(step: Step, place_id: UUID, start: datetime) -> datetime:
    """When a step that begins at a moment must be done."""
    day = clock.local_day(start)
    holds = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    terms = Term.objects.filter(holds, Q(place=None) | Q(place=place_id), step=step, field=None, severity="")
    term = max(terms, key=lambda one: (one.place_id is not None, one.valid_from or day.min), default=None)
    if term is None:
        return start + timedelta(days=_LAW[step])
    return start + timedelta(days=term.amount)


def retention(lot: Lot, now: datetime) -> Retention | None:
    """How long cases of a lot are kept, by what holds that day; None: nothing is ever taken away."""
    day = clock.local_day(now)
    holds = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    found = Retention.objects.filter(holds, lot=lot)
    return max(found, key=lambda one: one.valid_from or day.min, default=None)


def months_before(now: datetime, months: int) -> datetime:
    """The same hour so many months earlier, as people there count."""
    return now.astimezone(clock.LOCAL) - relativedelta(months=months)
