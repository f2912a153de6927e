"""The clock of the server, or of a device, is set in the middle of an alert: forward, back, and by twenty years."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Server
from tests.walks import alarm
from tests.walks.alarm import HAMLETS, TEXT, Cluster, Town
from tests.walks.faulty import WallClock

pytestmark = pytest.mark.slow
HOUR = 3_600.0
YOUTH = -20 * 365 * 24 * HOUR  # where a clock without a battery begins
SHORT = "Nước sông lên. Bà con lên chỗ cao ngay."
LONG = " ".join([TEXT] * 2)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="nguon-alarm-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server_clock(folder: Path) -> WallClock:
    return WallClock(folder, "server")


@pytest.fixture(scope="module")
def device_clock(folder: Path) -> WallClock:
    return WallClock(folder, "device")


@pytest.fixture(scope="module")
def town(folder: Path, server_clock: WallClock, device_clock: WallClock, migrated_database: Path) -> Iterator[Town]:
    """A server whose clock can be set, and two clusters: the clock of the second can be set too."""
    server = Server(folder / "data", **server_clock.env)
    server.data.mkdir()
    shutil.copy(migrated_database, server.data)
    with alarm.town(server, folder) as made:
        made.cluster(HAMLETS[0])
        made.cluster(HAMLETS[0], env=device_clock.env)
        yield made


@pytest.fixture
def odd(town: Town) -> Cluster:
    """The cluster whose clock can be set."""
    return town.clusters[1]


def test_the_clock_of_a_device_is_set_forward_and_back_while_it_sounds(
    town: Town, odd: Cluster, device_clock: WallClock
) -> None:
    alert = town.write("Lũ sông Hà Thanh", text=LONG)
    town.sign(alert)
    town.sounding(alert, odd)
    for ahead in (HOUR, -HOUR, 0):
        device_clock.set(ahead)
        time.sleep(3)
    town.heard(alert, *town.clusters)


def test_a_device_comes_back_with_a_clock_that_is_ahead(town: Town, odd: Cluster, device_clock: WallClock) -> None:
    """It was without power as the alert went out."""
    odd.cut()
    device_clock.set(2 * HOUR)
    alert = town.write("Lũ sông Hà Thanh", text=SHORT)
    town.sign(alert)
    town.sounding(alert, town.clusters[0])
    odd.start()
    town.heard(alert, *town.clusters)
    device_clock.set(0)


def test_power_lost_in_mid_alert_and_the_clock_with_it(town: Town, odd: Cluster, device_clock: WallClock) -> None:
    alert = town.write("Lũ sông Hà Thanh", text=LONG)
    town.sign(alert)
    town.sounding(alert, odd)
    odd.cut()
    device_clock.set(YOUTH)
    odd.start()
    town.heard(alert, town.clusters[0])
    town.heard(alert, odd, pieces=True)
    device_clock.set(0)


def test_the_clock_of_the_server_is_set_forward_and_back_while_it_sounds(town: Town, server_clock: WallClock) -> None:
    """What is signed by the new time is heard too: devices that cannot believe it ask the time."""
    alerts = []
    for number, ahead in enumerate((HOUR, -HOUR, 0)):
        alert = town.write(f"Lũ sông Hà Thanh, tin {number}", text=SHORT)
        town.sign(alert)
        town.sounding(alert, *town.clusters)
        server_clock.set(ahead)
        alerts.append(alert)
    last = town.write("Lũ sông Hà Thanh, tin cuối", text=SHORT)
    town.sign(last)
    for alert in (*alerts, last):
        town.heard(alert, *town.clusters)
