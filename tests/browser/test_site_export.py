"""A copy of a site opened from a disk: it looks and leads as the site did, and asks no server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.screen import LAPTOP, chromium
from tests.conftest import MakeServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "phuoc-thuan"
MOST = 400  # pages
ADDRESSES = (
    "[...document.querySelectorAll('a[href]')].map((one) => new URL(one.getAttribute('href'), document.baseURI).href)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def leads_to(page: Page) -> list[str]:
    """The pages of the copy that this one leads to."""
    found: list[str] = page.evaluate(ADDRESSES)
    pages = (link.partition("#")[0] for link in found if link.startswith("file:"))
    return [link for link in pages if link.endswith(".html")]


def test_a_copy_of_the_demonstration_stands_alone(make_server: MakeServer, browser: Browser, tmp_path: Path) -> None:
    folder, data = tmp_path / "luu", make_server()
    data.nguon("demo", "load", timeout=900)
    said = data.nguon("site", "export", SLUG, str(folder), "--quiet")
    assert "trang" in said
    width, height = LAPTOP
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    asked, failed, complaints = list[str](), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))

    def lost(request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # what is still on its way when one leaves the page
            failed.append(request.url)

    page.on("requestfailed", lost)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    waiting = [(folder / "index.html").as_uri()]
    seen = set(waiting)
    while waiting and len(seen) < MOST:
        page.goto(waiting.pop())
        new = [link for link in dict.fromkeys(leads_to(page)) if link not in seen]
        seen.update(new)
        waiting += new
    assert len(seen) > 15, seen
    assert {url for url in asked if not url.startswith(folder.as_uri())} == set()
    assert failed == []
    assert complaints == []
