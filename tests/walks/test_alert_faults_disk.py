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


def test_the_disk_of_the_server_is_full_and_alerts_go_out_all_the_same(town: Town, server_disk: Disk) -> None:
    """Out of the piece that is kept for them. When that is used up one is refused whole, and can be signed later."""
    piece = town.server.data / "alert.reserve"
    town.until(piece.exists, "no room is kept for alerts")
    alert, at_once, later = (town.write(f"Lũ sông Hà Thanh, đợt {number}", text=SHORT) for number in (1, 2, 3))
    town.sign(alert)
    town.sounding(alert, *town.clusters)
    server_disk.fill()
    town.sign(at_once)
    os.kill(town.server.services()["planner"]["pid"], signal.SIGKILL)
    town.heard(alert, *town.clusters)
    town.heard(at_once, *town.clusters)
    assert not piece.exists()
    server_disk.fill()
    signed = tries(town, later)
    server_disk.empty()
    if not signed:
        town.sign(later)
    town.heard(later, *town.clusters)
    town.until(piece.exists, "no room is kept again")
    town.until(lambda: all(one["state"] == "running" for one in town.server.services().values()), "not all came back")


def tries(town: Town, alert: alarm.Alert) -> bool:
    """Whether it could be signed on a full disk. If not, it is as it was, and the officer is told why."""
    why = ""
    try:
        town.sign(alert)
    except Refused as refusal:
        why = str(refusal)
    assert why.startswith("Full:") or not why
    assert bool(town.told(alert)) is not bool(why)
    return not why
