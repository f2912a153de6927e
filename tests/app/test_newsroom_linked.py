"""Where people read on: typed beside a bulletin, kept with its version, seen as a code on what shows it."""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from nguon.devices import channels
from nguon.newsroom import queries
from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk, make_desk
from tests.app.test_newsroom_pages import as_, form, words
from tests.app.test_newsroom_shown import handed, seen

pytestmark = [pytest.mark.django_db, pytest.mark.boards]
URL = "https://phuocthuan.gialai.gov.vn/tin/lich-cat-dien"
LINK = {"link_url": URL, "link_label": "Xem lịch từng thôn"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def written(client: Client, desk: Desk, **more: str) -> Bulletin:
    assert client.post(reverse("newsroom:new"), form(desk, **LINK | more)).status_code == 302
    return Bulletin.objects.get()


def test_a_link_is_kept_with_its_version_and_another_makes_a_new_one(desk: Desk) -> None:
    client = as_(desk.editor)
    bulletin = written(client, desk)
    first = queries.newest(bulletin)
    assert (first.link_url, first.link_label) == (URL, "Xem lịch từng thôn")
    edit = reverse("newsroom:edit", args=[bulletin.pk])
    assert URL in words(client.get(edit))
    client.post(edit, form(desk, **LINK, seen="1"))
    assert queries.newest(bulletin).number == 1
    client.post(edit, form(desk, link_url="https://a.vn", seen="1"))
    newest = queries.newest(bulletin)
    assert (newest.number, newest.link_url, newest.link_label) == (2, "https://a.vn", "")
    detail = words(client.get(reverse("newsroom:detail", args=[bulletin.pk])))
    assert 'href="https://a.vn" target="_blank" rel="noopener noreferrer"' in detail
    old = words(client.get(reverse("newsroom:version", args=[bulletin.pk, 1])))
    assert f"Xem lịch từng thôn {URL}" in old
    assert "Đường dẫn xem thêm cũng đã đổi." in old


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"link_url": "phuocthuan.vn"}, "phải bắt đầu bằng https:// hoặc http://"),
        ({"link_url": "https://a"}, "không mở được trang nào"),
        ({"link_url": "https://a.vn/" + "x" * 500}, "dài quá 500 ký tự"),
        ({"link_url": "", "link_label": "Xem thêm"}, "chưa có đường dẫn"),
    ],
)
def test_what_is_no_link_is_told_and_nothing_is_lost(desk: Desk, typed: dict[str, str], said: str) -> None:
    answer = as_(desk.editor).post(reverse("newsroom:new"), form(desk, **LINK | typed))
    assert answer.status_code == 422
    assert said in words(answer)
    assert "Điện lực Tuy Phước" in words(answer)
    assert not Bulletin.objects.exists()
    if typed.get("link_url"):
        beside = seen(as_(desk.editor), title="Tin", body="Lời.", place=desk.here.pk, **typed)
        assert said in beside


def test_the_page_has_its_code_and_its_label_or_the_name_of_its_site(desk: Desk) -> None:
    typed: dict[str, Any] = {"title": "Tin", "body": "Lời.", "place": desk.here.pk}
    made, _duration = handed(seen(as_(desk.editor), **typed, **LINK))
    assert (made["link"]["label"], made["link"]["url"]) == ("Xem lịch từng thôn", URL)
    assert len(made["link"]["qr"]) >= 21
    made, _duration = handed(seen(as_(desk.editor), **typed, link_url=URL))
    assert made["link"]["label"] == "phuocthuan.gialai.gov.vn"
    assert handed(seen(as_(desk.editor), **typed))[0]["link"] is None


def test_who_approves_sees_the_link_that_goes_out(desk: Desk) -> None:
    bulletin = desk.written()
    desk.edit(bulletin, 1, link_url=URL, link_label="Xem lịch")
    desk.waiting(bulletin)
    version = queries.newest(bulletin)
    assert version.review is not None
    review = words(as_(desk.approver).get(reverse("review:detail", args=[version.review.pk])))
    assert URL in review
    page = version.variants.get(channel="board").page
    assert page is not None
    with default_storage.open(page.path) as kept:
        assert json.loads(kept.read())["link"]["url"] == URL


def test_where_nothing_shows_it_the_page_does_not_ask_and_the_link_stays(desk: Desk, settings: Any) -> None:
    client = as_(desk.editor)
    bulletin = written(client, desk)
    settings.NGUON_CHANNELS = ["nguon.channels.speaker.Speaker"]
    channels.status.cache_clear()
    try:
        edit = reverse("newsroom:edit", args=[bulletin.pk])
        alone = words(client.get(edit))
        assert "link_url" not in alone
        assert "Không đọc lên loa." in alone
        assert "hiện trên" not in alone
        client.post(edit, form(desk, body="Lời mới.", seen="1"))
    finally:
        channels.status.cache_clear()
    newest = queries.newest(bulletin)
    assert (newest.number, newest.link_url) == (2, URL)


def test_the_fields_say_that_they_are_seen_as_well(desk: Desk) -> None:
    page = words(as_(desk.editor).get(reverse("newsroom:new")))
    assert "hiện dòng này to nhất, loa không đọc." in page
    assert "Nội dung đọc lên loa và hiện trên bảng tin" in page
    assert "Không đọc lên loa." not in page
