"""A folder of tapes becomes a library, though the server is killed in the middle of it, and an officer uses one."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.tapes import coded, spoken
from tests.conftest import MakeServer
from tests.services import Server
from tests.walks.officer import Officer, eventually, text

pytestmark = pytest.mark.slow
VOICES = ("vi", "vi-vn-x-central", "vi-vn-x-south")
MAKE = """
from nguon.places.models import Place
Place.objects.create(name="Phước Thuận", kind="xã", folded="xa phuoc thuan")
"""
COUNTS = """
import json
from collections import Counter
from nguon.archive.models import Batch, Item, Recording, Print
from nguon.media.models import File
print(json.dumps({
    "states": Counter(Item.objects.values_list("state", flat=True)),
    "batches": list(Batch.objects.values_list("state", flat=True)),
    "recordings": Recording.objects.count(),
    "sounds": Recording.objects.values("sound_hash").distinct().count(),
    "prints": Print.objects.count(),
    "tries": max([0, *Item.objects.values_list("tries", flat=True)]),
}))
"""


def counted(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(server.shell(COUNTS).splitlines()[-1])
    return found


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    """Nine recordings, long enough to be killed in, and a broken one in the middle."""
    folder = tmp_path / "băng cũ"
    for name in ("dien", "tiem", "lua"):
        for voice in VOICES:
            coded(spoken(name, voice), folder / f"{name} {voice} 12-5-2019.mp3", "-filter:a", "aloop=2:2e+06")
    (folder / "hop.mp3").write_bytes(b"\xff" * 5000)
    return folder


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_an_import_survives_being_killed_again_and_again(
    make_server: MakeServer, request: pytest.FixtureRequest, tapes: Path, engine: str
) -> None:
    url = "" if engine == "sqlite" else str(request.getfixturevalue("postgres_url"))
    server = make_server(database_url=url, fresh=True).start()
    server.shell(MAKE)
    server.nguon("archive", "import", str(tapes), "--place", "Phước Thuận", "--background")
    for enough in (1, 3, 6):
        eventually(lambda enough=enough: ended(server) >= enough, f"never {enough} files")  # type: ignore[misc]
        server.kill("archive")
    eventually(lambda: counted(server)["batches"] == ["done"], "the import never ended")
    found = counted(server)
    assert found["states"] == {"done": 9, "failed": 1}
    assert found["recordings"] == found["sounds"] == found["prints"] == 9
    report = server.nguon("archive", "report", server.nguon("archive", "list").split()[0])
    assert report.count("Đã vào kho") == 9
    assert "Không nhập được" in report


def ended(server: Server) -> int:
    return sum(number for state, number in counted(server)["states"].items() if state not in ("waiting", "working"))


def test_a_terminal_that_is_killed_leaves_nothing_twice(make_server: MakeServer, tapes: Path) -> None:
    server = make_server()
    server.shell(MAKE)
    argv = ["archive", "import", str(tapes), "--place", "phuoc thuan"]
    run = [sys.executable, "-m", "nguon.cli", *argv]
    for _ in range(2):
        with subprocess.Popen(run, env=server.env, stdout=subprocess.PIPE) as terminal:
            assert terminal.stdout
            for line in terminal.stdout:
                if re.match(rb"\d+/10", line):
                    break
            terminal.kill()
    said = server.nguon(*argv)
    assert "Tiếp tục đợt nhập dở" in said
    found = counted(server)
    assert (found["states"], found["recordings"], found["batches"]) == ({"done": 9, "failed": 1}, 9, ["done"])
    assert "0 vào kho, 9 đã có" in server.nguon(*argv)


@pytest.fixture
def editor(demo_server: Server) -> Iterator[Officer]:
    password = next(line for line in demo_server.nguon("demo", "accounts").splitlines() if "bt.phuocthuan" in line)
    with Officer(demo_server.base_url, "bt.phuocthuan", password.split()[1]) as one:
        yield one


def test_an_officer_imports_a_zip_finds_a_tape_and_puts_it_into_a_bulletin(editor: Officer, tmp_path: Path) -> None:
    tape = coded(spoken("lut"), tmp_path / "a.mp3")
    with zipfile.ZipFile(tmp_path / "băng.zip", "w") as made:
        made.write(tape, "2009/Thời sự tối 29-9-2009 thu 3.mp3")
        made.writestr("2009/đọc tôi.txt", "x")
    editor.open("/kho-tu-lieu/nhap/moi")
    post(
        editor,
        "/kho-tu-lieu/nhap/moi",
        {"do": "upload", "title": "Băng bão lụt", "place": first_place(editor.page.text)},
    )
    here = str(editor.page.url.path)
    assert re.fullmatch(r"/kho-tu-lieu/nhap/[0-9a-f-]{36}", here)
    with (tmp_path / "băng.zip").open("rb") as handle:
        post(editor, f"{here}/tep", {}, {"file": ("băng.zip", handle, "application/zip")})
    assert "băng.zip" in text(editor.page.text)
    post(editor, f"{here}/lenh", {"do": "begin"})
    editor.until(here, "Đã xong")
    page = text(editor.page.text)
    assert "1 vào kho" in page
    assert "Không phải tệp âm thanh." in page
    found = editor.open("/kho-tu-lieu/?q=thoi+su+bao&first=2009-09-01&last=2009-09-30")
    assert "Không có bản thu nào khớp" in found
    found = editor.open("/kho-tu-lieu/?q=thoi+su+toi&first=2009-09-01&last=2009-09-30")
    link = re.search(r'href="(/kho-tu-lieu/[0-9a-f-]{36})', found)
    assert link
    page = editor.open(link[1])
    assert "Thời sự tối 29-9-2009" in page
    assert editor.http.get(f"{link[1]}/goc").content == tape.read_bytes()
    use = re.search(r'href="(/ban-tin/moi\?am-thanh=[^"]+)"', page)
    assert use
    editor.open(use[1].replace("&amp;", "&"))
    editor.send("", do="hear")  # the form as it stands: the title and the sound are in it
    assert re.search(r'src="/am-thanh/[0-9a-f]{64}"', editor.page.text)


def post(editor: Officer, address: str, data: dict[str, str], files: Any = None) -> None:
    headers = {"X-CSRFToken": editor.http.cookies.get("csrftoken") or "", "Referer": str(editor.page.url)}
    editor.page = editor.http.post(address, data=data, files=files, headers=headers)
    assert editor.page.status_code == 200, text(editor.page.text)[-1000:]


def first_place(page: str) -> str:
    found = re.search(r'<select name="place".*?<option value="([^"]+)" selected', page, re.DOTALL)
    assert found
    return found[1]
