"""Broadcasts and deliveries as a page shows them: words, kinds of badge, counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from nguon.delivery import rules
from nguon.delivery.models import Broadcast, Delivery, Progress, State

STATE_KIND = {
    State.PLANNED: "wait",
    State.QUEUED: "wait",
    State.LIVE: "busy",
    State.DONE: "ok",
    State.STOPPED: "warn",
    State.EXPIRED: "bad",
}
PROGRESS_KIND = {
    Progress.WAITING: "wait",
    Progress.RECEIVED: "info",
    Progress.READY: "info",
    Progress.STARTED: "busy",
    Progress.PREEMPTED: "warn",
    Progress.FINISHED: "ok",
    Progress.FAILED: "bad",
    Progress.STOPPED: "warn",
    Progress.EXPIRED: "bad",
    Progress.REFUSED: "bad",
}
ORDER = tuple(Progress.values)
SOUND_WITHIN = timedelta(minutes=1)  # what a device played is sent right after it


def reason_words(reason: str, detail: str = "") -> str:
    """A reason in an officer's words; the detail is for technicians and follows in brackets. Empty for no reason."""
    said = rules.words(reason)
    if not said:
        return ""
    return f"{_(said)} ({detail})" if detail else _(said)


@dataclass(frozen=True)
class Shown:
    """A broadcast with the badge of its state."""

    it: Broadcast

    @property
    def kind(self) -> str:
        return STATE_KIND[State(self.it.state)]

    @property
    def words(self) -> str:
        return str(State(self.it.state).label)

    @property
    def shares(self) -> list[tuple[str, int, str]]:
        """(kind, count, words) of each progress; needs a broadcast from `queries.counted`."""
        return [
            (PROGRESS_KIND[Progress(value)], getattr(self.it, f"n_{value}"), str(Progress(value).label))
            for value in ORDER
        ]


@dataclass(frozen=True)
class Row:
    """One delivery with its badge and, if something went wrong, the words for it."""

    it: Delivery

    @property
    def kind(self) -> str:
        return PROGRESS_KIND[Progress(self.it.progress)]

    @property
    def words(self) -> str:
        return str(Progress(self.it.progress).label)

    @property
    def sort(self) -> str:
        """What it is, where it is no loudspeaker: those who look at a list of these know them."""
        device = self.it.device
        return "" if device.audible else device.channel_label

    @property
    def over(self) -> bool:
        return self.it.progress in rules.FINAL

    @property
    def why(self) -> str:
        return reason_words(self.it.reason, self.it.detail)

    @property
    def last_at(self) -> datetime | None:
        """When the device reached where it is, by its own clock."""
        one = self.it
        return one.finished_at or one.started_at or one.ready_at or one.received_at

    def moving(self, now: datetime) -> bool:
        """Whether more is to come: an answer, or the sound it played a moment ago."""
        one = self.it
        ended = one.finished_at if one.device.proof and not one.proof_id else None
        return not self.over or (ended is not None and now - ended < SOUND_WITHIN)


def rows_of(found: Iterable[Delivery]) -> list[Row]:
    """Deliveries as rows."""
    return [Row(one) for one in found]


def shares_of(found: QuerySet[Delivery]) -> list[tuple[str, int, str]]:
    """(kind, count, words) of each progress among deliveries, in the order things happen. Counted by the database."""
    grouped = found.order_by().values_list("progress").annotate(number=Count("pk"))
    counts = Counter(dict(grouped))
    return [(PROGRESS_KIND[Progress(value)], counts[value], str(Progress(value).label)) for value in ORDER]
