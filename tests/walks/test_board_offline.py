"""A board without network for three days: it goes on by its plan, also after the power was lost, and tells of it later.

The days are run through by clocks that are set: the server's in its process, the board's in its page.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nguon.kit import clock
from tests.browser.screen import chromium
from tests.services import Server
from tests.walks import alarm
from tests.walks.alarm import HAMLETS, Town
from tests.walks.faulty import WallClock
from tests.walks.wall import Wall

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "Tiêm phòng cho trẻ em"
BODY = "Sáng mai trạm y tế tiêm phòng cho trẻ dưới năm tuổi tại nhà văn hóa thôn Quảng Vân."
DAY = 86_400
# the time of the page is so far ahead, also after it was closed
AHEAD = """
const ahead = () => Number(localStorage.getItem("ahead") || 0);
const date = Date.now.bind(Date), counter = performance.now.bind(performance), began = ahead();
Date.now = () => date() + ahead();
performance.now = () => counter() + ahead() - began;
window.skip = (ms) => { localStorage.setItem("ahead", ahead() + ms); window.board.tell({ type: "tick" }); };
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="nguon-board-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server_clock(folder: Path) -> WallClock:
    return WallClock(folder, "server")


@pytest.fixture
def town(folder: Path, server_clock: WallClock, migrated_database: Path) -> Iterator[Town]:
    server = Server(folder / "data", **server_clock.env)
    server.data.mkdir()
    shutil.copy(migrated_database, server.data)
    with alarm.town(server, folder) as made:
        yield made


def planned(town: Town) -> datetime:
    """A bulletin each day, the first soon enough that it is fetched by day: when."""
    at = (datetime.now(clock.LOCAL) + timedelta(minutes=20)).replace(second=0, microsecond=0)
    bulletin = town.clerk.do("bulletin", title=TITLE, body=BODY)
    town.until(lambda: town.clerk.do("approved", bulletin=bulletin), "its sound was never made")
    town.clerk.do("daily", bulletin=bulletin, hamlets=HAMLETS[:1], begins=f"{at:%H:%M}")
    return at


def test_three_days_by_its_plan(town: Town, browser: Browser, server_clock: WallClock) -> None:
    wall = Wall(browser, town, HAMLETS[0], script=AHEAD)
    first = planned(town)
    wall.until("board.state.agenda?.plays.length >= 3")
    wall.until("board.state.agenda.needs.every((one) => board.state.here[one.content.sha256])")
    wall.until("navigator.serviceWorker.controller")
    wall.context.set_offline(True)
    wall.until("!board.state.connected")
    for day in range(3):
        begins = first + timedelta(days=day)
        wall.page.evaluate("at => skip(at - 3000 - Date.now())", clock.ms(begins))
        if day == 1:
            wall.restart()
        wall.shows(TITLE)
        wall.until("!board.state.sounding")
        assert TITLE not in wall.text()
    plays = [play["id"] for play in wall.state("agenda.plays")][:3]
    told = [(one["broadcast"], one["stage"]) for one in wall.state("pending")]
    assert {(play, stage) for play in plays for stage in ("started", "finished")} <= set(told)
    server_clock.set(3 * DAY)
    wall.context.set_offline(False)
    wall.connected()
    for play in plays:
        town.until(
            lambda play=play: town.clerk.do("answers", broadcast=play) == {wall.device: "finished"},  # type: ignore[misc]
            lambda play=play: f"{play}: {town.clerk.do('answers', broadcast=play)}",  # type: ignore[misc]
        )
    wall.close()
