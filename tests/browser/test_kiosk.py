"""The kiosk with a real Chromium: whatever happens to the browser or its page, the board is shown again."""

import asyncio
import base64
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nguon.agent.kiosk import picture, power, rules
from nguon.agent.kiosk.rules import Why
from nguon.agent.kiosk.watch import Kiosk, Life, Options
from tests.browser.kiosk import HEADLESS, PATIENCE, a_kiosk, nguon

pytestmark = [pytest.mark.browser]
GREEN = (20, 120, 60)
PAGE = """<!doctype html><meta charset="utf-8"><title>Bảng</title><style>body {{ margin: 0; background: rgb{ground}; }}
</style><body><h1>Bảng tin</h1><script>window.board = {{ state: {{ sounding: {sounding} }} }};</script>"""
DARK = """<!doctype html><style>body { background: #0b1f33; }</style><body><script>
window.board = { state: { sounding: { go: 3, level: 60, started: true } } };</script>"""


class Board:
    """The server of a page: what it gives, and how often it was asked for."""

    def __init__(self) -> None:
        self.page, self.status, self.asked = PAGE.format(ground=GREEN, sounding="null"), 200, 0
        self.url = ""

    @contextlib.contextmanager
    def served(self) -> Iterator["Board"]:
        board = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                board.asked += self.path == "/bang/"
                data = board.page.encode()
                self.send_response(board.status if self.path == "/bang/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield self
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.setenv("NGUON_BROWSER_OPTIONS", HEADLESS)
    with Board().served() as one:
        yield one


@contextlib.asynccontextmanager
async def running(home: Path, board: Board, **options: Any) -> AsyncIterator[Kiosk]:
    """A kiosk of this home, which shows its page by now."""
    options = {"limits": rules.Limits(start=PATIENCE, answer=PATIENCE, frame=PATIENCE, load=PATIENCE)} | options
    kiosk = Kiosk(home, Options(board.url, "chromium", (640, 360), **options))
    task = asyncio.create_task(kiosk.run())
    try:
        await until(lambda: task.done() or shows(kiosk))
        assert not task.done(), task.exception()
        yield kiosk
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def shows(kiosk: Kiosk) -> bool:
    """Whether its page answered, and paints."""
    beat = kiosk.life.beat if kiosk.life else None
    return beat is not None and beat.url == kiosk.options.url and beat.frames > 0


async def until(asked: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not asked():
            await asyncio.sleep(0.05)


def life(kiosk: Kiosk) -> Life:
    assert kiosk.life is not None
    return kiosk.life


async def run(kiosk: Kiosk, script: str) -> Any:
    """What a script in the page returns."""
    page = life(kiosk).page
    assert page.line is not None
    asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
    return (await page.line.ask("Runtime.evaluate", page.session, within=PATIENCE, **asked))["result"].get("value")


async def windows(kiosk: Kiosk) -> list[str]:
    """The addresses of all that is open."""
    line = life(kiosk).browser.line
    found = await line.ask("Target.getTargets", within=PATIENCE, filter=[{"type": "page"}])
    return [one["url"] for one in found["targetInfos"]]


def tree(pid: int) -> dict[int, str]:
    """A process and its descendants with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parent, group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1:3]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words and str(pid) in (folder.name, parent, group):
                found[int(folder.name)] = words
    return found


def of_profile(home: Path) -> list[int]:
    """Every process that lives that was started for this home."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and str(home / "profile").encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def test_it_shows_the_page_and_takes_real_photos(tmp_path: Path, board: Board) -> None:
    async with running(tmp_path, board) as kiosk:
        png = await life(kiosk).page.thumbnail()
        channels, row = picture.rows(png)[-1]
        assert tuple(row[:3]) == GREEN
        assert len(row) <= 96 * channels
        photo = await kiosk.photo()
        data = base64.b64encode(photo.read_bytes()).decode()
        width, height, *corner = await run(kiosk, DECODED % data)
        assert (width, height) == (640, 360)
        assert all(abs(one - other) < 6 for one, other in zip(corner[:3], GREEN, strict=True))
        for _ in range(25):
            await kiosk.photo()
        assert len(list((tmp_path / "photos").iterdir())) == 24
        assert photo.exists() is False
        report = kiosk.report()
        assert (report["shown address"], report["restarts"], report["loads"]) == (kiosk.options.url, {}, {})
        assert {path.stat().st_mode & 0o777 for path in (tmp_path, tmp_path / "profile", tmp_path / "photos")} == {
            0o700
        }
        assert board.asked == 1
    assert of_profile(tmp_path) == []


DECODED = """(async () => {
  const picture = await createImageBitmap(await (await fetch("data:image/jpeg;base64,%s")).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  return [picture.width, picture.height, ...canvas.getImageData(picture.width - 5, picture.height - 5, 1, 1).data];
})()"""


# As the board keeps its state: what is written is on the disk before it counts.
STORE = """new Promise((done, failed) => {
  const opening = indexedDB.open("kept", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("all");
  opening.onerror = failed;
  opening.onsuccess = () => {
    const work = opening.result.transaction("all", "readwrite", { durability: "strict" });
    const store = work.objectStore("all");
    const asked = %s;
    work.oncomplete = () => done(asked.result);
  };
})"""


async def test_a_browser_that_is_killed_is_started_again(tmp_path: Path, board: Board) -> None:
    async with running(tmp_path, board) as kiosk:
        await run(kiosk, STORE % 'store.put("yes", "kept")')
        before = life(kiosk).browser.pid
        os.kill(before, signal.SIGKILL)
        await until(lambda: kiosk.life is not None and life(kiosk).browser.pid != before and shows(kiosk))
        assert kiosk.report()["restarts"] == {"ended": 1}
        assert tree(before) == {}
        assert await run(kiosk, STORE % 'store.get("kept")') == "yes"
        assert await windows(kiosk) == [kiosk.options.url]  # nothing is offered, nothing restored beside it


async def test_a_page_that_crashes_is_loaded_again(tmp_path: Path, board: Board) -> None:
    async with running(tmp_path, board) as kiosk:
        browser = life(kiosk).browser.pid
        for pid, words in tree(browser).items():
            if "--type=renderer" in words:  # the page's, and the spare one
                os.kill(pid, signal.SIGKILL)
        await until(lambda: kiosk.report()["loads"] == {"page crashed": 1})
        before = life(kiosk).beats
        await until(lambda: board.asked == 2 and life(kiosk).beats > before + 2 and shows(kiosk))
        assert life(kiosk).browser.pid == browser


async def test_a_page_that_left_is_brought_back_and_other_windows_are_closed(tmp_path: Path, board: Board) -> None:
    async with running(tmp_path, board) as kiosk:
        page = life(kiosk).page
        assert page.line is not None
        await page.line.ask("Target.createTarget", url=board.url + "/other")
        await until(lambda: kiosk.life is not None and board.asked == 1)
        await run(kiosk, "location.href = '/elsewhere'; 1")
        await until(lambda: kiosk.report()["loads"] and shows(kiosk) and board.asked == 2)
        assert await windows(kiosk) == [kiosk.options.url]


async def test_a_page_that_hangs_is_started_again(tmp_path: Path, board: Board) -> None:
    limits = rules.Limits(start=PATIENCE, answer=5, frame=PATIENCE)
    async with running(tmp_path, board, limits=limits) as kiosk:
        before = life(kiosk).browser.pid
        await run(kiosk, "setTimeout(() => { for (;;) {} }, 0)")
        await until(lambda: kiosk.report()["restarts"].get("page frozen"))
        await until(lambda: kiosk.life is not None and shows(kiosk))
        assert life(kiosk).browser.pid != before
        assert tree(before) == {}


async def test_a_page_that_runs_and_paints_nothing_is_started_again(tmp_path: Path, board: Board) -> None:
    limits = rules.Limits(start=PATIENCE, answer=PATIENCE, frame=5)
    async with running(tmp_path, board, limits=limits) as kiosk:
        await run(kiosk, "globalThis.requestAnimationFrame = () => 0; 1")
        await until(lambda: kiosk.report()["restarts"].get("no picture painted"))
        await until(lambda: kiosk.life is not None and shows(kiosk))


async def test_a_black_page_that_says_it_shows_is_loaded_and_then_started_again(tmp_path: Path, board: Board) -> None:
    board.page = DARK
    limits = rules.Limits(start=PATIENCE, answer=PATIENCE, frame=PATIENCE, look=1)
    async with running(tmp_path, board, limits=limits) as kiosk:
        await until(lambda: kiosk.report()["loads"] == {"black picture": 1})
        await until(lambda: kiosk.report()["restarts"] == {"black picture": 1})
        board.page = PAGE.format(ground=GREEN, sounding="{ go: 3, level: 60, started: true }")
        await until(lambda: kiosk.life is not None and shows(kiosk))


async def test_a_server_that_is_away_at_the_first_start(tmp_path: Path, board: Board) -> None:
    board.status = 502
    limits = rules.Limits(start=PATIENCE, answer=PATIENCE, frame=PATIENCE)
    kiosk = Kiosk(tmp_path, Options(board.url, "chromium", limits=limits))
    task = asyncio.create_task(kiosk.run())
    await until(lambda: kiosk.report()["loads"].get("page did not come", 0) >= 2)
    board.status = 200
    await until(lambda: shows(kiosk) and life(kiosk).beat.status == 200)  # type: ignore[union-attr]
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_an_emergency_outside_the_hours_switches_the_screen_on(tmp_path: Path, board: Board) -> None:
    said = tmp_path / "said"
    say = (sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write(sys.argv[2])", str(said))
    never = power.Hours(time(0, 0), time(0, 0))
    options = {"hours": never, "screen_on": (*say, "on "), "screen_off": (*say, "off ")}
    async with running(tmp_path / "home", board, **options) as kiosk:
        await until(lambda: said.exists() and said.read_text() == "off ")
        await run(kiosk, "board.state.sounding = { go: 1, level: 90, started: false }; 1")
        await until(lambda: said.read_text() == "off on ")
        assert kiosk.report()["screen"] == "on"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_no_browser_is_left_whatever_ends_the_kiosk(tmp_path: Path, board: Board, number: signal.Signals) -> None:
    with a_kiosk(tmp_path, board.url) as process:
        await until(lambda: board.asked)
        assert of_profile(tmp_path)
        process.send_signal(number)
        words = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == (0 if number is signal.SIGTERM else -number), words
        assert "Traceback" not in words[1]
    await until(lambda: not of_profile(tmp_path))
    assert Why.ENDED not in words[1]


async def test_other_programs_ask_it(tmp_path: Path, board: Board) -> None:
    home = ("--home", str(tmp_path))
    assert "no kiosk is running" in nguon("photo", *home).stderr
    with a_kiosk(tmp_path, board.url) as process:
        await until(lambda: "shown address: http" in nguon("kiosk-status", *home).stdout)
        status = json.loads(nguon("kiosk-status", "--json", *home).stdout)
        assert (status["shown address"], status["restarts"]) == (board.url + "/bang/", {})
        photo = nguon("photo", *home).stdout.strip()
        assert [str(path) for path in (tmp_path / "photos").iterdir()] == [photo]
        second = nguon("kiosk", "--server", board.url, *home)
        assert second.returncode == 1
        assert "another kiosk is running" in second.stderr
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert not (tmp_path / "kiosk.sock").exists()
    gone = nguon("kiosk-status", *home)
    assert (gone.returncode, "no kiosk is running" in gone.stderr, Why.SLOW in gone.stderr) == (1, True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--server", "nguon.example.vn"), "not the address of a server"),
        (("--server", "http://127.0.0.1:1", "--hours", "5-22"), "not hours like"),
        (("--server", "http://127.0.0.1:1", "--size", "big"), "not a size like"),
        (("--server", "http://127.0.0.1:1", "--screen-on", "'"), "--screen-on"),
        (("--server", "http://127.0.0.1:1", "--browser", "/no/such/browser"), "no such browser"),
    ],
)
def test_what_is_mistyped_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = nguon("kiosk", "--home", str(tmp_path), *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
