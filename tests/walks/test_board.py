"""A board in a town: one bulletin for two loudspeakers and a board; a warning that takes the board.

Everything is real: the server with its planner and voice, its broker, two clusters in processes of their own, and
Chromium as the board, enrolled by the code on its screen.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

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


def approved(town: Town, title: str = TITLE) -> str:
    bulletin = str(town.clerk.do("bulletin", title=title, body=BODY))
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
    assert wall.state("sounding.order.level") == 90
    siren = town.told(alert)[0]
    town.until(lambda: siren_of(town, alert, wall) == "started", lambda: str(town.told(alert)))
    assert siren["signers"] == 2
    assert town.clerk.do("stop", alert=alert.id) in ("stopped", "cancelled")
    wall.shows("Họp thôn tối thứ bảy")
    assert TEXT not in wall.text()
    town.until(lambda: ended(town, broadcast), lambda: str(town.clerk.do("answers", broadcast=broadcast)))


def siren_of(town: Town, alert: alarm.Alert, wall: Wall) -> str:
    return str(town.told(alert)[0]["devices"].get(wall.device, {}).get("progress"))
