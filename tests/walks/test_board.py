"""A board in a town: one bulletin for two loudspeakers and a board; a warning that takes the board.

Everything is real: the server with its planner and voice, its broker, two clusters in processes of their own, and
Chromium as the board, enrolled by the code on its screen.
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
from tests.walks.alarm import HAMLETS, TEXT, Town
from tests.walks.wall import Wall

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "Lịch cắt điện ngày 25/11"
BODY = "Từ 7h30 đến 11h00, tạm ngừng cung cấp điện tại thôn Quảng Vân và thôn Lộc Hạ để sửa đường dây."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def town(migrated_database: Path) -> Iterator[Town]:
    """A server, and a cluster in each of two hamlets."""
    folder = Path(tempfile.mkdtemp(prefix="nguon-board-"))
    server = Server(folder / "data")
    server.data.mkdir()
    shutil.copy(migrated_database, server.data)
    with alarm.town(server, folder) as made:
        for hamlet in HAMLETS[:2]:
            made.cluster(hamlet)
        yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def wall(town: Town, browser: Browser) -> Iterator[Wall]:
    made = Wall(browser, town, HAMLETS[0])
    yield made
    made.close()


def approved(town: Town, title: str = TITLE, body: str = BODY) -> str:
    bulletin = str(town.clerk.do("bulletin", title=title, body=body))
    town.until(lambda: town.clerk.do("approved", bulletin=bulletin), "its sound was never made")
    return bulletin


def ended(town: Town, broadcast: str) -> bool:
    found = town.clerk.do("answers", broadcast=broadcast)
    return set(found.values()) == {"finished"}


def test_one_bulletin_for_two_loudspeakers_and_a_board(town: Town, wall: Wall) -> None:
    broadcast = town.clerk.do("place", bulletin=approved(town), hamlets=HAMLETS[:2])
    wall.shows(TITLE)
    wall.shows("tạm ngừng cung cấp điện")
    town.until(lambda: ended(town, broadcast), lambda: str(town.clerk.do("answers", broadcast=broadcast)))
    devices = {wall.device, *(cluster.device for cluster in town.clusters)}
    assert set(town.clerk.do("answers", broadcast=broadcast)) == devices
    for cluster in town.clusters:
        assert broadcast in cluster.recorded()
    assert TITLE not in wall.text()


def test_a_warning_takes_the_board_and_gives_it_back(town: Town, wall: Wall) -> None:
    broadcast = town.clerk.do("place", bulletin=approved(town, "Họp thôn tối thứ bảy"), hamlets=HAMLETS[:2])
    wall.shows("Họp thôn tối thứ bảy")
    alert = town.write("Lũ trên sông Hà Thanh")
    town.sign(alert)
    wall.shows("Lũ trên sông Hà Thanh")
    assert "Họp thôn" not in wall.text()
    assert wall.page.locator("#screen").get_attribute("data-level") == "90"
    assert wall.state("sounding.level") == 90
    siren = town.told(alert)[0]
    town.until(lambda: siren_of(town, alert, wall) == "started", lambda: str(town.told(alert)))
    assert siren["signers"] == 2
    assert town.clerk.do("stop", alert=alert.id) in ("stopped", "cancelled")
    wall.shows("Họp thôn tối thứ bảy")
    assert TEXT not in wall.text()
    town.until(lambda: ended(town, broadcast), lambda: str(town.clerk.do("answers", broadcast=broadcast)))


def siren_of(town: Town, alert: alarm.Alert, wall: Wall) -> str:
    return str(town.told(alert)[0]["devices"].get(wall.device, {}).get("progress"))


def test_outside_the_hours_of_the_requisition_the_board_refuses(town: Town, browser: Browser) -> None:
    """The screen of somebody else: told by its settings, kept by the board itself."""
    lent = Wall(browser, town, HAMLETS[1])
    now = datetime.now(clock.LOCAL)
    yesterday, tomorrow = ((now + timedelta(days=days)).date().isoformat() for days in (-1, 1))
    elsewhen = {"begins": f"{now - timedelta(hours=3):%H:%M}", "ends": f"{now - timedelta(hours=2):%H:%M}"}
    days = {"first": yesterday, "last": tomorrow, "area": [0, 75, 100, 25]}
    lending = town.clerk.do("lend", device=lent.device, **days, **elsewhen)
    lent.until("board.state.settings.right !== null")
    bulletin = approved(town, "Họp thôn tối thứ bảy", BODY * 8)  # long: settings may take some seconds
    refused = town.clerk.do("place", bulletin=bulletin, hamlets=HAMLETS[1:2])
    town.until(
        lambda: answer(town, refused, lent) == "refused", lambda: str(town.clerk.do("answers", broadcast=refused))
    )
    town.until(lambda: town.clerk.do("refusals", device=lent.device), "nobody was told that it was refused")
    assert {row[0] for row in town.clerk.do("refusals", device=lent.device)} == {"heard-right"}
    assert "Họp thôn" not in lent.text()
    town.clerk.do("give_back", requisition=lending)
    lending = town.clerk.do("lend", device=lent.device, **days, begins="00:00", ends="00:00")
    lent.until("board.state.settings.right.spans.some((one) => one.start <= board.now() && board.now() < one.end)")
    taken = town.clerk.do("place", bulletin=bulletin, hamlets=HAMLETS[1:2])
    lent.shows("Họp thôn tối thứ bảy")
    box = lent.page.locator("#screen").bounding_box()
    assert box == {"x": 0, "y": 810, "width": 1920, "height": 270}
    town.clerk.do("give_back", requisition=lending)
    town.until(lambda: answer(town, taken, lent) == "expired", "it went on")
    assert "Họp thôn" not in lent.text()
    lent.close()


def answer(town: Town, broadcast: str, wall: Wall) -> str:
    return str(town.clerk.do("answers", broadcast=broadcast).get(wall.device))
