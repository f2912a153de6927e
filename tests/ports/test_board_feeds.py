"""Feeds for boards against a foreign server: values come, stay with their hour, and vanish when they are too old."""

import asyncio
import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage

from nguon.channels.board import concerns, hanging
from nguon.channels.board.document import Document, Table
from nguon.channels.board.feeds import actions, looking, queries, rules, service, words
from nguon.channels.board.feeds.models import Source
from nguon.journal.models import Entry
from tests.app import feeding
from tests.app.desk import make_desk
from tests.app.feeding import Feeding, as_json, fresh, looked
from tests.ports import foreign as make
from tests.ports.foreign import Foreign

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 7, 5, tzinfo=UTC)  # 14:05


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


@pytest.fixture
def town(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feeding]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    with time_machine.travel(NOW, tick=False):
        made = Feeding(make_desk())
        monkeypatch.setattr(hanging, "refresh_soon", lambda: made.told.append(True))
        yield made


def shown(source: Source, now: datetime) -> Document | None:
    def read(path: str) -> bytes:
        with default_storage.open(path) as file:
            return bytes(file.read())

    return feeding.page(source, now, read)


def rows(source: Source, now: datetime) -> tuple[tuple[str, ...], ...]:
    made = shown(source, now)
    assert made is not None
    assert isinstance(made.table, Table)
    return made.table.rows


def test_values_come_and_have_their_hour(town: Feeding, foreign: Foreign) -> None:
    source = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER)), credit="Trạm Tuy Phước"))
    assert shown(source, NOW) is None
    found = looked(source, NOW)
    made = shown(found, NOW)
    assert made is not None
    assert (made.title, made.issuer, made.as_of) == (
        "Thời tiết hôm nay",
        "Xã Phước Thuận · Trạm Tuy Phước",
        "Cập nhật 14:05 26/11",
    )
    assert rows(source, NOW) == (("Nhiệt độ", "27,4 °C"), ("Gió", "12 km/h"))
    assert town.told == [True]
    assert found.next_at == NOW + timedelta(minutes=30)


def test_the_same_values_are_the_same_bytes_for_an_hour(town: Feeding, foreign: Foreign) -> None:
    source = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER))))
    first = looked(source, NOW).page_id
    assert looked(source, NOW + timedelta(minutes=30)).page_id == first
    assert len(town.told) == 1
    assert looked(source, NOW + timedelta(minutes=60)).page_id != first
    again = shown(source, NOW + timedelta(minutes=60))
    assert again is not None
    assert again.as_of == "Cập nhật 15:05 26/11"
    other = copy.deepcopy(feeding.WEATHER)
    other["current"]["temperature"] = 21
    foreign.page("/now", as_json(other))
    looked(source, NOW + timedelta(minutes=90))
    assert rows(source, NOW + timedelta(minutes=90))[0] == ("Nhiệt độ", "21 °C")
    assert len(town.told) == 3


def test_nothing_new_is_a_good_look(town: Feeding, foreign: Foreign) -> None:
    source = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER), ETag='"1"')))
    page = looked(source, NOW).page_id
    later = NOW + timedelta(minutes=30)
    found = looked(source, later)
    assert foreign.asked[-1][1]["If-None-Match"] == '"1"'
    assert (found.page_id, found.good_at, found.page_until) == (page, later, later + timedelta(minutes=120))


@pytest.mark.parametrize(
    ("serve", "fault"),
    [
        (make.sends(500), "status"),
        (make.cut, "cut"),
        (make.drips, "late"),
        (make.huge, "large"),
        (make.moves("http://10.0.0.1/"), "near"),
        (make.moves("file:///etc/passwd"), "address"),
        (make.sends(200, b"<!DOCTYPE html><html><body>B\xe1\xba\xa3o tr\xc3\xac</body></html>"), "html"),
        (make.sends(200, b"{"), "unread"),
        (make.sends(200, b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>"), "unread"),
        (make.sends(200, b"[" * 100_000), "unread"),
        (make.sends(200, b"a;b\n1;2\n"), "form"),
        (make.sends(200, b'{"current": {"temperature": null, "wind_speed": 1}}'), "empty"),
        (make.sends(200, b'{"current": {"temperature": "<b>1</b>", "wind_speed": 1}}'), "markup"),
        (make.sends(200, b'{"current": {"temperature": "' + b"a" * 99 + b'", "wind_speed": 1}}'), "long"),
    ],
)
def test_a_feed_that_dies_keeps_its_values_until_they_are_too_old(
    town: Feeding, foreign: Foreign, serve: make.Serve, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "SECONDS", 0.5)
    source = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER))))
    looked(source, NOW)
    foreign.pages["/now"] = serve
    soon, last = NOW + timedelta(minutes=30), NOW + timedelta(minutes=119)
    found = looked(source, soon)
    assert (found.fault, found.failures, found.next_at) == (fault, 1, soon + rules.RETRY)
    assert words.trouble(fault)
    made = shown(source, last)
    assert made is not None
    assert made.as_of == "Cập nhật 14:05 26/11"
    course = words.course(found, last)
    assert course.kind == "warn"
    assert "14:05 26/11" in course.why
    over = NOW + timedelta(minutes=120)
    assert queries.current(found, over) is None  # whether or not anybody made it anew
    before = len(town.told)
    with time_machine.travel(over):
        assert service.remake_due() == 1
        assert service.remake_due() == 0
    found = fresh(source)
    assert found.page is None
    assert len(town.told) == before + 1
    assert words.course(found, over).kind == "bad"
    foreign.page("/now", as_json(feeding.WEATHER))
    well = looked(source, over)
    assert (well.fault, words.course(well, over).kind) == ("", "ok")
    assert Entry.objects.filter(verb="board.source-fault").count() == 2


def test_a_feed_that_answers_with_what_is_old_shows_nothing(town: Feeding, foreign: Foreign) -> None:
    """It says itself of which hour it is: then that is what is told, and what grows old."""
    feed = feeding.weather(foreign.page("/now", as_json(feeding.WEATHER)), hour="current.time")
    source = town.source(feed)
    looked(source, NOW)
    made = shown(source, NOW)
    assert made is not None
    assert made.as_of == "Cập nhật 14:00 26/11"
    late = NOW + timedelta(minutes=115)
    assert shown(source, late) is None
    assert looked(source, late).fault == "old"
    early = NOW - timedelta(hours=1)
    assert looked(source, early).fault == "hour"  # of an hour that is still to come


def test_a_feed_that_says_nothing_is_new_grows_old_too(town: Feeding, foreign: Foreign) -> None:
    address = foreign.page("/now", as_json(feeding.WEATHER), ETag='"1"')
    source = town.source(feeding.weather(address, hour="current.time"))
    looked(source, NOW)
    assert looked(source, NOW + timedelta(minutes=30)).fault == ""
    late = NOW + timedelta(minutes=120)
    found = looked(source, late)
    assert (found.fault, found.page) == ("old", None)
    assert words.course(found, late).kind == "bad"


def test_prices_are_a_table_with_the_way_they_went(town: Feeding, foreign: Foreign) -> None:
    address = foreign.page("/gia.csv", feeding.PRICES.encode("utf-16"))
    source = town.source(feeding.prices(address), title="Giá nông sản")
    looked(source, NOW)
    made = shown(source, NOW)
    assert made is not None
    assert isinstance(made.table, Table)
    assert made.table.head == ("Mặt hàng", "Đơn vị", "Giá", "Tăng giảm")
    assert [row[3] for row in made.table.rows] == ["▲ 100", "▼ 50", "–", "▼ 1.500"]
    foreign.page("/gia.csv", feeding.PRICES.replace("Giá", "Giá bán").encode())
    assert looked(source, NOW + timedelta(minutes=5)).fault_detail == "Giá"


def test_titles_are_words_only(town: Feeding, foreign: Foreign) -> None:
    feed = rules.Feed("titles", foreign.page("/rss", feeding.RSS.encode()), "xml", 30, 90)
    source = town.source(feed, title="Tin xã", kind="titles")
    looked(source, NOW)
    made = shown(source, NOW)
    assert made is not None
    assert made.text == ("Thu hoạch lúa & mùa vụ", "Ra quân làm đường")


def test_the_service_asks_what_was_approved_and_nothing_else(town: Feeding, foreign: Foreign) -> None:
    address = foreign.page("/now", as_json(feeding.WEATHER))
    waiting = town.written(feeding.weather(address)).source
    assert service._due() == []
    good = town.source(feeding.weather(address))

    def turn() -> None:
        with ThreadPoolExecutor(2) as network:
            for source in service._due():
                asyncio.run(service.ask(source, network))

    turn()
    assert fresh(good).page is not None
    assert fresh(waiting).page is None
    assert foreign.paths() == ["/now"]
    turn()
    assert foreign.paths() == ["/now"]  # not before its time
    changed = feeding.weather(foreign.page("/other", as_json(feeding.WEATHER)), every=60)
    said: dict[str, Any] = {"title": "Thời tiết", "sample": None, "actor": town.desk.editor, "now": NOW}
    edition = actions.change(source=good, terms=changed, **said)
    turn()
    assert "/other" not in foreign.paths()
    town.approve(edition)
    turn()
    assert foreign.paths()[-1] == "/other"
    made = shown(good, NOW)
    assert made is not None
    assert made.title == "Thời tiết"


def test_another_address_that_gives_nothing_shows_nothing_of_the_one_before(town: Feeding, foreign: Foreign) -> None:
    good = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER))))
    looked(good, NOW)
    said: dict[str, Any] = {"title": "Thời tiết", "sample": None, "actor": town.desk.editor, "now": NOW}
    town.approve(actions.change(source=good, terms=feeding.weather(f"{foreign.address}/none"), **said))
    assert looked(good, NOW).page is None
    assert [one.title for one in concerns.of(town.desk.editor, NOW)] == ["Thời tiết"]
    assert list(concerns.of(town.desk.neighbour, NOW)) == []


def test_our_own_network_is_closed(town: Feeding, foreign: Foreign, settings: Any) -> None:
    source = town.source(feeding.weather(foreign.page("/now", as_json(feeding.WEATHER))))
    settings.NGUON_LINK_NETWORKS = ""
    assert looked(source, NOW).fault == "near"
    assert foreign.asked == []
    assert not looking.acceptable(f"{foreign.address}/now")
    assert looking.acceptable("https://kttv.example/now.json")
    assert not looking.acceptable("https://u:p@kttv.example/")
