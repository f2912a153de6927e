"""The pages of newsroom, review and programme: what they show, what they refuse, and to whom they do not exist."""

import unicodedata
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from nguon.delivery.models import Broadcast, Delivery
from nguon.kit import clock
from nguon.media.models import State as Rendering
from nguon.newsroom import actions, queries
from nguon.newsroom.models import Bulletin, Version
from nguon.people.models import Person
from nguon.review import actions as reviews
from nguon.review.models import Review
from tests.app.desk import NOTICE, Desk, device, make_desk, sounding

pytestmark = pytest.mark.django_db
TWO_DAYS_ON = clock.today() + timedelta(days=2)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form(desk: Desk, **changes: Any) -> dict[str, Any]:
    typed = {
        "title": "Lịch cắt điện ngày 25/11",
        "body": NOTICE,
        "how": "speech",
        "voice": "",
        "rate": "210",
        "place": desk.here.pk,
        "office": "",
        "category": "local",
        "priority": "ordinary",
        "language": "vi",
        "valid_from": "",
        "valid_to": "",
        "seen": "0",
        "do": "save",
    }
    return typed | changes


def words(response: Any) -> str:
    return unicodedata.normalize("NFC", response.content.decode())


def test_the_list_is_empty_then_full_and_filtered(desk: Desk) -> None:
    page = reverse("newsroom:list")
    assert "Chưa có bản tin nào" in words(as_(desk.editor).get(page))
    desk.waiting()
    assert "Lịch cắt điện ngày 25/11" in words(as_(desk.editor).get(page))
    assert "Chờ duyệt" in words(as_(desk.editor).get(page, {"state": "waiting", "q": "dien luc"}))
    assert "Không có bản tin nào khớp" in words(as_(desk.editor).get(page, {"q": "xổ số"}))
    assert as_(desk.editor).get(page, {"state": "<nonsense>", "page": "x", "q": "\x00"}).status_code == 200
    assert "Lịch cắt điện" not in words(as_(desk.neighbour).get(page))


def test_a_notice_is_pasted_saved_and_edited(desk: Desk) -> None:
    client = as_(desk.editor)
    response = client.post(reverse("newsroom:new"), form(desk, body=unicodedata.normalize("NFD", NOTICE)))
    bulletin = Bulletin.objects.get()
    assert response.headers["Location"] == reverse("newsroom:detail", args=[bulletin.pk])
    assert queries.newest(bulletin).body == NOTICE
    edit = reverse("newsroom:edit", args=[bulletin.pk])
    assert "Điện lực Tuy Phước" in words(client.get(edit))
    client.post(edit, form(desk, body=NOTICE + "\nHết.", seen="1"))
    assert queries.newest(bulletin).number == 2
    assert "phiên bản 1" in words(client.get(reverse("newsroom:detail", args=[bulletin.pk]))).lower()
    old = words(client.get(reverse("newsroom:version", args=[bulletin.pk, 1])))
    assert "<ins>" in old
    assert client.get(reverse("newsroom:version", args=[bulletin.pk, 9])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Hãy đặt tên"),
        ({"body": ""}, "Chưa có nội dung"),
        ({"body": "\x00\x07"}, "Chưa có nội dung"),
        ({"body": "?! …"}, "chưa có chữ nào đọc được"),
        ({"body": "chữ " * 262_144}, "nhiều nhất là 30.000"),
        ({"valid_to": "2020-01-01T08:00"}, "đã qua"),
        ({"valid_to": "hôm qua"}, "Hết hiệu lực"),
        ({"valid_from": "0001-01-01T00:00"}, "Có hiệu lực từ"),
        ({"priority": "emergency"}, "Loại tin"),
        ({"how": "sound"}, "Chưa có âm thanh"),
        ({"place": str(uuid4())}, "Đơn vị ban hành"),
    ],
)
@pytest.mark.parametrize("script", [True, False])
def test_a_refused_form_says_why_and_loses_nothing(
    desk: Desk, changes: dict[str, str], said: str, script: bool
) -> None:
    headers = {"HX-Request": "true"} if script else {}
    response = as_(desk.editor).post(reverse("newsroom:new"), form(desk, **changes), headers=headers)
    assert response.status_code == 422
    assert said in words(response)
    assert not Bulletin.objects.exists()
    if script:
        assert response.headers["HX-Retarget"] == "#refused"
    elif "title" not in changes:
        assert "Lịch cắt điện ngày 25/11" in words(response)


def test_two_editors_are_shown_both_texts(desk: Desk) -> None:
    bulletin = desk.written()
    desk.edit(bulletin, 1, actor=desk.both, title="Bản của Chánh")
    edit = reverse("newsroom:edit", args=[bulletin.pk])
    mine = form(desk, title="Bản của Hoa", seen="1")
    response = as_(desk.editor).post(edit, mine)
    assert response.status_code == 422
    shown = words(response)
    assert "Lê Chánh đã lưu phiên bản 2" in shown
    assert "Bản của Hoa" in shown
    assert "Chánh" in shown
    assert 'name="seen" value="2"' in shown
    fragment = as_(desk.editor).post(edit, mine, headers={"HX-Request": "true"})
    assert 'name="seen" value="2"' in words(fragment)
    as_(desk.editor).post(edit, mine | {"seen": "2"})
    titles = Version.objects.filter(bulletin=bulletin).values_list("title", flat=True)
    assert set(titles) == {"Lịch cắt điện ngày 25/11", "Bản của Chánh", "Bản của Hoa"}


def test_the_page_of_a_bulletin_offers_what_may_be_done(desk: Desk) -> None:
    bulletin = desk.written()
    page = reverse("newsroom:detail", args=[bulletin.pk])
    assert "Nghe thử" in words(as_(desk.editor).get(page))
    sounding(queries.newest(bulletin), desk.now, Rendering.WORKING)
    hear = reverse("newsroom:hear", args=[bulletin.pk])
    assert "every 1s" in words(as_(desk.editor).get(hear))
    desk.heard(bulletin)
    assert "Gửi duyệt bản vừa nghe" in words(as_(desk.editor).get(hear))
    assert "every 1s" not in words(as_(desk.editor).get(hear))
    assert "Gửi duyệt bản vừa nghe" not in words(as_(desk.watcher).get(page))
    as_(desk.editor).post(reverse("newsroom:submit", args=[bulletin.pk]), {"seen": "1"})
    assert desk.state(bulletin) == "waiting"
    assert "Nghe và duyệt" in words(as_(desk.approver).get(page))
    assert "Nghe và duyệt" not in words(as_(desk.editor).get(page))


def test_a_failed_rendering_says_why_and_offers_another_try(desk: Desk) -> None:
    bulletin = desk.written()
    made = sounding(queries.newest(bulletin), desk.now, Rendering.FAILED)
    made.error = "Tệp này không phải âm thanh."
    made.save(update_fields=["error"])
    page = words(as_(desk.editor).get(reverse("newsroom:detail", args=[bulletin.pk])))
    assert "Tệp này không phải âm thanh." in page
    assert "Thử lại" in page


def test_submitting_nonsense_is_refused_in_words(desk: Desk) -> None:
    bulletin = desk.heard()
    submit = reverse("newsroom:submit", args=[bulletin.pk])
    for seen in ("", "x", "-1", "2", "9" * 30):
        response = as_(desk.editor).post(submit, {"seen": seen}, follow=True)
        assert "đã lưu phiên bản" in words(response)
    assert not Review.objects.exists()


def test_an_approver_hears_and_approves(desk: Desk) -> None:
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    client = as_(desk.approver)
    assert "Lịch cắt điện" in words(client.get(reverse("review:list")))
    page = words(client.get(reverse("review:detail", args=[review.pk])))
    assert review.text_hash in page
    assert review.media_hash in page
    assert "Điện lực Tuy Phước" in page
    approve = reverse("review:approve", args=[review.pk])
    response = client.post(approve, {"text_hash": review.text_hash, "media_hash": "0" * 64}, follow=True)
    assert "Bản tin đã đổi sau khi bạn mở trang. Hãy nghe lại." in words(response)
    client.post(approve, {"text_hash": review.text_hash, "media_hash": review.media_hash})
    assert desk.state(bulletin) == "approved"


def test_an_approver_returns_with_tapped_and_typed_reasons(desk: Desk) -> None:
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    back = reverse("review:return", args=[review.pk])
    assert "Hãy ghi lý do" in words(as_(desk.approver).post(back, {"ready": ["99"]}, follow=True))
    as_(desk.approver).post(back, {"ready": ["0", "2"], "words": "Xem lại giờ kết thúc."})
    review.refresh_from_db()
    assert review.reason == "Sai thời gian hoặc địa điểm. Dài quá, cần rút gọn. Xem lại giờ kết thúc"
    assert review.reason in words(as_(desk.editor).get(reverse("newsroom:detail", args=[bulletin.pk])))


def test_whoever_wrote_it_sees_no_button_to_approve(desk: Desk) -> None:
    bulletin = desk.heard(desk.written(actor=desk.both))
    review = actions.submit(bulletin=bulletin, seen=1, actor=desk.both, now=desk.now)
    page = words(as_(desk.both).get(reverse("review:detail", args=[review.pk])))
    assert "không thể tự duyệt" in page
    assert reverse("review:approve", args=[review.pk]) not in page
    hashes = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    refused = as_(desk.both).post(reverse("review:approve", args=[review.pk]), hashes, follow=True)
    assert "không thể tự duyệt" in words(refused)
    assert desk.state(bulletin) == "waiting"


def test_the_approver_of_a_corrected_text_sees_the_change(desk: Desk) -> None:
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    reviews.return_(review=review, reason="Sai giờ", actor=desk.approver, now=desk.now)
    desk.edit(bulletin, 1, body=NOTICE.replace("11 giờ 30", "10 giờ 30"))
    fresh = queries.newest(desk.waiting(bulletin)).review
    assert fresh is not None
    page = words(as_(desk.approver).get(reverse("review:detail", args=[fresh.pk])))
    assert "<del>11 </del>" in page
    assert "<ins>10 </ins>" in page
    assert "Sai giờ" in page


def test_a_bulletin_is_placed_after_one_sentence(desk: Desk) -> None:
    first = device("Cụm Quảng Vân", desk.one, desk.now)
    second = device("Cụm Lộc Hạ", desk.two, desk.now, online=False)
    bulletin = desk.approved()
    client, page = as_(desk.editor), reverse("programme:place", args=[bulletin.pk])
    shown = words(client.get(page))
    assert "thôn Quảng Vân" in shown
    assert "Kỳ Sơn" not in shown
    typed = {"place": [desk.one.pk, desk.two.pk], "when": "now", "expires_at": TWO_DAYS_ON.strftime("%Y-%m-%dT17:00")}
    preview = words(client.post(reverse("programme:reach", args=[bulletin.pk]), typed))
    until = TWO_DAYS_ON.strftime("17:00 %d/%m/%Y")
    assert f"Phát ngay tới 2 cụm loa ở thôn Quảng Vân và thôn Lộc Hạ, hạn đến {until}." in preview
    assert "1 thiết bị đang mất kết nối: Cụm Lộc Hạ" in preview
    response = client.post(page, typed)
    made = Broadcast.objects.get()
    assert response.headers["Location"] == reverse("delivery:detail", args=[made.pk])
    Delivery.objects.create(broadcast=made, device=first, progress="finished", changed_at=desk.now)
    Delivery.objects.create(broadcast=made, device=second, changed_at=desk.now)
    listed = words(client.get(reverse("programme:broadcasts", args=[bulletin.pk])))
    assert str(made.pk) in listed
    assert "1 trên 2 thiết bị đã phát xong" in listed
    client.post(reverse("programme:withdraw", args=[bulletin.pk]), {"reason": "Điện lực đổi lịch"})
    made.refresh_from_db()
    assert (made.state, desk.state(bulletin)) == ("stopped", "withdrawn")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Chưa chọn nơi phát"),
        ({"place": ["nonsense"]}, "không hợp lệ"),
        ({"place": [str(uuid4())]}, "không có quyền"),
        ({"place": "two"}, "Chưa có thiết bị nào đang dùng ở: thôn Lộc Hạ"),
        ({"place": "one", "when": "later"}, "Hãy chọn giờ phát"),
        ({"place": "one", "when": "later", "start_at": "2020-01-01T08:00"}, "đã qua"),
        ({"place": "one", "expires_at": "2020-01-01T08:00"}, "phải sau"),
        ({"place": "one", "expires_at": ""}, "Hạn phát"),
    ],
)
def test_a_refused_placing_says_why(desk: Desk, typed: dict[str, Any], said: str) -> None:
    device("Cụm Quảng Vân", desk.one, desk.now)
    bulletin = desk.approved()
    named = {"one": desk.one.pk, "two": desk.two.pk}
    sent = {"when": "now", "expires_at": TWO_DAYS_ON.strftime("%Y-%m-%dT17:00")} | typed
    if isinstance(sent.get("place"), str):
        sent["place"] = named[sent["place"]]
    response = as_(desk.editor).post(reverse("programme:place", args=[bulletin.pk]), sent)
    assert response.status_code == 422
    assert said in words(response)
    assert not Broadcast.objects.exists()


def test_what_is_not_approved_has_no_broadcast_form(desk: Desk) -> None:
    bulletin = desk.waiting()
    response = as_(desk.editor).get(reverse("programme:place", args=[bulletin.pk]), follow=True)
    assert "chưa được duyệt" in words(response)


def addresses(desk: Desk) -> list[tuple[str, str]]:
    """Every address of the three rooms about one bulletin of this commune, with its method."""
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    on_it = [("get", f"newsroom:{name}") for name in ("detail", "edit", "hear")]
    on_it += [("post", f"newsroom:{name}") for name in ("edit", "hear", "submit")]
    on_it += [("get", "programme:place"), ("get", "programme:broadcasts")]
    on_it += [("post", f"programme:{name}") for name in ("place", "reach", "withdraw", "stop-outdated")]
    found = [(method, reverse(name, args=[bulletin.pk])) for method, name in on_it]
    found += [("get", reverse("newsroom:version", args=[bulletin.pk, 1]))]
    found += [("get", reverse("review:detail", args=[review.pk]))]
    return found + [("post", reverse(f"review:{name}", args=[review.pk])) for name in ("approve", "return")]


def test_to_a_neighbour_and_a_stranger_nothing_of_it_exists(desk: Desk) -> None:
    for person in (desk.neighbour, desk.stranger):
        client = as_(person)
        for method, address in addresses(desk):
            assert getattr(client, method)(address).status_code == 404, address


def test_a_watcher_looks_and_touches_nothing(desk: Desk) -> None:
    client, found = as_(desk.watcher), addresses(desk)
    before = list(Bulletin.objects.values()), list(Review.objects.values())
    for method, address in found:
        looks = method == "get" and not any(part in address for part in ("/sua", "/phat", "/duyet/"))
        assert getattr(client, method)(address).status_code == (200 if looks else 404), address
    assert before == (list(Bulletin.objects.values()), list(Review.objects.values()))
    assert client.get(reverse("newsroom:new")).status_code == 403


def test_who_has_not_signed_in_is_sent_to_the_door(desk: Desk) -> None:
    for method, address in addresses(desk):
        response = getattr(Client(), method)(address)
        assert (response.status_code, reverse("people:sign-in") in response.headers["Location"]) == (302, True)
