"""Sites: which one is asked for, and that its pages are the same for everybody."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nguon.portal.models import Site
from tests.app import district
from tests.app.district import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    district.stand()
    return Site.objects.create(
        place=district.place("21982"),
        slug="phuoc-thuan",
        name="Trang thông tin điện tử xã Phước Thuận",
        opened_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def test_a_site_is_found_by_its_path_and_its_links_stay_below_it(site: Site) -> None:
    page = Client().get("/trang/phuoc-thuan/")
    assert page.status_code == 200
    assert 'href="/trang/phuoc-thuan/"' in page.text


def test_a_site_is_found_by_its_own_name_and_its_links_begin_at_its_root(site: Site) -> None:
    Site.objects.update(host="phuocthuan.example")
    cache.clear()
    page = Client(headers={"host": "phuocthuan.example"}).get("/")
    assert page.status_code == 200
    assert 'class="whose" href="/"' in page.text


def test_a_page_for_the_public_depends_on_nobody(site: Site) -> None:
    page = Client().get("/trang/phuoc-thuan/")
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert "Cookie" not in page.headers.get("Vary", "")
    assert not page.cookies


def test_what_is_not_open_is_not_there(site: Site) -> None:
    Site.objects.update(opened_at=None)
    assert Client().get("/trang/phuoc-thuan/").status_code in (302, 404)


def test_a_path_without_its_last_slash_leads_to_the_front_page_of_an_open_site(site: Site) -> None:
    answer = Client().get("/trang/phuoc-thuan", {"a": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/trang/phuoc-thuan/?a=1")
    Site.objects.update(opened_at=None)
    for path in ("/trang/phuoc-thuan", "/trang/", "/trang/khac"):
        assert not Client().get(path).headers.get("Location", "").startswith("/trang/")


@pytest.mark.parametrize("slug", ["%00", "a%00b", "A", "x" * 70, "..", "%C3%A1"])
def test_a_path_that_can_be_none_of_a_site_is_not_asked_for(site: Site, slug: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(f"/trang/{slug}/").status_code in (302, 404)
    assert "portal_site" not in str(asked.captured_queries)


@pytest.mark.parametrize("name", ["%00", "a" * 63 + "%00", "A" * 64, "..", "x"])
def test_a_picture_that_can_be_none_is_not_asked_for(site: Site, name: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(f"/trang/phuoc-thuan/anh/{name}").status_code == 404
    assert 'media_file" WHERE' not in str(asked.captured_queries)


@pytest.mark.parametrize("path", ["/trang/phuoc-thuan/phan-anh/gui", "/phan-anh/gui"])
def test_a_form_of_the_public_without_its_cookie_is_told_so_in_its_own_skin(site: Site, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"words": "Đèn hỏng"})
    assert answer.status_code == 403
    assert "cookie" in answer.text
    assert "Về trang đầu" in answer.text
    assert "Về trang tổng quan" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_form_of_the_office_without_its_cookie_is_told_so_as_before(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap", {})
    assert answer.status_code == 403
    assert "Phiên làm việc đã hết hạn" in answer.text


@pytest.mark.django_db
def test_the_front_of_pages_that_belong_to_no_site_is_for_everybody() -> None:
    district.stand()
    page = Client().get("/phan-anh/")
    assert 'class="whose" href="/phan-anh/"' in page.text
