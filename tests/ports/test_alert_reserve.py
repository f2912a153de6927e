"""The piece of the disk that is kept for alerts, on a disk that really is full."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nguon.alerts import reserve
from nguon.alerts.errors import Full
from tests.walks.faulty import Disk, small_disk


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Iterator[Disk]:
    """A disk of 40 MB with the data folder on it; 8 are to be kept."""
    settings.DATA, settings.NGUON_ALERT_DISK_MB = tmp_path / "data", 8
    with small_disk(settings.DATA, 40) as found:
        yield found


def writes(path: Path) -> int:
    """A verb that needs a little of the disk."""
    return path.write_bytes(b"alert" * 20_000)


def test_a_verb_is_done_with_it_when_the_disk_is_full(disk: Disk, settings: Any) -> None:
    assert reserve.keep()
    disk.fill()
    with pytest.raises(OSError, match="No space"):
        writes(settings.DATA / "plain")
    assert reserve.backed(writes)(settings.DATA / "alert") == 100_000
    assert not reserve.keep(), "taken again while there is hardly any room"
    disk.empty()
    assert reserve.keep()
    assert not reserve.give(), "given away without need"


def test_without_it_the_officer_is_told_what_to_do(disk: Disk, settings: Any) -> None:
    settings.NGUON_ALERT_DISK_MB = 0
    assert not reserve.keep()
    disk.fill()
    with pytest.raises(Full, match="đầy"):
        reserve.backed(writes)(settings.DATA / "alert")


def test_what_fails_for_another_reason_fails(disk: Disk, settings: Any) -> None:
    assert reserve.keep()
    with pytest.raises(FileNotFoundError):
        reserve.backed(writes)(settings.DATA / "nowhere" / "alert")
    assert reserve.keep()
