"""A board on the wall of a town of `tests.walks.alarm`: real Chromium, enrolled by the code that it shows."""

from typing import Any

from playwright.sync_api import Browser, Page

from tests.walks.alarm import Town

WALL = (1920, 1080)
SOON = 60_000  # ms, on a machine shared with others


class Wall:
    """One board. `switch_off` and `switch_on` are the plug; what it keeps is in its browser's own store."""

    def __init__(
        self, browser: Browser, town: Town, hamlet: str, size: tuple[int, int] = WALL, script: str = ""
    ) -> None:
        self.town = town
        self.device, _code = town.clerk.do("register", hamlet=hamlet, name="Bảng nhà văn hóa", channel="board")
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
        if script:
            self.context.add_init_script(script)
        self.complaints: list[str] = []
        self.page = self._open()
        shown = self.page.locator(".waits-code")
        shown.wait_for(timeout=SOON)
        town.clerk.do("screen", code=shown.text_content(), device=self.device)
        self.connected()

    def _open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.town.server.base_url + "/bang/")
        return page

    def connected(self) -> None:
        """Wait until it is, and the server knows."""
        self.until("window.board?.state?.connected")
        self.town.until(lambda: self.town.clerk.do("online", devices=[self.device]) == 1, "the board never came online")

    def restart(self) -> None:
        """The plug is pulled, and put in again."""
        self.page.close()
        self.page = self._open()
        self.until("window.board?.state")

    def shows(self, words: str) -> None:
        """Wait until these words are to be read on it."""
        self.town.until(lambda: words in self.text(), lambda: f"{words!r} is not on the board: {self.text()!r}")

    def until(self, what: str) -> None:
        """Wait until this is so in its page. Asked from outside: its content policy lets no words become a program."""
        self.town.until(lambda: self.page.evaluate(f"Boolean({what})"), f"never: {what}")

    def text(self) -> str:
        """What is to be read on it."""
        return " ".join((self.page.locator("#screen").text_content() or "").split())

    def state(self, what: str) -> Any:
        """Something of what it holds: `board.state.…`."""
        return self.page.evaluate(f"board.state.{what}")

    def close(self) -> None:
        """Take it down."""
        self.context.close()
        assert self.complaints == []
