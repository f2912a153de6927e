"""The pages of a site as its readers have them: what stands there, what is found, what is not shown to anybody."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from nguon.channels.site.searching import search, understood
from nguon.config import reform
from nguon.config.demo.load import paper
from nguon.newsroom.models import Bulletin
from nguon.portal.models import Edition, Posting, Section, Site
from nguon.review.models import Review, State
from tests.app import district, sited
from tests.app.district import NOW
from tests.app.sited import Hands

pytestmark = pytest.mark.django_db
AT = "/trang/phuoc-thuan"


@pytest.fixture
def site() -> Site:
    district.stand()
    return sited.open_site(district.place("21982"), NOW)


@pytest.fixture
def by(site: Site) -> Hands:
    return sited.hands(NOW)


@pytest.fixture
def full(site: Site, by: Hands) -> Site:
    sited.fill(site, by)
    return site


@pytest.fixture(autouse=True)
def _at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


def text(path: str = "/", status: int = 200) -> str:
    answer = Client().get(AT + path)
    assert answer.status_code == status, answer
    return answer.text


def test_an_empty_site_says_so_and_shows_no_empty_section(site: Site) -> None:
    page = text()
    assert "Chưa có tin nào trên trang này." in page
    assert "Khoa học, đời sống" not in page
    assert "Thủ tục hành chính" in page


def test_the_front_page_has_the_newest_first_by_field_with_office_and_papers(full: Site) -> None:
    page = text()
    assert page.count(sited.ARTICLES[0][0]) == 1, "no article stands there twice"
    titles = [re.search(re.escape(title), page) for title, *_ in sited.ARTICLES[:3]]
    places = [found.start() for found in titles if found]
    assert places == sorted(places)
    assert len(places) == 3
    assert page.index("Phát động toàn dân") < page.index("/muc/tin-tuc/", page.index("<main"))
    assert "7 giờ 30 – 11 giờ 30" in page
    assert "Quyết định phê duyệt kế hoạch phòng chống thiên tai" in page
    assert 'itemtype="https://schema.org/NewsArticle"' in page


def test_an_article_has_what_was_approved_its_issuer_and_its_card(full: Site) -> None:
    posting = Posting.objects.get(version__title=sited.ARTICLES[0][0])
    page = text(f"/tin/{posting.slug}")
    assert "Mỗi hộ cử ít nhất một người" in page
    assert "Văn hóa, Thông tin" in page or str(posting.bulletin.office) in page
    assert f'<meta property="og:title" content="{posting.version.title}">' in page
    card = re.search(r'og:image" content="(http://testserver)([^"]+)"', page)
    assert card
    assert Client().get(card[2]).headers["Content-Type"] == "image/webp"
    assert "Tin liên quan" in page
    assert "Đính chính" not in page
    Posting.objects.update(corrected_at=NOW)
    assert "Đính chính lúc" in text(f"/tin/{posting.slug}")


def test_what_is_not_up_yet_is_not_there_and_what_was_taken_down_is_gone(site: Site, by: Hands) -> None:
    later = sited.post(site, by, "Tin ngày mai", at=NOW + timedelta(days=1))
    over = sited.post(site, by, "Tin đã gỡ", photo=1)
    shown = f"/anh/{over.version.pictures.get().file_id}"
    assert Client().get(AT + shown).status_code == 200
    Posting.objects.filter(pk=over.pk).update(withdrawn_at=NOW, withdrawn_by=by.author)
    assert "Không có trang này" in text(f"/tin/{later.slug}", 404)
    gone = text(f"/tin/{over.slug}", 410)
    assert "Tin này đã được gỡ" in gone
    assert "<h1>Tin đã gỡ" not in gone
    assert Client().get(AT + shown).status_code == 404
    assert "Tin ngày mai" not in text() + text("/tin-bai/") + text("/tim/?q=tin")


def test_pictures_of_others_are_of_nobody(full: Site, by: Hands) -> None:
    other = sited.open_site(district.place("21973"), NOW, slug="khac")
    mine = Posting.objects.filter(version__pictures__isnull=False).first()
    assert mine is not None
    picture = mine.version.pictures.get().file_id
    assert Client().get(f"{AT}/anh/{picture}").status_code == 200
    assert Client().get(f"{AT}/anh/{picture}?nho").status_code == 200
    assert Client().get(f"/trang/{other.slug}/anh/{picture}").status_code == 404
    assert Client().get(f"{AT}/anh/../../secret").status_code == 404


def test_a_long_list_is_turned_page_by_page(site: Site, by: Hands) -> None:
    sited.fill(site, by, times=5)
    first, last = text("/tin-bai/"), text("/tin-bai/?trang=3")
    assert "Trang 1 trên 3" in first
    assert 'href="?trang=2"' in first
    assert "Mới hơn" not in first
    assert "Cũ hơn" not in last
    assert "Trang 3 trên 3" in text("/tin-bai/?trang=999")
    assert "Trang 1 trên 3" in text("/tin-bai/?trang=x")


def test_papers_are_filtered_by_words_and_year_and_opened(full: Site, by: Hands) -> None:
    page = text("/muc/van-ban/")
    assert "Thông báo kết luận họp giao ban tháng 10" in page
    assert "<option>2025</option>" in page
    assert "Thông báo kết luận" not in text("/muc/van-ban/?nam=2026")
    found = text("/muc/van-ban/?tim=thien+tai")
    assert "phòng chống thiên tai" in found
    assert "Thông báo kết luận" not in found
    assert "Không có văn bản nào như vậy" in text("/muc/van-ban/?tim=khong+co&nam=9x")
    file = Client().get(re.findall(r'href="([^"]+/tai-lieu/[^"]+)"', page)[0])
    assert file.headers["Content-Type"] == "application/pdf"
    assert "quyet-dinh.pdf" in file.headers["Content-Disposition"]
    Review.objects.filter(title__startswith="Thông báo kết luận").update(state=State.WITHDRAWN)
    assert "Thông báo kết luận" not in text("/muc/van-ban/")


def test_a_paper_that_is_not_public_cannot_be_opened(full: Site, by: Hands) -> None:
    paper = sited.paper(full, by, "Chờ duyệt", date(2026, 1, 1))
    at = f"{AT}/tai-lieu/{paper.pk}"
    assert Client().get(at).status_code == 200
    Review.objects.filter(title="Chờ duyệt").update(state=State.RETURNED, reason="x")
    assert Client().get(at).status_code == 404


def test_each_kind_of_section_has_its_page(full: Site) -> None:
    assert "Xã Phước Thuận có 9 thôn." in text("/muc/gioi-thieu/")
    assert "Mục này đang được chuẩn bị." in text("/muc/tro-nang/")
    assert Client().get(f"{AT}/muc/thu-tuc/").headers["Location"] == "https://dichvucong.gov.vn"
    assert "Chưa có văn bản nào" in text("/muc/ngan-sach/") or "Dự toán ngân sách" in text("/muc/ngan-sach/")
    assert "Không có trang này" in text("/muc/khong-co/", 404)


@pytest.mark.parametrize("words", ["khoi thong kenh muong", "Khơi thông KÊNH MƯƠNG", "muong khoi", "nguyen van an"])
def test_the_search_finds_words_with_marks_and_without(full: Site, words: str) -> None:
    page = Client().get(f"{AT}/tim/", {"q": words}).text
    assert "Không tìm thấy gì" not in page


def test_the_search_finds_every_word_and_says_what_it_does_not_find(full: Site) -> None:
    assert "Không tìm thấy gì" in Client().get(f"{AT}/tim/", {"q": "kênh mương vắc xin"}).text
    assert "phòng chống thiên tai" in Client().get(f"{AT}/tim/", {"q": "12/QĐ thiên tai"}).text
    assert "&lt;script&gt;" in Client().get(f"{AT}/tim/", {"q": "<script>alert(1)"}).text
    assert "Tìm trên trang này" in text("/tim/")


def test_a_search_asks_for_all_pages_of_a_site_at_once(
    full: Site, by: Hands, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as before:
        assert search(full, "thôn", NOW).sections
    for number in range(8):
        Section.objects.create(site=full, number=50 + number, key=f"bai-{number}", kind="page", title=f"Bài {number}")
        sited.write(full, by, f"bai-{number}", "Đường liên thôn.")
    with django_assert_max_num_queries(len(before)):
        assert len(search(full, "đường liên thôn", NOW).sections) == 8


def test_a_search_reads_the_newest_words_of_a_page_that_were_approved(full: Site, by: Hands) -> None:
    intro = full.sections.get(key="gioi-thieu")
    Edition.objects.filter(section=intro).update(number=0)
    sited.write(full, by, "gioi-thieu", "Xã mới có tám khu.")
    Edition.objects.create(section=intro, number=9, body="Chưa ai duyệt.", created_by=by.author, created_at=NOW)
    assert [one.key for one in search(full, "tám khu", NOW).sections] == ["gioi-thieu"]
    assert search(full, "chưa ai duyệt", NOW).sections == ()
    assert search(full, "ông Nguyễn Văn An", NOW).sections == ()


@pytest.mark.parametrize("size", [1, 5])
def test_no_page_is_larger_than_100_kb_with_its_styles_and_scripts(site: Site, by: Hands, size: int) -> None:
    sited.fill(site, by, times=size)
    slug = Posting.objects.order_by("publish_at").values_list("slug", flat=True)[0]
    for path in ("/", "/tin-bai/", f"/tin/{slug}", "/muc/van-ban/", "/tim/?q=xa", "/so-do/", "/lien-he/"):
        page = text(path)
        others = re.findall(r'(?:<script[^>]*src|<link rel="(?:stylesheet|icon)" href)="([^"]+)"', page)
        assert others
        files = [Path(str(finders.find(one.removeprefix("/static/")))) for one in others]
        weight = len(page.encode()) + sum(file.stat().st_size for file in files)
        assert weight <= 100_000, path


def test_it_is_the_same_for_all_and_asks_nobody_who_they_are(full: Site) -> None:
    reader, officer = Client(), Client()
    officer.force_login(district.person("bt.phuocthuan"))
    for path in ("/", "/tin-bai/", "/muc/van-ban/", "/tim/?q=xa", "/so-do/", "/lien-he/", "/tro-nang/"):
        one, other = reader.get(AT + path), officer.get(AT + path)
        assert one.content == other.content, path
        assert "Cookie" not in one.headers.get("Vary", "")
        assert not other.cookies
        assert one.headers["Cache-Control"].startswith("public")


def test_on_a_host_of_its_own_no_address_leads_below_the_server(full: Site) -> None:
    Site.objects.update(host="phuocthuan.example")
    cache.clear()
    page = Client(headers={"host": "phuocthuan.example"}).get("/").text
    assert "/trang/" not in page
    assert 'content="http://phuocthuan.example/"' in page


def test_the_menu_marks_where_one_is(full: Site) -> None:
    page = text("/muc/gioi-thieu/")
    assert f'<a href="{AT}/muc/gioi-thieu/" aria-current="page">' in page
    assert page.count('aria-current="page"') == 2  # in the row and in the list of all
    Section.objects.filter(key="gioi-thieu").update(shown=False)
    assert "aria-current" not in text("/muc/gioi-thieu/")


def test_an_old_name_finds_what_its_successor_has_and_the_reverse(full: Site, by: Hands) -> None:
    sited.post(full, by, "Họp dân", "Xã Phước Thuận họp dân ở nhà văn hóa.")
    sited.post(full, by, "Tiếp dân", "Xã Tuy Phước tiếp công dân sáng thứ Năm.")
    other = sited.post(full, by, "Chợ phiên", "Chợ xã Phước Sơn họp sớm.").bulletin
    Bulletin.objects.filter(pk=other.pk).update(place=district.place("21970"))
    reform.carry_out(paper=paper(), actor="test", now=NOW)
    old = Client().get(f"{AT}/tim/", {"q": "phuoc thuan"}).text
    assert "Tiếp dân" in old
    assert "Đã tìm cả theo tên trước và sau sắp xếp: Tuy Phước" in old
    new = Client().get(f"{AT}/tim/", {"q": "Tuy Phước họp"}).text
    assert "Họp dân" in new
    assert "Chợ phiên" not in new
    assert "Chợ phiên" in Client().get(f"{AT}/tim/", {"q": "Phước Sơn họp"}).text


def test_a_neighbour_of_before_is_not_the_same_place(full: Site, by: Hands) -> None:
    reform.carry_out(paper=paper(), actor="test", now=NOW)
    asked = understood("phước thuận")
    assert "phuoc son" not in asked.names
    assert asked.names == ("phuoc thuan", "tuy phuoc")


def test_a_page_that_cannot_be_made_says_so_in_vietnamese(full: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("nguon.channels.site.reading.items", broken)
    answer = Client(raise_request_exception=False).get(f"{AT}/")
    assert answer.status_code == 500
    assert "Trang tạm thời chưa mở được" in answer.text
    assert "s-maxage" not in answer.headers.get("Cache-Control", "")
