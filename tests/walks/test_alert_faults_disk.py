"""A disk is full in the middle of an alert, the server's or a device's: then there is room again, nothing is lost."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Server
from tests.walks import alarm
from tests.walks.alarm import HAMLETS, TEXT, Refused, Town
from tests.walks.faulty import Disk, small_disk

pytestmark = pytest.mark.slow
SHORT = "Nước sông lên. Bà con lên chỗ cao ngay."
LONG = " ".join([TEXT] * 2)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="nguon-alarm-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server_disk(folder: Path) -> Iterator[Disk]:
    with small_disk(folder / "data", 300) as disk:
        yield disk


@pytest.fixture(scope="module")
def device_disk(folder: Path) -> Iterator[Disk]:
    with small_disk(folder / "box1", 64) as disk:
        yield disk


@pytest.fixture(scope="module")
def town(folder: Path, server_disk: Disk, device_disk: Disk, migrated_database: Path) -> Iterator[Town]:
    """A server with a disk of its own, and two clusters: the second has one too, but for what is recorded of it."""
    server = Server(folder / "data")
    shutil.copy(migrated_database, server.data)
    (folder / "heard").mkdir()
    (folder / "box1" / "recordings").symlink_to(folder / "heard")
    with alarm.town(server, folder) as made:
        made.cluster(HAMLETS[0])
        made.cluster(HAMLETS[0])
        yield made


def test_the_disk_of_a_device_is_full_and_it_sounds_all_the_same(town: Town, device_disk: Disk) -> None:
    """Full to the last byte as it sounds, and as the next alert comes."""
    odd = town.clusters[1]
    alert = town.write("Lũ sông Hà Thanh", text=LONG)
    town.sign(alert)
    town.sounding(alert, odd)
    device_disk.fill()
    town.heard(alert, *town.clusters)
    unheard = town.write("Cháy rừng", hazard="chay_rung", text=SHORT)  # another siren: it is not on any disk yet
    town.sign(unheard)
    town.heard(unheard, *town.clusters)
    device_disk.empty()


def test_the_disk_of_the_server_is_full_and_nothing_is_lost(town: Town, server_disk: Disk) -> None:
    """What sounds goes on; what cannot be kept is refused whole, and can be signed when there is room."""
    alert = town.write("Lũ sông Hà Thanh, đợt hai", text=LONG)
    waiting = town.write("Lũ sông Hà Thanh, đợt ba", text=SHORT)
    town.sign(alert)
    siren = town.sounding(alert, *town.clusters)
    server_disk.fill()
    signed = tries(town, waiting)
    os.kill(town.server.services()["planner"]["pid"], signal.SIGKILL)
    town.until(lambda: all(each.recorded() & {siren} for each in town.clusters), "the siren was not heard")
    assert town.server.process is not None
    assert town.server.process.poll() is None
    server_disk.empty()
    town.heard(alert, *town.clusters)
    if not signed:
        town.sign(waiting)
    town.heard(waiting, *town.clusters)
    town.until(lambda: all(one["state"] == "running" for one in town.server.services().values()), "not all came back")


def tries(town: Town, alert: alarm.Alert) -> bool:
    """Whether it could be signed on a full disk. If not, it is as it was."""
    try:
        town.sign(alert)
    except Refused:
        assert town.told(alert) == []
        return False
    return True
