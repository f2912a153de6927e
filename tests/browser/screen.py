"""An officer before a screen: signs in, reads, presses keys. Whatever a page complains of is kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

from tests.services import Server

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 60_000  # ms, on a machine shared with others
PHONE = (390, 844)
LAPTOP = (1280, 800)
EXPECTED = (
    "status of 404",  # the browser says it of a page that the officer asked for in vain
    "htmx:sendAbort",  # htmx says both of a question that a newer one took the place of, which a slow machine sees
    "htmx:afterRequest",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()
        expect.set_options(timeout=5_000)


@dataclass
class Screen:
    """One browser of one person. `complaints`: console errors, broken scripts, requests to other hosts."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def switched_on(cls, browser: Browser, url: str, size: tuple[int, int], *, scale: int = 1) -> Self:
        """A new browser with nobody signed in; `size` in CSS pixels, `scale` dots to each."""
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        made = cls(page, url)
        page.on("console", lambda said: made._console(said.type, said.text))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("request", lambda request: made._asked(request.url))
        return made

    def open(self, path: str) -> None:
        """Go to an address; the page fits the screen."""
        self.page.goto(self.url + path)
        self.fits()

    def sign_in(self, name: str, password: str) -> Self:
        """By the keyboard alone, as the page offers it: the cursor waits in the first field."""
        self.open("/dang-nhap")
        expect(self.page.locator("input[name=username]")).to_be_focused()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(password)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Chào")
        self.fits()
        return self

    def fits(self) -> None:
        """Nothing of the page stands out at the side."""
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (self.page.url, over) == (self.page.url, 0)

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus, as one does without a mouse."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard never comes to {target}")

    def paste(self, words: str) -> None:
        """Paste into the field that has the focus."""
        self.page.evaluate("words => navigator.clipboard.writeText(words)", words)
        self.page.keyboard.press("Control+V")

    def _console(self, kind: str, words: str) -> None:
        if kind == "error" and not any(known in words for known in EXPECTED):
            self.complaints.append(f"{self.page.url}: {words}")

    def _asked(self, url: str) -> None:
        if url.startswith("http") and urlsplit(url).netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"asks elsewhere: {url}")


def password_of(server: Server) -> str:
    """The password of every account of the demonstration."""
    return server.nguon("demo", "accounts").split()[1]


def until(page: Page, true: str) -> None:
    """Wait for a JavaScript expression, also over a reload. Asked from outside: our content policy forbids `eval`."""
    limit = time.monotonic() + PATIENCE / 1000
    while not _is(page, true):
        assert time.monotonic() < limit, true
        page.wait_for_timeout(50)


def _is(page: Page, true: str) -> bool:
    try:
        return bool(page.evaluate(true))
    except Error:  # between two pages
        if page.is_closed():
            raise
        return False
