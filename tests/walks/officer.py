"""An officer at a browser without a screen: signs in, opens pages, fills in the forms that stand there."""

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

import httpx

PATIENCE = 90.0  # seconds, on a machine shared with others


class _Forms(HTMLParser):
    """The forms of a page: action → the fields with the values they have."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._now: dict[str, str] | None = None
        self._select = ""
        self._named: dict[str, dict[str, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._now = self.found.setdefault(given.get("action") or given.get("hx-post", ""), {})
            self._named[given.get("id", "")] = self._now
        elif tag == "input" and given.get("form") in self._named:  # stands outside its form
            self._named[given["form"]].setdefault(given.get("name", ""), given.get("value", ""))
        elif self._now is not None and tag == "input" and "name" in given:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked and given.get("type") != "file":
                self._now[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._now is not None and self._select:
            first = self._select not in self._now  # which stands if none is marked
            self._now[self._select] = (
                given.get("value", "") if first or "selected" in given else self._now[self._select]
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = ""


class Officer:
    """One person signed in at one server."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.http = httpx.Client(base_url=base_url, follow_redirects=True, timeout=60)
        self.page = self.http.get("/dang-nhap")
        self.send("/dang-nhap", username=username, password=password)
        assert "/dang-nhap" not in str(self.page.url), "signing in failed"

    def open(self, address: str) -> str:
        """The page at an address; it must be there."""
        self.page = self.http.get(address)
        assert self.page.status_code == 200, f"{address}: {self.page.status_code}"
        return self.page.text

    def send(self, action: str, **fields: str | list[str]) -> str:
        """Send the form of the page open now whose action ends so, with these fields changed. The page that follows."""
        forms = _Forms()
        forms.feed(self.page.text)
        here = str(self.page.url)
        matching = [(where, held) for where, held in forms.found.items() if urljoin(here, where).endswith(action)]
        assert matching, f"no form for {action} among {list(forms.found)}"
        where, held = matching[0]
        token = self.http.cookies.get("csrftoken") or ""
        self.page = self.http.post(
            urljoin(here, where), data={**held, **fields}, headers={"X-CSRFToken": token, "Referer": here}
        )
        assert self.page.status_code == 200, f"{action}: {self.page.status_code} {text(self.page.text)[:1500]}"
        return self.page.text

    def until(self, address: str, pattern: str) -> str:
        """Open a page again and again until something stands there; its first group, or all of it."""
        limit = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.open(address), re.DOTALL)):
            assert time.monotonic() < limit, f"{address} never showed {pattern}: {text(self.page.text)[:1500]}"
            time.sleep(0.3)
        return found.group(found.lastindex or 0)

    def close(self) -> None:
        """Leave."""
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def text(html: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(0.2)
