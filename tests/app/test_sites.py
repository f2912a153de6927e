"""Sites: which one is asked for, and that its pages are the same for everybody."""

import pytest
from django.core.cache import cache
from django.test import Client

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
