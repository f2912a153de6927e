"""What stands in a device's plan besides what plays, as absolute spans: quiet and idle hours, volumes or brightness.

Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from nguon.kit.clock import LOCAL
from nguon.ports.channel import Outgoing, Schedule, Sound
from nguon.programme.policies import Hours, Policy, QuietHours

DAY = timedelta(days=1)
IDLE = Hours(time(22), time(4, 30))  # when hardly anybody uses the network, and what is fetched disturbs nobody


def schedule(
    entries: Iterable[Outgoing],
    policies: Sequence[Policy],
    start: datetime,
    end: datetime,
    keep: tuple[Sound, ...] = (),
    *,
    audible: bool = True,
) -> Schedule:
    """The schedule of [start, end), local and naive: the same input gives the same schedule, whenever it is made.

    For what is only seen there are no quiet hours, and the limits are those of brightness.
    """
    hushed = policies if audible else ()
    return Schedule(
        made=_aware(start),
        until=_aware(end),
        entries=tuple(sorted(entries, key=lambda one: (one.start or one.issued, one.level, str(one.broadcast)))),
        quiet=tuple((_aware(each.start), _aware(each.end)) for each in QuietHours(hushed, start, end).spans),
        limits=_limits(policies, start, end, audible=audible),
        fetch=tuple((_aware(a), _aware(b)) for a, b in (IDLE.spans(day.date()) for day in _days(start, end))),
        keep=keep,
    )


def _limits(
    policies: Sequence[Policy], start: datetime, end: datetime, *, audible: bool
) -> tuple[tuple[datetime, datetime, int], ...]:
    found = [
        (_aware(first), _aware(last), limit.most)
        for policy in policies
        for limit in (policy.volumes if audible else policy.brightness)
        for day in _days(start - DAY, end)
        if policy.holds(day.date())
        for first, last in [limit.hours.spans(day.date())]
        if last > start
    ]
    return tuple(sorted(found))


def _days(start: datetime, end: datetime) -> Iterable[datetime]:
    while start < end:
        yield start
        start += DAY


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=LOCAL)
