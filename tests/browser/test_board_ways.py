"""When a board gives up WebSockets, and when it comes back to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.board import run, served
from tests.browser.screen import chromium

pytestmark = [pytest.mark.browser]
MINUTE = 60_000


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        found = browser.new_page()
        found.goto(f"{url}/wire/bytes.js")
        yield found


def walked(page: Page, *happened: str | tuple[str, int]) -> Any:
    """The state after these, each at 0 or at its own time (ms)."""
    return run(
        page,
        """const { after, first } = await wire("ways");
        return argument.reduce((state, [what, at]) => after(state, what, at), first());""",
        [one if isinstance(one, tuple) else (one, 0) for one in happened],
    )


def is_due(page: Page, state: Any, at: int) -> Any:
    return run(page, "const { due } = await wire('ways'); return due(...argument);", [state, at])


FALLEN = ("failed", "failed", "failed")


@pytest.mark.parametrize(
    ("happened", "by"),
    [
        ((), "socket"),
        (("failed", "failed"), "socket"),
        (FALLEN, "requests"),
        (("failed", "failed", "carried", "failed"), "socket"),  # not in a row
        (("failed", "failed", "told", "failed"), "socket"),  # a word of the server came through
        (("away",) * 9, "socket"),  # the server is switched off: no reason to go another way when it is back
        (("failed", "away", "failed", "away", "failed"), "requests"),
        ((*FALLEN, "carried", "away", "away", "away"), "requests"),
        ((*FALLEN, "failed", "failed"), "requests"),
        ((*FALLEN, *FALLEN), "socket"),  # neither carries: both are tried, in turn
        ((*FALLEN, "carried", "shut"), "requests"),
        ((*FALLEN, "carried", "free"), "socket"),
        ((*FALLEN, "carried", "free", "failed"), "requests"),  # it looked free and does not carry
        ((*FALLEN, "carried", "free", "carried", "failed", "failed"), "socket"),
    ],
)
def test_the_way_that_is_taken(page: Page, happened: tuple[str, ...], by: str) -> None:
    assert walked(page, *happened)["by"] == by


def test_every_ten_minutes_it_looks_whether_a_websocket_gets_through(page: Page) -> None:
    polling = walked(page, *FALLEN, ("carried", 5 * MINUTE))
    assert not is_due(page, polling, 15 * MINUTE - 1)
    assert is_due(page, polling, 15 * MINUTE)
    broken = walked(page, *FALLEN, ("carried", 5 * MINUTE), ("carried", 12 * MINUTE))
    assert is_due(page, broken, 15 * MINUTE)  # a line that breaks again and again does not put it off
    shut = walked(page, *FALLEN, ("carried", 5 * MINUTE), ("shut", 15 * MINUTE))
    assert not is_due(page, shut, 25 * MINUTE - 1)
    assert is_due(page, shut, 25 * MINUTE)


def test_by_a_websocket_it_never_looks(page: Page) -> None:
    for happened in ((), ("carried",), (*FALLEN, "carried", "free", "carried"), ("failed",)):
        assert not is_due(page, walked(page, *happened), 10_000 * MINUTE)
