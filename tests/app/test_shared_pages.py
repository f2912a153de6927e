"""Pages of a site through the real server: one for all who ask in a second, and never anything of one person."""

import time

import httpx
import pytest
from django.conf import settings

from nguon.portal.models import Site
from tests.app import district, sited
from tests.app.district import NOW
from tests.app.serving import serving, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Site:
    district.stand()
    site = sited.open_site(district.place("21982"), NOW)
    sited.fill(site, sited.hands(NOW))
    return site


def test_all_who_ask_in_a_second_get_one_page_and_nobody_anothers(site: Site) -> None:
    officer = district.person("bt.phuocthuan")
    signed = {"cookie": f"{settings.SESSION_COOKIE_NAME}={signed_in(officer)}"}
    with serving() as url, httpx.Client(base_url=url, timeout=60) as reader:
        at = "/trang/phuoc-thuan/"
        mine = reader.get(at, headers=signed)
        assert officer.full_name not in mine.text
        all_others = reader.get(at)
        assert all_others.text == mine.text
        assert int(all_others.headers["age"]) >= 1
        assert all_others.headers["content-encoding"] == "gzip"
        assert "set-cookie" not in all_others.headers
        assert reader.get(at, headers={"if-none-match": all_others.headers["etag"]}).status_code == 304
        home = reader.get("/", headers=signed)
        assert officer.full_name in home.text
        assert officer.full_name not in httpx.get(f"{url}/", follow_redirects=True, timeout=60).text
        assert "age" not in reader.get("/", headers=signed).headers
        bad = reader.get(at, headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
        assert "evil.example" not in bad.text
        style = "/static/ui/public.css"
        assert reader.get(style).text == reader.get(style).text
        assert reader.get(style).headers["age"]


def test_what_changes_is_there_a_moment_later(site: Site) -> None:
    with serving() as url, httpx.Client(base_url=url, timeout=60) as reader:
        reader.get("/trang/phuoc-thuan/lien-he/")
        Site.objects.update(phone="0256 999 999")
        for _ in range(200):
            if "0256 999 999" in reader.get("/trang/phuoc-thuan/lien-he/").text:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the page before was given for ever")
