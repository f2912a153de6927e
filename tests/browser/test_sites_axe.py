"""Pages of sites for everybody: no rule of WCAG 2.2 AA broken, the keyboard alone, letters of twice the size."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.reading import AT, fill, violations
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium
from tests.services import Server

pytestmark = pytest.mark.browser
# Every template for the public, once; `{there}` and `{gone}` are articles. Whoever adds a page adds a line.
PAGES = {
    "front": f"{AT}/",
    "front-empty": "/trang/doc-thu-trong/",
    "news": f"{AT}/tin-bai/",
    "news-second": f"{AT}/tin-bai/?trang=2",
    "news-of-section": f"{AT}/muc/khoa-hoc-doi-song/",
    "news-empty": "/trang/doc-thu-trong/muc/tin-tuc/",
    "article": "{there}",
    "gone": "{gone}",
    "missing": f"{AT}/khong-co-trang-nay",
    "page": f"{AT}/muc/gioi-thieu/",
    "page-empty": f"{AT}/muc/tro-nang/",
    "papers": f"{AT}/muc/van-ban/",
    "papers-filtered": f"{AT}/muc/van-ban/?tim=thien+tai&nam=2026",
    "papers-none": f"{AT}/muc/van-ban/?tim=xyz",
    "contact": f"{AT}/lien-he/",
    "search": f"{AT}/tim/?q=kenh",
    "search-none": f"{AT}/tim/?q=xyz",
    "contents": f"{AT}/so-do/",
    "accessibility": f"{AT}/tro-nang/",
    "timetable": f"{AT}/lich-phat-thanh/",
    "listen": f"{AT}/nghe-lai/",
    "map": f"{AT}/ban-do/",
    "feeds": f"{AT}/nhan-tin/",
    "alerts": f"{AT}/canh-bao-hien-co/",
    "surveys": f"{AT}/y-kien/",
    "events": f"{AT}/su-kien/",
    "events-past": f"{AT}/su-kien/da-qua/",
    "events-empty": "/trang/doc-thu-trong/su-kien/",
    "event": f"{AT}/su-kien/kham-benh",
    "told-start": f"{AT}/phan-anh/",
    "told-new": f"{AT}/phan-anh/gui",
    "told-find": f"{AT}/phan-anh/tai",
    "told-follow": f"{AT}/phan-anh/theo-doi",
    "told-register": f"{AT}/phan-anh/cong-khai",
    "told-data": f"{AT}/phan-anh/du-lieu-cua-toi/",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server with no more than the district and two sites, and the addresses of articles."""
    server = Server(tmp_path_factory.mktemp("sites"))
    found = fill(server)
    with server.start():
        yield server, found


@pytest.fixture(scope="module")
def site_server(site: tuple[Server, dict[str, str]]) -> Server:
    return site[0]


@pytest.fixture(scope="module")
def articles(site: tuple[Server, dict[str, str]]) -> dict[str, str]:
    return site[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def opened(browser: Browser, server: Server, path: str, size: tuple[int, int], scale: int = 1) -> Screen:
    screen = Screen.switched_on(browser, server.base_url, size, scale=scale)
    screen.open(path)
    return screen


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_is_broken(name: str, site_server: Server, browser: Browser, articles: dict[str, str]) -> None:
    path = PAGES[name].format(**articles)
    for size in (LAPTOP, PHONE):
        screen = opened(browser, site_server, path, size)
        assert violations(screen.page) == [], (name, size)
        screen.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert violations(screen.page) == [], (name, size, "open")
        screen.fits()
        assert [one for one in screen.complaints if "status of 410" not in one] == []


@pytest.mark.parametrize("name", PAGES)
def test_letters_of_twice_the_size_fit(
    name: str, site_server: Server, browser: Browser, articles: dict[str, str]
) -> None:
    path = PAGES[name].format(**articles)
    opened(browser, site_server, path, (640, 400), scale=2)  # a laptop of 1280 at 200 %
    opened(browser, site_server, path, (320, 400), scale=2)  # WCAG 1.4.10: 320 CSS pixels


def test_axe_finds_what_is_wrong(site_server: Server, browser: Browser, articles: dict[str, str]) -> None:
    screen = opened(browser, site_server, PAGES["front"], LAPTOP)
    screen.page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    assert any(one.startswith("image-alt") for one in violations(screen.page))


def test_the_keyboard_alone_goes_from_the_skip_link_to_an_article(
    site_server: Server, browser: Browser, articles: dict[str, str]
) -> None:
    screen = opened(browser, site_server, PAGES["front"], PHONE)
    page = screen.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    screen.tab_to(page.locator("main h2 a").first)
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_be_visible()
    opened_menu = page.get_by_role("navigation", name="Chuyên mục").locator("summary")
    page.keyboard.press("Control+Home")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    screen.tab_to(opened_menu)
    page.keyboard.press("Enter")
    here = page.get_by_role("navigation", name="Chuyên mục").get_by_role("link", name="Giới thiệu, tổ chức bộ máy")
    expect(here).to_be_visible()
    screen.tab_to(here)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giới thiệu, tổ chức bộ máy")


def test_every_target_is_large_enough_for_a_finger(
    site_server: Server, browser: Browser, articles: dict[str, str]
) -> None:
    small = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter((one) => {
      const box = one.getBoundingClientRect();
      const inline = one.tagName === "A" && getComputedStyle(one).display === "inline";
      return box.width && !inline && !one.closest(".unseen, .skip") && (box.height < 24 || box.width < 24);
    }).map((one) => one.outerHTML)"""
    for name in ("front", "article", "papers", "search", "contact"):
        screen = opened(browser, site_server, PAGES[name].format(**articles), PHONE)
        assert screen.page.evaluate(small) == [], name


def test_without_scripts_everything_can_be_read(
    site_server: Server, browser: Browser, articles: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site_server.base_url + articles["there"])
    expect(page.locator("article")).to_contain_text("Mỗi hộ cử ít nhất một người")
    page.get_by_text("Tất cả chuyên mục").click()
    page.get_by_role("navigation", name="Chuyên mục").get_by_role("link", name="Tin trong xã").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tin trong xã")


def test_an_article_is_copied_and_printed(site_server: Server, browser: Browser, articles: dict[str, str]) -> None:
    screen = opened(browser, site_server, articles["there"], LAPTOP)
    page = screen.page
    page.get_by_role("button", name="Chép địa chỉ").click()
    expect(page.locator("[data-told]")).to_have_text("Đã chép")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    expect(page.get_by_role("button", name="In bài này")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Chuyên mục")).to_be_hidden()
    expect(page.locator("article h1")).to_be_visible()
