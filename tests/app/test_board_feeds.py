"""Pages of sources for boards: writing a table, trying a feed, four eyes, what is told when something is wrong."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.channels.board import shell
from nguon.channels.board.feeds import actions, queries, rules, service
from nguon.channels.board.feeds.actions import Look
from nguon.channels.board.feeds.models import Edition, Source
from nguon.channels.board.feeds.picking import Taken
from nguon.channels.board.feeds.rules import Feed, Timetable
from nguon.journal.models import Entry
from nguon.people.models import Person
from nguon.review import queries as reviews
from nguon.review.actions import NotTheirs
from nguon.review.models import State
from tests.app import feeding
from tests.app.desk import make_desk
from tests.app.feeding import Feeding, as_json, fresh, looked
from tests.ports import foreign as make
from tests.ports.foreign import Foreign
from tests.ports.test_board_feeds import NOW

pytestmark = pytest.mark.django_db
PAGE = re.compile(r'data-page="([A-Za-z0-9+/=]+)"')
NEW = "/bang/nguon/moi?loai="
TABLE = "Ngày\tGiờ\tThôn\n26/11/2026\t7:30 – 11:00\tLộc Hạ\n28/11/2026\t7:30\tKỳ Sơn\n"


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


@pytest.fixture
def town(tmp_path: Path, settings: Any) -> Iterator[Feeding]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    with time_machine.travel(NOW, tick=False):
        yield Feeding(make_desk())


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def drawn(body: str) -> Any:
    """The document that the page hands to the preview."""
    found = PAGE.search(body)
    assert found is not None, body
    return json.loads(base64.b64decode(found[1]))


def table(town: Feeding, **changes: Any) -> dict[str, Any]:
    given = {"title": "Lịch tiêm chủng", "place": town.desk.here.pk, "cells": TABLE, "named": "on", "do": "keep"}
    return {**given, "day": "on", "hour": "on", **changes}


def test_a_table_is_pasted_seen_and_handed_in(town: Feeding) -> None:
    client = as_(town.desk.editor)
    seen = client.post(f"{NEW}timetable", table(town, do="try")).content.decode()
    assert drawn(seen)["table"]["rows"][0] == ["28/11/2026", "7:30", "Kỳ Sơn"]  # what is over today stands last
    assert not Source.objects.exists()
    answer = client.post(f"{NEW}timetable", table(town), follow=True)
    source = Source.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("board:feeds:detail", args=[source.pk])
    assert "Chờ duyệt" in answer.content.decode()
    terms = feeding.terms(Edition.objects.get())
    assert isinstance(terms, Timetable)
    assert (terms.head, len(terms.rows), terms.day, terms.hour) == (("Ngày", "Giờ", "Thôn"), 2, True, True)
    assert service.remake_due() == 0
    assert Entry.objects.filter(verb="board.source-write").count() == 1


def test_another_person_approves_and_then_it_is_shown(town: Feeding) -> None:
    edition = town.written(feeding.VACCINES, title="Lịch tiêm")
    own = town.written(feeding.VACCINES, actor=town.desk.both)
    with pytest.raises(NotTheirs):
        town.approve(own, by=town.desk.both)
    review = reviews.waiting(town.desk.approver).get(subject=f"board.edition:{edition.pk.hex}")
    page = as_(town.desk.approver).get(reverse("review:detail", args=[review.pk])).content.decode()
    assert drawn(page)["title"] == "Lịch tiêm"
    assert "Mỗi lần sửa đều phải duyệt lại" in page
    assert "Vinh Quang" in page
    town.approve(edition)
    assert service.remake_due() == 1
    found = fresh(edition.source)
    assert queries.current(found, NOW) is not None
    page = as_(town.desk.watcher).get(reverse("board:feeds:detail", args=[found.pk])).content.decode()
    assert "Đang có" in page
    assert "Trần Văn Duyệt" in page
    assert "Sửa" not in re.sub(r"(?s)<nav.*?</nav>", "", page)


def test_whoever_wrote_a_part_of_it_does_not_approve_it(town: Feeding) -> None:
    edition = town.written(feeding.VACCINES, actor=town.desk.both)
    said: dict[str, Any] = {"title": "Lịch khác", "sample": None, "actor": town.desk.editor, "now": NOW}
    second = actions.change(source=edition.source, terms=feeding.VACCINES, **said)
    first = Edition.objects.get(pk=edition.pk).review
    assert first is not None
    assert first.state == State.WITHDRAWN
    with pytest.raises(NotTheirs):
        town.approve(second, by=town.desk.both)
    town.approve(second)
    assert actions.change(source=second.source, terms=feeding.VACCINES, **said) == second  # the same again


def test_what_was_approved_stays_until_the_change_is(town: Feeding) -> None:
    source = town.source(feeding.VACCINES, title="Lịch tiêm")
    service.remake_due()
    page = fresh(source).page_id
    as_(town.desk.editor).post(reverse("board:feeds:edit", args=[source.pk]), table(town))
    assert service.remake_due() == 0
    found = fresh(source)
    assert (found.page_id, found.current.number if found.current else 0) == (page, 2)
    seen = as_(town.desk.editor).get(reverse("board:feeds:list")).content.decode()
    assert "vẫn hiện bản đã duyệt trước" in seen
    assert found.current is not None
    town.approve(found.current)
    assert service.remake_due() == 1
    assert fresh(source).page_id != page


def test_rows_vanish_by_themselves(town: Feeding) -> None:
    source = town.source(feeding.VACCINES)
    service.remake_due()
    first = fresh(source)
    assert first.remake_at is not None
    with time_machine.travel(first.remake_at, tick=False):
        assert service.remake_due() == 1
    assert fresh(source).page_id != first.page_id
    over = NOW + timedelta(days=3)
    with time_machine.travel(over, tick=False):
        assert service.remake_due() == 1
        assert queries.current(fresh(source), over) is None
        home = as_(town.desk.editor).get(reverse("home")).content.decode()
        assert "Cần xem lại" in home
        assert "Đã hết lịch" in home
        assert "Cần xem lại" not in as_(town.desk.neighbour).get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cells": ""}, "Bảng chưa có dòng nào"),
        ({"cells": "Ngày\tGiờ\nmai\t7:30"}, "Dòng 1: “mai” không phải ngày"),
        ({"cells": "Ngày\tGiờ\n26/11\tsáng"}, "Dòng 1: “sáng” không phải giờ"),
        ({"cells": "\n".join(["a\tb\tc\td\te\tf\tg"] * 2)}, "Bảng có 7 cột, nhiều nhất là 6"),
        ({"cells": "a\n" + "b\n" * 201, "day": "", "hour": ""}, "Bảng có 201 dòng, nhiều nhất là 200"),
        ({"cells": "a\n" + "b" * 81, "day": "", "hour": ""}, "dài 81 chữ cái, nhiều nhất là 80"),
        ({"file": SimpleUploadedFile("lich.xlsx", b"PK\x03\x04")}, "Đây là tệp Excel"),
        ({"file": SimpleUploadedFile("lich.csv", b"")}, "Tệp trống"),
        ({"title": " "}, "Tên trên bảng"),
    ],
)
def test_a_table_that_cannot_be_shown_says_what_to_do(town: Feeding, changes: dict[str, Any], words: str) -> None:
    answer = as_(town.desk.editor).post(f"{NEW}timetable", table(town, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Source.objects.exists()


def test_a_file_takes_the_place_of_what_is_pasted(town: Feeding) -> None:
    file = SimpleUploadedFile("lich.csv", "Giờ;Tuyến\n5:30;T01\n".encode("utf-16"))
    as_(town.desk.editor).post(f"{NEW}timetable", table(town, file=file, day="", cells="cũ"), follow=True)
    terms = feeding.terms(Edition.objects.get())
    assert isinstance(terms, Timetable)
    assert terms.rows == (("5:30", "T01"),)
    again = as_(town.desk.editor).get(reverse("board:feeds:edit", args=[Source.objects.get().pk])).content.decode()
    assert "5:30\tT01" in again


def weather(town: Feeding, foreign: Foreign, **changes: Any) -> dict[str, Any]:
    address = foreign.page("/now", as_json(feeding.WEATHER))
    return {"title": "Thời tiết", "place": town.desk.here.pk, "address": address, "every": "30", **USUAL, **changes}


USUAL = {f"name_{at}": name for at, name in enumerate(("Trời", "Nhiệt độ", "Mưa", "Gió", "Độ ẩm"))}
USUAL |= {"unit_1": "°C", "unit_2": "mm", "unit_3": "km/h", "unit_4": "%", "credit": ""}


def test_a_feed_is_tried_its_values_are_chosen_and_it_is_handed_in(town: Feeding, foreign: Foreign) -> None:
    client = as_(town.desk.editor)
    begun = client.get(f"{NEW}weather").content.decode()
    assert "Thử lấy ngay" in begun
    assert "Lưu và gửi duyệt" not in begun
    given = {name: value for name, value in weather(town, foreign, do="try").items() if name not in USUAL}
    tried = client.post(f"{NEW}weather", {**given, "credit": ""}).content.decode()  # the fields of values come with it
    assert 'value="current.temperature" selected' in tried  # it sounds like one
    assert drawn(tried)["table"]["rows"] == [
        ["Trời", "Nhiều mây"],
        ["Nhiệt độ", "27,4 °C"],
        ["Mưa", "0 mm"],
        ["Gió", "12 km/h"],
    ]
    assert drawn(tried)["as_of"] == "Cập nhật 14:00 26/11"
    chosen = {"path_1": "current.temperature", "own_hour": "current.time", "do": "keep"}
    client.post(f"{NEW}weather", weather(town, foreign, **chosen), follow=True)
    edition = Edition.objects.get()
    terms = feeding.terms(edition)
    assert isinstance(terms, Feed)
    assert [(one.name, one.path) for one in terms.picks] == [("Nhiệt độ", "current.temperature")]
    assert (terms.form, terms.every, terms.oldest, terms.hour) == ("json", 30, 90, "current.time")
    page = as_(town.desk.approver).get(reverse("review:detail", args=[edition.review_id])).content.decode()
    assert "Duyệt một lần cho nguồn này" in page
    assert drawn(page)["table"]["rows"] == [["Nhiệt độ", "27,4 °C"]]
    again = client.get(reverse("board:feeds:edit", args=[edition.source_id])).content.decode()
    assert 'value="current.temperature" selected' in again


def test_prices_are_chosen_from_a_list(town: Feeding, foreign: Foreign) -> None:
    data = {"ngay": "26/11/2026", "gia": [{"ten": "Lúa", "dvt": "kg", "gia": 7200, "thay_doi": -50}]}
    given = {"title": "Giá", "place": town.desk.here.pk, "address": foreign.page("/g", as_json(data)), "every": "60"}
    names = {f"name_{at}": name for at, name in enumerate(("Mặt hàng", "Đơn vị", "Giá", "Tăng, giảm"))}
    seen = as_(town.desk.editor).post(f"{NEW}prices", {**given, **names, "do": "try"}).content.decode()
    assert drawn(seen)["as_of"] == "Cập nhật 14:05 26/11"  # a day alone is no hour
    assert drawn(seen)["table"] == {
        "head": ["Mặt hàng", "Đơn vị", "Giá", "Tăng, giảm"],
        "rows": [["Lúa", "kg", "7.200", "▼ 50"]],
    }


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        (make.sends(404), "máy chủ báo lỗi (404)"),
        (make.sends(200, b"<!doctype html><html></html>"), "một trang web thay cho số liệu"),
        (make.moves("http://10.0.0.1/"), "mạng nội bộ"),
        (make.sends(200, feeding.RSS.encode()), "không cho số liệu"),
    ],
)
def test_a_feed_that_cannot_be_had_is_told_and_nothing_typed_is_lost(
    town: Feeding, foreign: Foreign, serve: make.Serve, words: str
) -> None:
    given = weather(town, foreign, do="keep", path_1="current.temperature", credit="Đài tỉnh")
    foreign.pages["/now"] = serve
    answer = as_(town.desk.editor).post(f"{NEW}weather", given)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body.replace("Máy", "máy")
    assert "Đài tỉnh" in body
    assert "Thời tiết" in body
    assert not Source.objects.exists()


@pytest.mark.parametrize("address", ["http://kttv.example/now", "https://u:p@kttv.example/", "ftp://x/", "", "x"])
def test_only_a_safe_address_is_asked(town: Feeding, foreign: Foreign, address: str) -> None:
    answer = as_(town.desk.editor).post(f"{NEW}weather", weather(town, foreign, address=address, do="try"))
    assert answer.status_code == 422
    assert foreign.asked == []


def test_values_that_are_too_old_already_are_not_handed_in(town: Feeding, foreign: Foreign) -> None:
    given = weather(town, foreign, path_1="current.temperature", own_hour="current.time", do="keep")
    with time_machine.travel(NOW + timedelta(hours=9), tick=False):
        answer = as_(town.desk.editor).post(f"{NEW}weather", given)
    assert answer.status_code == 422
    assert "số liệu đã quá cũ (Cập nhật 14:00 26/11)" in answer.content.decode()
    assert not Source.objects.exists()


def test_a_feed_that_is_away_can_still_get_another_name(town: Feeding, foreign: Foreign) -> None:
    given = weather(town, foreign, path_1="current.temperature", own_hour="", do="keep")
    as_(town.desk.editor).post(f"{NEW}weather", given)
    source = Source.objects.get()
    foreign.pages["/now"] = make.sends(500)
    there = reverse("board:feeds:edit", args=[source.pk])
    answer = as_(town.desk.editor).post(there, {**given, "title": "Trời hôm nay"})
    assert answer.status_code == 302
    found = fresh(source)
    assert (str(found), found.current.sample if found.current else None) == (
        "Trời hôm nay",
        {"head": [], "rows": [["Nhiệt độ", "27,4 °C"]], "lines": []},
    )


def test_the_list_says_how_it_goes(town: Feeding) -> None:
    good, old, bad = (
        town.source(feeding.weather("https://a.example/"), title=title) for title in ("Tốt", "Cũ rồi", "Chết")
    )
    taken = Look(Taken(rows=(("Gió", "1"),)))
    looked(good, NOW, taken)
    looked(old, NOW, taken)
    for failure in range(2):
        looked(old, NOW + timedelta(minutes=failure), Look(fault="late"))
        looked(bad, NOW + timedelta(minutes=failure), Look(fault=rules.Trouble.EMPTY, detail="Gió"))
    body = as_(town.desk.editor).get(reverse("board:feeds:list")).content.decode()
    assert "Đang có" in body
    assert "Đang hiện số liệu lúc 14:05 26/11. Lần lấy gần nhất hỏng: máy chủ trả lời quá chậm." in body
    assert "không còn giá trị ở chỗ đã chọn (Gió)" in body
    home = as_(town.desk.editor).get(reverse("home")).content.decode()
    assert "Cũ rồi" in home
    assert "Chết" in home
    assert "Tốt" not in home


def test_what_is_ended_is_shown_no_more(town: Feeding) -> None:
    source = town.source(feeding.BUS)
    service.remake_due()
    assert queries.current(fresh(source), NOW) is not None
    as_(town.desk.editor).post(reverse("board:feeds:end", args=[source.pk]))
    found = fresh(source)
    assert queries.current(found, NOW) is None
    assert service.remake_due() == 0
    assert Entry.objects.filter(verb="board.source-end").exists()
    assert as_(town.desk.editor).get(reverse("board:feeds:edit", args=[source.pk])).status_code == 404


def test_who_may_not_write_sees_only(town: Feeding) -> None:
    source = town.source(feeding.BUS)
    watcher = as_(town.desk.watcher)
    assert watcher.get(reverse("board:feeds:list")).status_code == 200
    assert watcher.get(f"{NEW}timetable").status_code == 403
    assert watcher.get(reverse("board:feeds:edit", args=[source.pk])).status_code == 404
    assert as_(town.desk.neighbour).get(reverse("board:feeds:detail", args=[source.pk])).status_code == 404
    there = {**table(town), "place": town.desk.there.pk}
    assert as_(town.desk.editor).post(f"{NEW}timetable", there).status_code == 422


def test_what_officers_see_is_no_part_of_the_page_of_a_board() -> None:
    assert "board/show/table.js" in shell.files()
    assert not [name for name in shell.files() if "office" in name]
