"""Telling the system above how its boards stand and what they showed."""

from datetime import datetime

from django.db import transaction

from nguon.channels.board.upper import interface, rules, showing
from nguon.channels.board.upper.interface import BoardState, Report
from nguon.channels.board.upper.models import UpperSource
from nguon.devices.models import Device
from nguon.kit import clock, ids
from nguon.kit.clock import LOCAL


def report(source: UpperSource, now: datetime) -> Report | None:
    """What to tell; None while no playlist came. The newest days first, should there be more than a report takes."""
    if not source.number:
        return None
    boards = source.boards.select_related("state").order_by("pk")[: interface.MOST_BOARDS]
    rows = showing.shown(source, rules.since(source.reported_at, now, LOCAL))
    newest = sorted(rows, key=lambda one: one.day, reverse=True)[: interface.MOST_ROWS]
    return Report(
        v=1,
        id=ids.short(ids.new()),
        playlist=source.number,
        made=clock.ms(now),
        version=source.version,
        boards=tuple(map(_state, boards)),
        shown=tuple(newest),
    )


def _state(board: Device) -> BoardState:
    state = getattr(board, "state", None)
    if state is None:
        return BoardState(ids.short(board.pk), board.name[:300], False)
    since = state.online_since if state.online else state.seen_at
    return BoardState(ids.short(board.pk), board.name[:300], state.online, clock.ms(since) if since else None)


@transaction.atomic
def reported(*, source: UpperSource, fault: str, now: datetime) -> None:
    """Note how a report ended, and when the next one is."""
    found = UpperSource.objects.select_for_update().get(pk=source.pk)
    if found.ended_at is not None or found.address != source.address:
        return
    found.report_fault = fault
    found.report_failures = found.report_failures + 1 if fault else 0
    found.reported_at = found.reported_at if fault else now
    found.report_next_at = rules.next_look(now, found.every, found.report_failures)
    found.save(update_fields=["report_fault", "report_failures", "reported_at", "report_next_at"])
