"""What else than bulletins stands in the playlists of boards: timetables, feeds, playlists of systems above."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from nguon.channels.board import actions, document, hanging, tallying
from nguon.channels.board.actions import Playing
from nguon.channels.board.feeds import actions as feeds
from nguon.channels.board.feeds import queries as sources
from nguon.channels.board.feeds import service
from nguon.channels.board.models import Tally
from nguon.channels.board.scene import Item, Kind
from nguon.channels.board.upper import showing as upper
from nguon.channels.board.upper.interface import Item as Given
from nguon.channels.board.upper.interface import Shown as Told
from nguon.channels.board.upper.models import UpperItem, UpperSource
from nguon.kit import clock, ids
from nguon.media.files import keep_bytes
from nguon.people.models import Person
from nguon.ports.channel import Shown
from tests.app import feeding
from tests.app.desk import Desk
from tests.app.test_scenes import a_board, a_layout, board, desk, hung, items_of, region, technician, told, version

pytestmark = pytest.mark.django_db
__all__ = ["board", "desk", "technician"]  # fixtures


def in_list(desk: Desk, technician: Person, source: str, subject: UUID, **more: Any) -> Any:
    """A board that shows it beside the orders."""
    layout, shown = a_layout(desk, technician), a_board(desk, "Ti vi trạm y tế", desk.one)
    playing = Playing(source=source, subject=subject, **more)
    actions.add(region=region(layout, "list"), playing=playing, actor=desk.both, now=desk.now)
    hung(desk, shown, layout, technician)
    return shown


def pages(shown: Any) -> tuple[Item, ...]:
    return items_of(told(shown), Kind.LIST)


def test_a_timetable_is_shown_as_it_is_now_and_leaves_when_it_ends(
    desk: Desk, technician: Person, django_capture_on_commit_callbacks: Any
) -> None:
    source = feeding.Feeding(desk).source(feeding.BUS, title="Lịch xe buýt")
    shown = in_list(desk, technician, "feed", source.pk)
    assert pages(shown) == ()
    with django_capture_on_commit_callbacks(execute=True):
        assert service.remake_due() == 1
    (page,) = pages(shown)
    kept = sources.current(feeding.fresh(source), desk.now)
    assert kept is not None
    assert page.page.sha256 == kept.sha256
    before = version(shown)
    with django_capture_on_commit_callbacks(execute=True):
        feeds.end(source=feeding.fresh(source), actor=desk.editor, now=clock.now())
    assert version(shown) == before + 1
    assert pages(shown) == ()


def test_what_is_not_approved_is_not_offered(desk: Desk, technician: Person) -> None:
    waits = feeding.Feeding(desk).written(feeding.BUS).source
    with pytest.raises(actions.Refused):
        in_list(desk, technician, "feed", waits.pk)


def above(desk: Desk, *given: dict[str, Any], until: Any = None) -> UpperSource:
    """A playlist of the system above that is held here."""
    found = UpperSource.objects.create(
        place=desk.here,
        name="Sở Văn hóa",
        address="https://tren.example/bang/tren/x.json",
        keys=["x"],
        until=until or desk.now + timedelta(days=3),
        created_by=desk.editor,
        created_at=desk.now,
    )
    for rank, terms in enumerate(given):
        body = document.document(f"Tin {rank}", "Một câu.", "Sở Văn hóa")
        file = keep_bytes(body, document.MIME, desk.now, {"duration_ms": 8_000})
        number = ids.new()
        size: dict[str, Any] = {"hash": file.sha256, "url": "x", "size": len(body), "mime": document.MIME}
        item = Given(id=ids.short(number), title=f"Tin {rank}", seconds=12, **size, **terms)
        row = {"number": number, "rank": rank, "title": item.title, "seconds": item.seconds, "file": file}
        UpperItem.objects.create(source=found, terms=msgspec.to_builtins(item), **row)
    return found


def test_a_playlist_from_above_keeps_its_days_and_hours_on_the_board(desk: Desk, technician: Person) -> None:
    source = above(desk, {"days": (1, 7), "minutes": ((360, 690), (1200, 1440))}, {})
    one, two, three = pages(in_list(desk, technician, "upper", source.pk))
    assert [(page.weekdays, page.begins, page.ends) for page in (one, two, three)] == [
        ((0, 6), 360, 690),
        ((0, 6), 1200, 0),
        ((), 0, 0),
    ]
    assert {page.length for page in (one, two, three)} == {12_000}
    assert source.until is not None
    assert all(clock.ms(desk.now) < page.until <= clock.ms(source.until) for page in (one, two, three))


def test_hours_of_the_officer_come_before_those_from_above(desk: Desk, technician: Person) -> None:
    day = clock.now().astimezone(clock.LOCAL).isoweekday()
    other = day % 7 + 1
    source = above(desk, {"days": (day,)}, {"days": (other,)})
    (page,) = pages(in_list(desk, technician, "upper", source.pk, weekdays=(2,)))
    assert page.weekdays == (2,)


def test_the_end_of_a_playlist_moves_in_steps_and_boards_are_not_told_each_time(desk: Desk, technician: Person) -> None:
    until = (desk.now + timedelta(days=3)).replace(hour=13, minute=5)
    source = above(desk, {}, until=until)
    shown = in_list(desk, technician, "upper", source.pk)
    before = version(shown)
    for minutes in (5, 65, 120):
        UpperSource.objects.update(until=until + timedelta(minutes=minutes))
        hanging.refresh(clock.now())
    assert version(shown) == before
    UpperSource.objects.update(until=until + timedelta(hours=7))
    hanging.refresh(clock.now())
    assert version(shown) == before + 1


def test_a_playlist_that_is_over_or_not_agreed_to_shows_nothing(desk: Desk, technician: Person) -> None:
    source = above(desk, {})
    shown = in_list(desk, technician, "upper", source.pk)
    assert len(pages(shown)) == 1
    UpperSource.objects.update(keys=[])
    hanging.refresh(clock.now())
    assert pages(shown) == ()


def test_what_boards_showed_of_a_playlist_from_above_is_told_by_item_and_day(desk: Desk, technician: Person) -> None:
    source = above(desk, {}, {})
    shown = in_list(desk, technician, "upper", source.pk)
    today, numbers = clock.local_day(desk.now), [row.number.hex for row in source.items.all()]
    old = today - timedelta(days=3)
    first, _second = (page.page.sha256 for page in pages(shown))
    at = desk.now.replace(microsecond=0)
    for day, moment, times in ((today, at, 5), (old, at - timedelta(days=3), 7)):
        tallied = Shown(first, times, 60_000, moment, moment)
        tallying.take(device=shown.pk, day=day, rows=[tallied], now=clock.now())
    assert upper.shown(source, desk.now) == ()  # another's board
    source.boards.add(shown)
    board, item = shown.pk.hex, numbers[0]
    rows = [Told(board, item, old.isoformat(), 7, clock.ms(at) - 3 * 86_400_000)]
    rows += [Told(board, item, today.isoformat(), 5, clock.ms(at))]
    assert list(upper.shown(source, at - timedelta(hours=1))) == rows  # also a day that came late
    Tally.objects.update(told_at=at - timedelta(days=1))
    assert list(upper.shown(source, at - timedelta(hours=1))) == rows[1:]
