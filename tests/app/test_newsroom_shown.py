"""What is seen of a bulletin before it goes out: in the editor, by the approver, and nowhere if nothing shows it."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.devices import channels
from nguon.newsroom import queries
from nguon.newsroom.models import Bulletin
from nguon.people.models import Office, Person
from tests.app.desk import NOTICE, Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.boards]
SPEAKER, BOARD = "nguon.channels.speaker.Speaker", "nguon.channels.board.Board"
PAGE = re.compile(r'data-page="([A-Za-z0-9+/=]+)" data-duration="(\d+)"')


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def boards(settings: Any) -> Iterator[None]:
    settings.NGUON_CHANNELS = [SPEAKER, BOARD]
    channels.status.cache_clear()
    yield
    channels.status.cache_clear()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def seen(client: Client, kind: str = "board", **typed: object) -> str:
    return client.post(f"{reverse('newsroom:shown')}?kenh={kind}", typed).content.decode()


def digest(page: str) -> str:
    """The hash of that document."""
    found = PAGE.search(page)
    assert found is not None, page
    return hashlib.sha256(base64.b64decode(found[1])).hexdigest()


def handed(page: str) -> tuple[Any, int]:
    """The document that stands in a piece of a page, and how long it is seen (ms)."""
    found = PAGE.search(page)
    assert found is not None, page
    return json.loads(base64.b64decode(found[1])), int(found[2])


def test_what_is_typed_is_seen_as_on_a_board_and_nothing_is_saved(desk: Desk) -> None:
    page = seen(as_(desk.editor), title="Cắt  điện", body=f"<h1>THÔNG BÁO</h1><p>{NOTICE}</p>", place=desk.here.pk)
    made, duration = handed(page)
    assert (made["v"], made["look"], made["title"], made["issuer"]) == (1, "notice", "Cắt điện", "Xã Phước Thuận")
    assert made["text"][0] == "THÔNG BÁO"
    assert not any("<" in part for part in made["text"])
    assert duration > 30_000
    assert "Hiện trong" in page
    assert not Bulletin.objects.exists()


def test_whose_word_it_is_is_the_office_with_its_place(desk: Desk) -> None:
    police = Office.objects.create(name="Công an xã", place=desk.here)
    hall = Office.objects.create(name="UBND xã Phước Thuận", place=desk.here)
    other = Office.objects.create(name="Trạm y tế", place=desk.there)
    for office, whose in (
        (police, "Công an xã, xã Phước Thuận"),
        (hall, "UBND xã Phước Thuận"),
        (other, "Xã Phước Thuận"),
    ):
        page = seen(as_(desk.editor), title="Tin", place=desk.here.pk, office=office.pk)
        assert handed(page)[0]["issuer"] == whose
    page = seen(as_(desk.editor), title="Tin", place=desk.there.pk)
    assert handed(page)[0]["issuer"] == ""
    assert "Chưa ghi đơn vị ban hành" in page


def test_what_is_hard_to_read_is_told_with_what_to_do(desk: Desk) -> None:
    page = seen(as_(desk.editor), title="Họp", body="Đề nghị bà con chủ động. " * 60, place=desk.here.pk)
    assert "Nên rút còn chừng 300 chữ" in page
    assert "Dễ đọc" not in page
    assert "Dễ đọc" in seen(as_(desk.editor), title="Họp", body="Mời bà con đến dự.", place=desk.here.pk)


@pytest.mark.parametrize("typed", [{}, {"title": " ", "body": "\n\n"}, {"title": "\x00", "body": "\x00\x00"}])
def test_nothing_written_yet_is_no_fault(desk: Desk, typed: dict[str, str]) -> None:
    page = seen(as_(desk.editor), **typed)
    assert "Gõ tên và nội dung" in page
    assert not PAGE.search(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": "a" * 20_000}, "Tên bản tin dài 20.000 ký tự, nhiều nhất là 300."),
        ({"title": "Tin", "body": "từng chữ một " * 5_000}, "nhiều nhất là 30.000. Hãy cắt bớt"),
    ],
)
def test_too_much_is_told_as_when_saving(desk: Desk, typed: dict[str, str], words: str) -> None:
    page = seen(as_(desk.editor), place=str(desk.here.pk), **typed)
    assert words in page
    assert not PAGE.search(page)


def test_five_thousand_words_are_seen_and_judged(desk: Desk) -> None:
    page = seen(as_(desk.editor), title="Tin", body="ta đi " * 2_500, place=desk.here.pk)
    assert len(handed(page)[0]["text"][0].split()) == 5_000
    assert handed(page)[1] == 2_001_000
    assert "Đọc hết mất khoảng 34 phút" in page


@pytest.mark.parametrize(
    "typed", [{"place": "x"}, {"place": "\x00", "office": "7"}, {"language": "\x00", "title": "Tin\x00"}]
)
def test_what_no_form_sends_breaks_nothing(desk: Desk, typed: dict[str, str]) -> None:
    assert handed(seen(as_(desk.editor), **{"title": "Tin", **typed}))[0]["title"] == "Tin"


def test_only_who_writes_is_answered_and_only_of_what_shows(desk: Desk) -> None:
    where = f"{reverse('newsroom:shown')}?kenh=board"
    assert Client().post(where, {"title": "Tin"}).status_code == 302
    assert as_(desk.watcher).post(where, {"title": "Tin"}).status_code == 403
    assert as_(desk.editor).get(where).status_code == 405
    for asked in ("", "?kenh=speaker", "?kenh=xyz", "?kenh=%00"):
        assert as_(desk.editor).post(f"{reverse('newsroom:shown')}{asked}", {"title": "Tin"}).status_code == 404


def test_the_frame_is_for_officers_and_stands_in_pages_of_ours_alone(desk: Desk) -> None:
    where = reverse("board:preview")
    assert Client().get(where).status_code == 302
    answer = as_(desk.stranger).get(where)  # it knows nothing of anybody
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    around = as_(desk.editor).get(reverse("newsroom:new"))
    assert around.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"]
    assert Client().get(reverse("board:page")).headers["X-Frame-Options"] == "DENY"


def test_the_approver_and_the_page_of_the_bulletin_see_what_was_saved(desk: Desk) -> None:
    bulletin = desk.waiting()
    version = queries.newest(bulletin)
    assert version.review is not None
    detail = as_(desk.editor).get(reverse("newsroom:detail", args=[bulletin.pk])).content.decode()
    review = as_(desk.approver).get(reverse("review:detail", args=[version.review.pk])).content.decode()
    assert handed(detail) == handed(review)
    assert handed(review)[0]["title"] == version.title
    kept = version.variants.get(channel="board").page
    assert kept is not None
    assert (kept.sha256, kept.duration_ms) == (digest(review), handed(review)[1])
    for page in (detail, review):
        assert "Trên bảng tin" in page
        assert 'data-width="1080" data-height="1920"' in page


def test_the_editor_has_the_panel_for_a_new_bulletin_and_an_old_one(desk: Desk) -> None:
    bulletin = desk.written()
    for where in (reverse("newsroom:new"), reverse("newsroom:edit", args=[bulletin.pk])):
        page = as_(desk.editor).get(where).content.decode()
        assert f'hx-post="{reverse("newsroom:shown")}?kenh=board"' in page
        assert f'src="{reverse("board:preview")}"' in page


def test_where_no_channel_shows_anything_there_is_no_panel(desk: Desk, settings: Any) -> None:
    settings.NGUON_CHANNELS = [SPEAKER]
    channels.status.cache_clear()
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    pages = [
        as_(desk.editor).get(reverse("newsroom:new")),
        as_(desk.editor).get(reverse("newsroom:detail", args=[bulletin.pk])),
        as_(desk.approver).get(reverse("review:detail", args=[review.pk])),
    ]
    for page in pages:
        assert "Trên bảng tin" not in page.content.decode()
        assert "<iframe" not in page.content.decode()
        assert "shown.js" not in page.content.decode()
    assert as_(desk.editor).post(f"{reverse('newsroom:shown')}?kenh=board", {"title": "Tin"}).status_code == 404
