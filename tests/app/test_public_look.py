"""Small things by which a resident sees that somebody thought of them; each was a fault that somebody met."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client

from nguon.portal.models import Site
from tests.app import district, sited
from tests.app.district import NOW

pytestmark = pytest.mark.django_db
AT = "/trang/phuoc-thuan"
IMPORT = re.compile(r'^import .*?"\./([a-z0-9-]+\.js)";', re.MULTILINE)


@pytest.fixture
def site() -> Site:
    district.stand()
    made = sited.open_site(district.place("21982"), NOW, phone="0256 000 111 (giờ hành chính)")
    sited.fill(made, sited.hands(NOW))
    return made


@pytest.fixture(autouse=True)
def _at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


def text(path: str = "/") -> str:
    answer = Client().get(AT + path)
    assert answer.status_code == 200, answer
    return answer.text


def test_the_foot_of_every_page_can_be_rung_up(site: Site) -> None:
    assert '<a href="tel:0256000111">Điện thoại: 0256 000 111 (giờ hành chính)</a>' in text("/so-do/")
    Site.objects.update(phone="không có")
    assert "<p>Điện thoại: không có</p>" in text("/so-do/")


def test_the_contents_name_nothing_twice(site: Site) -> None:
    site.sections.filter(key="tro-nang").update(title="Trợ năng")
    sited.write(site, sited.hands(NOW), "tro-nang", "Cán bộ đọc giúp.")
    inside = text("/so-do/").partition('<ul class="titles">')[2].partition("</ul>")[0]
    labels = re.findall(r"<li><a [^>]*>([^<]+)</a></li>", inside)
    assert "Trợ năng" in labels
    assert len(labels) == len(set(labels)), labels


def test_there_is_one_field_to_search_in(site: Site) -> None:
    assert text("/").count('type="search"') == 1
    assert text("/tim/?q=kenh").count('type="search"') == 1


def test_a_phone_gets_small_pictures(site: Site) -> None:
    small = re.search(r'<source media="\(max-width: 40rem\)" srcset="([^"]+)">', text())
    assert small
    sizes = [len(Client().get(small[1].replace("?vua", which)).getvalue()) for which in ("?nho", "?vua", "")]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


def scripts(path: Path, found: dict[str, str] | None = None) -> dict[str, str]:
    """All that a script imports, and what those do: their names and their words."""
    found = {} if found is None else found
    for name in IMPORT.findall(path.read_text()):
        if name not in found:
            found[name] = (path.parent / name).read_text()
            scripts(path.parent / name, found)
    return found


def test_a_slow_network_is_asked_once_for_the_scripts_of_the_form(site: Site) -> None:
    page = text("/phan-anh/gui")
    told = Path(str(finders.find("feedback/told.js")))
    early = set(re.findall(r'<link rel="modulepreload" href="/static/feedback/([^"]+)">', page))
    assert early == scripts(told).keys()
