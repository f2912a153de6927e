"""An event of a commune for tests: as it is written, and as it stands when another approved it."""

from datetime import timedelta
from typing import Any

from nguon.kit import clock
from nguon.people.models import Person
from nguon.portal.events import actions
from nguon.portal.events.actions import Plan
from nguon.portal.models import EventWording, Site
from tests.app.desk import Desk
from tests.app.siting import approve


def plan(desk: Desk, days: int = 3, **other: Any) -> Plan:
    """All of one day in so many days."""
    day = clock.local_day(desk.now) + timedelta(days=days)
    said: dict[str, Any] = {"title": "Khám bệnh cho người cao tuổi", "where": "Trạm Y tế xã", "first": day, "last": day}
    return Plan(**(said | other))


def written(desk: Desk, site: Site, by: Person, days: int = 3, **other: Any) -> EventWording:
    """One that waits for its approver."""
    return actions.write(plan=plan(desk, days, **other), sites=[site], actor=by, now=desk.now)


def standing(desk: Desk, site: Site, by: Person, days: int = 3, **other: Any) -> EventWording:
    """One that everybody sees."""
    made = written(desk, site, by, days, **other)
    approve(made.review, desk)
    made.refresh_from_db()
    return made
