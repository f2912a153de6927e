"""Public pages as they are seen: in the storm, on paper, by a thumb; each was a fault that somebody met."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reading import AT, fill, violations
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium
from tests.services import Server

pytestmark = pytest.mark.browser
STORM = """
from datetime import timedelta
from django.utils import timezone
from nguon.alerts.models import Alert
from nguon.people.models import Person
from nguon.portal.models import Site
now, who = timezone.now(), Person.objects.get(username="duyet.phuocthuan")
place = Site.objects.get(slug="doc-thu").place
levels = [(5, False, "warning"), (3, False, "warning"), (2, False, "warning"), (1, True, "warning"), (3, False, "over")]
for level, drill, kind in levels:
    alert = Alert.objects.create(
        place=place, hazard="lu", kind=kind, level=level, drill=drill, state="live", digest="0", created_by=who,
        headline="Lũ trên sông Hà Thanh lên nhanh, đe dọa các thôn Quảng Vân, Bình Thái và vùng hạ lưu",
        text="Nước lên cao từ 19 giờ hôm nay.\\nAi ở nơi thấp thì đến trường tiểu học ngay.", created_at=now,
        lasts=timedelta(hours=9), submitted_at=now, live_at=now, expires_at=now + timedelta(hours=9),
    )
    alert.places.set([place])
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A site in a storm, and the path of an article with a picture."""
    server = Server(tmp_path_factory.mktemp("look"))
    there = fill(server)["there"]
    server.shell(STORM)
    with server.start():
        yield server, there


def opened(browser: Browser, server: Server, path: str, size: tuple[int, int]) -> Page:
    screen = Screen.switched_on(browser, server.base_url, size)
    screen.open(path)
    return screen.page


def height(page: Page, what: str) -> float:
    box = page.locator(what).bounding_box()
    assert box is not None, what
    return box["height"]


@pytest.mark.parametrize("path", [f"{AT}/", f"{AT}/canh-bao-hien-co/", f"{AT}/phan-anh/"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE, (320, 640)])
def test_no_rule_is_broken_in_a_storm(
    browser: Browser, site: tuple[Server, str], path: str, size: tuple[int, int]
) -> None:
    assert violations(opened(browser, site[0], path, size)) == []


def test_what_is_printed_is_to_be_read(browser: Browser, site: tuple[Server, str]) -> None:
    server, there = site
    page = opened(browser, server, there, LAPTOP)
    page.emulate_media(media="print")
    below = page.locator("figcaption").bounding_box()
    words = page.locator(".prose p").first.bounding_box()
    assert below is not None
    assert words is not None
    assert below["y"] + below["height"] <= words["y"], "no words lie on others"
    page.goto(f"{server.base_url}{AT}/canh-bao-hien-co/")
    colour = page.locator(".alert-level").first.evaluate("one => getComputedStyle(one).color")
    assert colour == "rgb(27, 31, 36)", "white letters are lost on white paper"


def test_the_menu_is_the_same_above_all_pages(browser: Browser, site: tuple[Server, str]) -> None:
    for size in (LAPTOP, PHONE):
        page = opened(browser, site[0], f"{AT}/lien-he/", size)
        usual = height(page, ".sections")
        for path in ("phan-anh/", "phan-anh/gui", "phan-anh/cong-khai", "phan-anh/du-lieu-cua-toi/"):
            page.goto(f"{site[0].base_url}{AT}/{path}")
            assert height(page, ".sections") == usual, (path, size)


def test_the_public_cases_come_before_their_filters(browser: Browser, site: tuple[Server, str]) -> None:
    page = opened(browser, site[0], f"{AT}/phan-anh/cong-khai", PHONE)
    field = page.get_by_label("Lĩnh vực", exact=True)
    expect(field).to_be_hidden()
    page.get_by_text("Chọn lĩnh vực, nơi, tình trạng").click()
    field.select_option(index=1)
    page.locator("main").get_by_role("button", name="Tìm").click()
    expect(page.get_by_label("Lĩnh vực", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/lich-phat-thanh/", "/ban-do/", "/canh-bao-hien-co/", "/phan-anh/gui", "/lien-he/"]
)
def test_a_phone_with_letters_of_twice_the_size_shows_all(
    browser: Browser, site: tuple[Server, str], path: str
) -> None:
    page = opened(browser, site[0], f"{AT}{path}", PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if path == "/lich-phat-thanh/":  # nothing is planned here: two lines as they would stand
        page.evaluate("""() => {
          const list = document.createElement("ol");
          list.className = "air-times";
          for (const [from, title] of [["05:00 – 05:06", "Bản tin sáng"], ["17:00 – 17:04", "Bản tin chiều"]]) {
            const line = list.appendChild(document.createElement("li"));
            for (const [name, words] of [["air-time", from], ["", title]]) {
              Object.assign(line.appendChild(document.createElement("span")), {className: name, textContent: words});
            }
          }
          document.querySelector("main").append(list);
        }""")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0
