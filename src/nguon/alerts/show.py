"""Alerts as a page shows them: words and kinds of badge."""

from dataclasses import dataclass

from nguon.alerts.models import Alert, State
from nguon.cap import hazards

KIND = {
    State.DRAFT: "off",
    State.WAITING: "wait",
    State.LIVE: "busy",
    State.REPLACED: "info",
    State.CANCELLED: "warn",
    State.EXPIRED: "off",
    State.WITHDRAWN: "off",
}


@dataclass(frozen=True)
class Shown:
    """An alert with its badge, its hazard and its level."""

    it: Alert

    @property
    def kind(self) -> str:
        return KIND[State(self.it.state)]

    @property
    def words(self) -> str:
        return str(State(self.it.state).label)

    @property
    def hazard(self) -> str:
        return hazards.by_code(self.it.hazard).name

    @property
    def cadence(self) -> str:
        """When it is said again, in words."""
        return hazards.by_code(self.it.hazard).cadence(self.it.level).note

    @property
    def colour(self) -> str:
        """The name of the colour of its level; empty without one."""
        return next((each.colour for each in hazards.levels() if each.level == self.it.level), "")
