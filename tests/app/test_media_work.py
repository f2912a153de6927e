"""Folders of work: gone afterwards, and swept where a killed worker could not."""

import os
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from nguon.media import work


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "work"


def test_a_folder_is_ones_own_and_gone_afterwards(place: Path) -> None:
    with work.folder() as one, work.folder() as two:
        assert one != two
        assert one.parent == place
        (one / "x.pcm").write_bytes(b"x")
    assert list(place.iterdir()) == []


def test_what_was_left_behind_goes_and_what_is_worked_on_stays(place: Path) -> None:
    old, busy, fresh = (place / name for name in ("old", "busy", "fresh"))
    for folder in (old, busy, fresh):
        folder.mkdir(parents=True)
        (folder / "heard.pcm").write_bytes(b"x")
    before = time.time() - work.ABANDONED - 60
    for path in (old / "heard.pcm", old, busy):
        os.utime(path, (before, before))
    with work.folder():
        pass
    assert {path.name for path in place.iterdir()} == {"busy", "fresh"}
