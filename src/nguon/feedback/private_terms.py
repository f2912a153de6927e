"""Until when something about personal data is due, by the terms that hold."""

from datetime import datetime
from uuid import UUID

from dateutil.relativedelta import relativedelta

from nguon.feedback import deadlines, working
from nguon.feedback.models import Lot, Retention, Step
from nguon.kit import clock
from nguon.places.queries import holding

# Where nobody has set a rule: the longest the law lets one take.
LAST_RESORT = {Step.DATA_REPLY: 2, Step.DATA_CHANGE: 15, Step.DATA_ERASE: 20, Step.DATA_MORE: 15}


def due(step: Step, place_id: UUID, start: datetime) -> datetime:
    """When a step that begins at a moment must be done: the end of office hours of that day."""
    calendar = working.calendar(place_id, start)
    term = deadlines.Terms(place_id, None, "", start).of(step)
    if term is not None:
        return deadlines.after(calendar, start, step, term)
    return calendar.end_after(start, LAST_RESORT[step])


def retention(lot: Lot, now: datetime) -> Retention | None:
    """How long cases of a lot are kept, by what holds that day; None: nothing is ever taken away."""
    day = clock.local_day(now)
    found = Retention.objects.filter(holding(day), lot=lot)
    return max(found, key=lambda one: one.valid_from or day.min, default=None)


def months_before(now: datetime, months: int) -> datetime:
    """The same hour so many months earlier, as people there count."""
    return now.astimezone(clock.LOCAL) - relativedelta(months=months)
