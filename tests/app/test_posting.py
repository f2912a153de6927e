"""Posting bulletins on sites: who, when, what is corrected, what comes down, and that it is what was approved."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from nguon.channels.site import document, service
from nguon.journal.models import Entry
from nguon.newsroom import actions as newsroom
from nguon.newsroom import queries as bulletins
from nguon.newsroom import showing
from nguon.people.scope import Forbidden
from nguon.portal import posting, posting_queries, queries
from nguon.portal.models import Posting, Site, Stood
from nguon.portal.posting import PostingRefused
from nguon.portal.posting_queries import Standing
from nguon.review import actions as reviews
from tests.app import desk as desks
from tests.app.desk import Desk, make_desk
from tests.app.postings import as_, site, up

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def here(desk: Desk) -> Site:
    return site(desk.here, "phuoc-thuan", desk.now)


@pytest.fixture
def there(desk: Desk) -> Site:
    return site(desk.there, "phuoc-son", desk.now)


@pytest.fixture
def district(desk: Desk) -> Any:
    """An editor of the whole district."""
    return desks.person("huyen", "Đinh Huyện", desk.root, "editor", "approver")


def from_above(desk: Desk, district: Any) -> Any:
    """A bulletin of the district, approved by two of its people."""
    bulletin = desk.written(district, place_id=desk.root.pk)
    desk.heard(bulletin)
    newsroom.submit(bulletin=bulletin, seen=1, actor=district, now=desk.now)
    review = bulletins.newest(bulletin).review
    assert review is not None
    hashes = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    leader = desks.person("lanh-dao", "Võ Lãnh", desk.root, "approver")
    reviews.approve(review=review, actor=leader, now=desk.now, **hashes)
    return bulletin


def corrected(desk: Desk, bulletin: Any) -> Any:
    """The same bulletin with an approved second version."""
    desk.edit(bulletin, 1, title="Lịch cắt điện ngày 26/11")
    return desk.approved(bulletin)


def read(path: str) -> tuple[int, str]:
    page = Client().get(path)
    return page.status_code, page.text


def test_an_approved_bulletin_goes_up_and_is_read_word_for_word_as_it_was_approved(desk: Desk, here: Site) -> None:
    bulletin = desk.waiting()
    kept = showing.kept(bulletins.newest(bulletin))["site"]  # made when it was handed in: what the approver sees
    review = bulletins.newest(bulletin).review
    assert review is not None
    hashes = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    reviews.approve(review=review, actor=desk.approver, now=desk.now, **hashes)
    made = up(desk, here, bulletin)
    assert made.page == kept
    assert made.slug == "lich-cat-dien-ngay-25-11"
    with default_storage.open(kept.path) as source:
        shown = document.read(source.read())
    code, page = read("/trang/phuoc-thuan/tin/lich-cat-dien-ngay-25-11")
    assert code == 200
    assert kept.sha256 in page
    assert all(words in page for words in shown.text)
    assert shown.text[0] == "UBND XÃ PHƯỚC THUẬN"


def test_what_stands_on_a_site_is_never_made_anew(desk: Desk, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made = up(desk, here)
    monkeypatch.setattr(document, "document", lambda _wording: pytest.fail("made anew"))
    type(made.version).objects.filter(pk=made.version_id).update(body="nội dung bị sửa sau lưng")
    _code, page = read(f"/trang/phuoc-thuan/tin/{made.slug}")
    article = page.partition("<article")[2].partition("</article>")[0]
    assert "Điện lực Tuy Phước" in article
    assert "bị sửa" not in article


@pytest.mark.parametrize("how", ["written", "heard", "waiting"])
def test_what_is_not_approved_is_refused_in_words(desk: Desk, here: Site, how: str) -> None:
    with pytest.raises(PostingRefused, match="chưa được duyệt nên chưa đăng"):
        up(desk, here, getattr(desk, how)())
    assert not Posting.objects.exists()


def test_what_is_withdrawn_or_over_is_refused(desk: Desk, here: Site) -> None:
    bulletin = desk.approved(valid_to=desks.in_hours(desk, 1))
    with pytest.raises(PostingRefused, match="hết hạn"):
        up(desk, here, bulletin, now=desks.in_hours(desk, 2))
    newsroom.withdraw(bulletin=bulletin, reason="đã hết cắt điện", actor=desk.editor, now=desk.now)
    with pytest.raises(PostingRefused, match="đã rút"):
        up(desk, here, bulletin)


def test_a_time_of_its_own_for_each_site(desk: Desk, here: Site, there: Site, district: Any) -> None:
    one, two = desks.in_hours(desk, 1), desks.in_hours(desk, 2)
    bulletin = from_above(desk, district)
    posting.post(bulletin=bulletin, sites={here: one, there: two}, actor=district, now=desk.now)
    assert not queries.up(here, desk.now).exists()
    assert queries.up(here, one).exists()
    assert not queries.up(there, one).exists()
    assert queries.up(there, two).exists()
    assert read("/trang/phuoc-thuan/tin/lich-cat-dien-ngay-25-11")[0] == 404, "its time has not come"


@pytest.mark.parametrize(
    ("hours", "until", "words"),
    [(-1, None, "Giờ đăng đã qua"), (24 * 400, None, "quá xa"), (5, 4, "Hạn đăng phải sau"), (0, -1, "Hạn đăng phải")],
)
def test_times_that_do_not_fit_are_refused(
    desk: Desk, here: Site, hours: float, until: float | None, words: str
) -> None:
    end = None if until is None else desks.in_hours(desk, until)
    with pytest.raises(PostingRefused, match=words):
        up(desk, here, at=desks.in_hours(desk, hours), until=end)


def test_it_comes_down_when_its_time_or_its_bulletin_is_over(desk: Desk, here: Site) -> None:
    up(desk, here, desk.approved(valid_to=desks.in_hours(desk, 9)), until=desks.in_hours(desk, 3))
    assert queries.up(here, desks.in_hours(desk, 2)).exists()
    assert not queries.up(here, desks.in_hours(desk, 4)).exists()
    Posting.objects.update(until=None)
    assert queries.up(here, desks.in_hours(desk, 4)).exists()
    assert not queries.up(here, desks.in_hours(desk, 10)).exists()


def test_a_commune_posts_what_is_above_it_on_its_own_site_and_nowhere_else(
    desk: Desk, here: Site, there: Site, district: Any
) -> None:
    bulletin = from_above(desk, district)
    posting.post(bulletin=bulletin, sites={here: None}, actor=desk.editor, now=desk.now)
    with pytest.raises(Forbidden):
        posting.post(bulletin=bulletin, sites={there: None}, actor=desk.editor, now=desk.now)
    neighbours = desks.person("web", "Hồ Láng", desk.there, "web")
    with pytest.raises(Forbidden):
        posting.post(bulletin=desk.approved(), sites={there: None}, actor=neighbours, now=desk.now)
    with pytest.raises(Forbidden):
        posting.post(bulletin=bulletin, sites={here: None}, actor=desk.watcher, now=desk.now)
    posting.post(bulletin=bulletin, sites={there: None}, actor=neighbours, now=desk.now)
    assert Posting.objects.count() == 2


def test_all_of_the_sites_or_none(desk: Desk, here: Site, there: Site, district: Any) -> None:
    bulletin = from_above(desk, district)
    posting.post(bulletin=bulletin, sites={there: None}, actor=district, now=desk.now)
    with pytest.raises(PostingRefused, match="đã có tin này"):
        posting.post(bulletin=bulletin, sites={here: None, there: None}, actor=district, now=desk.now)
    assert Posting.objects.count() == 1


def test_two_of_one_title_have_two_addresses(desk: Desk, here: Site) -> None:
    one, two = up(desk, here), up(desk, here)
    assert {one.slug, two.slug} == {"lich-cat-dien-ngay-25-11", "lich-cat-dien-ngay-25-11-2"}


def test_withdrawn_says_so_at_its_address_and_may_be_posted_again(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    made = up(desk, here, bulletin)
    with pytest.raises(PostingRefused, match="lý do"):
        posting.withdraw(posting=made, why="  ", actor=desk.editor, now=desk.now)
    with pytest.raises(Forbidden):
        posting.withdraw(posting=made, why="thử", actor=desk.neighbour, now=desk.now)
    posting.withdraw(posting=made, why="nhầm ngày", actor=desk.editor, now=desk.now)
    code, page = read(f"/trang/phuoc-thuan/tin/{made.slug}")
    assert code == 410
    assert "nhầm ngày" not in page, "why is for officers"
    again = up(desk, here, bulletin)
    assert again.slug != made.slug
    assert read(f"/trang/phuoc-thuan/tin/{again.slug}")[0] == 200


def test_a_withdrawn_bulletin_is_gone_from_every_site_at_once(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    made = up(desk, here, bulletin)
    posting.looked_at(posting=made, page=made.page_id or "", why="", now=desk.now)
    newsroom.withdraw(bulletin=bulletin, reason="sai", actor=desk.editor, now=desk.now)
    assert read(f"/trang/phuoc-thuan/tin/{made.slug}")[0] == 410


def test_a_correction_keeps_what_stood_there(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    made = up(desk, here, bulletin)
    old, later = made.page_id, desk.now + timedelta(minutes=1)
    corrected(desk, bulletin)
    posting.correct(posting=made, actor=desk.editor, now=later)
    made.refresh_from_db()
    stood = Stood.objects.get()
    assert (stood.page_id, stood.from_at, stood.until_at) == (old, desk.now, later)
    assert made.page_id != old
    assert made.slug == "lich-cat-dien-ngay-25-11", "its address stays"
    _code, page = read(f"/trang/phuoc-thuan/tin/{made.slug}")
    assert "Lịch cắt điện ngày 26/11" in page
    assert f"Đính chính lúc {timezone.localtime(later):%H:%M, %d/%m/%Y}" in page
    with pytest.raises(PostingRefused, match="bản mới nhất"):
        posting.correct(posting=made, actor=desk.editor, now=later)


def test_what_nobody_saw_is_replaced_without_a_word(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    made = up(desk, here, bulletin, at=desks.in_hours(desk, 1))
    corrected(desk, bulletin)
    posting.correct(posting=made, actor=desk.editor, now=desk.now)
    made.refresh_from_db()
    assert made.corrected_at is None
    assert not Stood.objects.exists()


def test_what_is_being_corrected_stays_up_and_what_never_came_up_waits(desk: Desk, here: Site) -> None:
    seen, waiting = desk.approved(), desk.approved()
    shown = up(desk, here, seen)
    posting.looked_at(posting=shown, page=shown.page_id or "", why="", now=desk.now)
    up(desk, here, waiting, at=desks.in_hours(desk, 1))
    for bulletin in (seen, waiting):
        desk.edit(bulletin, 1, title="Đang sửa")
    later = desks.in_hours(desk, 2)
    assert [one.bulletin_id for one in queries.up(here, later)] == [seen.pk]
    standing = {one.posting.bulletin_id: one.standing for one in told(desk, here, later)}
    assert standing == {seen.pk: Standing.UP, waiting.pk: Standing.HELD}


def told(desk: Desk, here: Site, now: Any) -> list[posting_queries.Posted]:
    return posting_queries.told(desk.editor, posting_queries.of_site(here, now=now), now)


def test_the_filters_and_the_states_say_the_same(desk: Desk, here: Site) -> None:
    now = desks.in_hours(desk, 5)
    up(desk, here)
    up(desk, here, at=desks.in_hours(desk, 6))
    up(desk, here, until=desks.in_hours(desk, 1))
    posting.withdraw(posting=up(desk, here), why="sai", actor=desk.editor, now=desk.now)
    held = desk.approved()
    up(desk, here, held, at=desks.in_hours(desk, 1))
    desk.edit(held, 1, title="Đang sửa")
    for standing in Standing:
        found = posting_queries.of_site(here, standing=standing, now=now)
        assert [one.standing for one in posting_queries.told(desk.editor, found, now)] == [standing]


def test_the_receipt_is_of_the_article_that_was_looked_for(desk: Desk, here: Site) -> None:
    made = up(desk, here)
    posting.looked_at(posting=made, page="0" * 64, why="", now=desk.now)
    made.refresh_from_db()
    assert made.seen_at is None
    posting.looked_at(posting=made, page=made.page_id or "", why="status-500", now=desk.now)
    posting.looked_at(posting=made, page=made.page_id or "", why="", now=desk.now)
    assert Posting.objects.filter(pk=made.pk, seen_at=desk.now, failed_why="").exists()


def test_every_verb_is_in_the_journal(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    made = up(desk, here, bulletin)
    corrected(desk, bulletin)
    posting.correct(posting=made, actor=desk.editor, now=desk.now)
    posting.withdraw(posting=made, why="sai", actor=desk.editor, now=desk.now)
    verbs = Entry.objects.filter(subject=f"portal.posting:{made.pk.hex}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["portal.post", "portal.correct", "portal.withdraw"]


def test_it_is_heard_as_it_was_approved_and_only_while_it_is_up(desk: Desk, here: Site) -> None:
    made = up(desk, here)
    sound = made.sound
    assert sound is not None
    assert sound.file is not None
    default_storage.save(sound.file.path, bytes_of(sound.file.size))
    path = f"/trang/phuoc-thuan/tin/{made.slug}/nghe"
    part = Client().get(path, headers={"range": "bytes=0-9"})
    assert part.status_code == 206
    assert part.getvalue() == b"x" * 10
    assert part.headers["Cache-Control"] == "private, max-age=300"
    posting.withdraw(posting=made, why="sai", actor=desk.editor, now=desk.now)
    assert Client().get(path).status_code == 404


def bytes_of(size: int) -> Any:
    return ContentFile(b"x" * size)


def test_the_pages_of_the_office(desk: Desk, here: Site, there: Site, district: Any) -> None:
    bulletin = from_above(desk, district)
    client = as_(desk.editor)
    assert bulletins.newest(bulletin).title in client.get("/trang-xa/tin/?cho").text
    form = client.get(f"/trang-xa/dang/{bulletin.pk}").text
    assert f"site-{here.pk.hex}" in form
    assert f"site-{there.pk.hex}" not in form
    sent = client.post(f"/trang-xa/dang/{bulletin.pk}", {"when": "now", f"site-{here.pk.hex}": "on"}, follow=True)
    assert "Đã đăng lên 1 trang." in sent.text
    listed = client.get("/trang-xa/tin/?trang=phuoc-thuan").text
    assert "Đang đăng" in listed
    made = Posting.objects.get()
    out = client.post(f"/trang-xa/tin/{made.pk}/go", {"why": "sai giờ"}, follow=True)
    assert "Đã gỡ tin khỏi trang." in out.text
    assert as_(desk.watcher).get(f"/trang-xa/dang/{bulletin.pk}").status_code == 404
    assert as_(desk.neighbour).post(f"/trang-xa/tin/{made.pk}/go", {"why": "x"}).status_code == 404
    assert as_(desk.neighbour).get("/trang-xa/tin/?trang=phuoc-thuan").status_code == 404


def test_a_form_that_is_refused_keeps_what_was_typed(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    client = as_(desk.editor)
    typed = {"when": "later", "at": "", "until": "2027-01-01T08:00", f"site-{here.pk.hex}": "on"}
    page = client.post(f"/trang-xa/dang/{bulletin.pk}", typed)
    assert page.status_code == 422
    assert "Hãy chọn giờ đăng." in page.text
    assert "2027-01-01T08:00" in page.text
    page = client.post(f"/trang-xa/dang/{bulletin.pk}", {"when": "now"})
    assert "Chưa chọn trang nào để đăng." in page.text
    page = client.post(f"/trang-xa/dang/{bulletin.pk}", {**typed, "at": "2020-01-01T08:00"})
    assert "Giờ đăng đã qua" in page.text


def test_the_page_of_a_bulletin_says_where_it_stands(desk: Desk, here: Site) -> None:
    bulletin = desk.approved()
    client = as_(desk.editor)
    assert f"/trang-xa/dang/{bulletin.pk}/o-dau" in client.get(f"/ban-tin/{bulletin.pk}").text
    piece = f"/trang-xa/dang/{bulletin.pk}/o-dau"
    assert "Chưa đăng lên trang nào." in client.get(piece).text
    up(desk, here, bulletin)
    assert "Xã Phước Thuận" in client.get(piece).text
    assert "Thay bằng bản mới" not in client.get(piece).text
    corrected(desk, bulletin)
    assert "Thay bằng bản mới" in client.get(piece).text
    assert as_(desk.neighbour).get(piece).status_code == 404


def test_without_a_site_the_page_of_a_bulletin_says_nothing_of_them(desk: Desk) -> None:
    bulletin = desk.approved()
    assert as_(desk.editor).get(f"/trang-xa/dang/{bulletin.pk}/o-dau").text.strip() == ""


def test_the_article_is_the_same_bytes_for_the_same_words(desk: Desk) -> None:
    version = bulletins.newest(desk.written())
    one, two = (document.document(showing.wording(version)) for _ in range(2))
    assert one == two
    assert json.loads(one)["title"] == version.title


def test_what_is_never_right_keeps_no_other_from_its_receipt(
    desk: Desk, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    both = {up(desk, here), up(desk, here)}
    (first,) = service._due(frozenset())
    assert service._due(frozenset([first.pk])) == list(both - {first})
