"""Sound is made although the page is closed, the worker is killed in the middle, or the whole server goes down."""

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.services import Server

pytestmark = pytest.mark.slow
PATIENCE = 120.0  # seconds, on a machine shared with others

ASK = """
from pathlib import Path
from django.core.files import File
from nguon.kit import clock
from nguon.media import actions
with open("{path}", "rb") as handle:
    print(actions.request_upload(upload=File(handle, name="x.flac"), source="upload", now=clock.now()).pk.hex)
"""


def ask(server: Server, folder: Path, seconds: int) -> str:
    """Ask for the sound of a long file; the id of the rendition. Whoever asked is gone when this returns."""
    path = folder / "long.flac"
    source = f"sine=f=300:r=16000:d={seconds},volume='0.4+0.3*sin(t*3)':eval=frame"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(path)], check=True)
    return server.shell(ASK.format(path=path)).split()[-1]


def row(server: Server, rendition: str) -> dict[str, Any]:
    """The rendition as it stands in the database."""
    with sqlite3.connect(server.data / "nguon.sqlite3", timeout=20) as found:
        found.row_factory = sqlite3.Row
        asked = "SELECT state, progress, error, file_id FROM media_rendition WHERE id = ?"
        return dict(found.execute(asked, [rendition]).fetchone())


def workers(server: Server) -> list[str]:
    """Which workers had the task, in order."""
    with sqlite3.connect(server.data / "nguon.sqlite3", timeout=20) as found:
        (kept,) = found.execute("SELECT worker_ids FROM django_tasks_database_dbtaskresult").fetchone()
    return list(json.loads(kept))


def until(met: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < limit, what
        time.sleep(0.02)


def under_way(server: Server, rendition: str) -> None:
    """Wait until a good part is done and a good part is not."""
    until(lambda: row(server, rendition)["progress"] > 0.1, "it never began")
    assert row(server, rendition)["state"] == "working"


def is_ready(server: Server, rendition: str) -> None:
    until(lambda: row(server, rendition)["state"] in ("ready", "failed"), "it never ended")
    found = row(server, rendition)
    assert (found["state"], found["error"]) == ("ready", "")
    sha256 = found["file_id"]
    stored = server.data / "files" / sha256[:2] / f"{sha256}.mp3"
    assert stored.stat().st_size > 100_000


def test_a_killed_worker_is_followed_by_another_that_does_it_all(server: Server, tmp_path: Path) -> None:
    rendition = ask(server, tmp_path, 1500)
    under_way(server, rendition)
    server.kill("jobs")
    assert row(server, rendition)["state"] == "working"  # nobody said that it is over
    is_ready(server, rendition)
    done_by = workers(server)
    assert len(done_by) == 2
    assert len(set(done_by)) == 2


def test_a_server_that_went_down_does_it_when_it_comes_up(server: Server, tmp_path: Path) -> None:
    rendition = ask(server, tmp_path, 1500)
    under_way(server, rendition)
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.start()
    is_ready(server, rendition)
