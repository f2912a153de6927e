"""The network swallows everything for a minute in the middle of an alert, without a word to either side."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Server
from tests.walks import alarm
from tests.walks.alarm import HAMLETS, TEXT, Town
from tests.walks.faulty import Cable

pytestmark = pytest.mark.slow
SHORT = "Nước sông lên. Bà con lên chỗ cao ngay."
LONG = " ".join([TEXT] * 2)
MINUTE = 60.0


@pytest.fixture(scope="module")
def cable() -> Iterator[Cable]:
    laid = Cable()
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def town(cable: Cable, migrated_database: Path) -> Iterator[Town]:
    """A server and two clusters: the second is at the end of a cable."""
    folder = Path(tempfile.mkdtemp(prefix="nguon-alarm-"))
    try:
        server = Server(folder / "data", NGUON_BIND="0.0.0.0")
        server.data.mkdir()
        shutil.copy(migrated_database, server.data)
        with alarm.town(server, folder) as made:
            made.cluster(HAMLETS[0])
            made.cluster(HAMLETS[0], wrap=cable.wrap, address=f"http://{cable.address}:{server.port}")
            yield made
    finally:
        shutil.rmtree(folder)


def test_the_network_is_cut_for_a_minute_in_mid_alert(town: Town, cable: Cable) -> None:
    """What sounds goes on; what went out meanwhile is heard after it; nothing twice. Near ones notice nothing."""
    near, far = town.clusters
    first = town.write("Lũ sông Hà Thanh", text=LONG)
    town.sign(first)
    town.sounding(first, near, far)
    cable.cut()
    began = time.monotonic()
    meanwhile = town.write("Lũ sông Hà Thanh, tin tiếp", text=SHORT)
    town.sign(meanwhile)
    town.heard(first, near)
    town.heard(meanwhile, near)
    assert not far.begun(town.told(meanwhile)[0]["id"])
    time.sleep(max(0.0, began + MINUTE - time.monotonic()))
    cable.mend()
    town.heard(first, near, far)
    town.heard(meanwhile, near, far)
