"""The player of streams with a real Icecast, a real HLS and servers that answer everything but sound."""

import asyncio
import subprocess
from array import array
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nguon.agent import stations, streams
from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerFailed, PlayerFinished, PlayerStarted
from nguon.agent.players import Recorder
from nguon.agent.store import Store
from nguon.agent.streams import Either, Patience, StreamPlayer
from nguon.wire.messages import Play, Stream
from tests.ports.agent_help import an_identity, an_mp3, free_port, seconds_of, until
from tests.ports.radio import ASKED, NOTHING, TONE, Icecast, answering, tone_until

QUICK = Patience(first=3, later=3, stalled=2, pause=0.2, longest=0.5, each=1)


def start(*urls: str, duration: int = 2_000, silence: int = 1_500, level: int = 30, offset: int = 0) -> StartPlayer:
    stream = Stream(urls=urls, duration=duration, silence=silence)
    order = Play(id="b" * 32, at=0, expires=1, level=level, stream=stream)
    return StartPlayer(7, order, offset, 50)


@pytest.fixture(scope="module")
def icecast() -> Iterator[Icecast]:
    with Icecast() as running:
        yield running


class Box:
    """One device's player of streams, the recorder's file, and what was told."""

    def __init__(self, home: Path, server: str = "http://127.0.0.1:9", outlet: str = "recorder") -> None:
        self.store = Store(home)
        self.player = StreamPlayer(outlet, self.store, an_identity(server, "mqtt://127.0.0.1:9"), QUICK)
        self.told: list[Event] = []

    def play(self, order: StartPlayer) -> None:
        self.player.play(order, Path("/nowhere"), self.told.append)

    async def end(self) -> Event:
        """The last thing told."""
        await until(lambda: bool(self.told) and not isinstance(self.told[-1], PlayerStarted))
        return self.told[-1]

    def samples(self) -> "array[int]":
        """What was recorded."""
        path = self.store.recording("b" * 32)
        argv = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ar", "8000", "-ac", "1", "-"]
        return array("h", subprocess.run(argv, check=True, capture_output=True).stdout)

    def share_of_sound(self) -> float:
        """How much of the recording is sound, by tenths of a second."""
        found = self.samples()
        tenths = [max(found[at : at + 800]) > 1000 for at in range(0, len(found) - 799, 800)]
        return sum(tenths) / len(tenths)


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    made = Box(tmp_path)
    yield made
    await made.player.close()


async def test_a_station_is_recorded_and_ends_at_its_duration(icecast: Icecast, box: Box) -> None:
    with icecast.playing("a.mp3", TONE) as url:
        box.play(start(url))
        assert await box.end() == PlayerFinished(7, 2_000)
    assert box.told[0] == PlayerStarted(7)
    assert seconds_of(box.store.recording("b" * 32)) == pytest.approx(2, abs=0.6)
    assert box.share_of_sound() > 0.9


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("a.ogg", ("-c:a", "libvorbis", "-content_type", "audio/ogg", "-f", "ogg")),
        ("a.aac", ("-c:a", "aac", "-content_type", "audio/aac", "-f", "adts")),
    ],
)
async def test_other_kinds_of_sound(icecast: Icecast, box: Box, name: str, coding: tuple[str, ...]) -> None:
    with icecast.playing(name, TONE, *coding) as url:
        box.play(start(url))
        assert await box.end() == PlayerFinished(7, 2_000)
    assert box.share_of_sound() > 0.9


async def test_what_goes_on_by_the_clock_ends_by_the_clock(icecast: Icecast, box: Box) -> None:
    with icecast.playing("late.mp3", TONE) as url:
        box.play(start(url, duration=60_000, offset=59_000))
        began = asyncio.get_running_loop().time()
        await box.end()
        assert asyncio.get_running_loop().time() - began < 4


async def test_a_station_that_falls_silent_gives_way_to_the_next(icecast: Icecast, box: Box) -> None:
    with icecast.playing("mute.mp3", NOTHING) as mute, icecast.playing("b.mp3", TONE) as good:
        box.play(start(mute, good, duration=1_500))
        assert await box.end() == PlayerFinished(7, 1_500)
    assert box.share_of_sound() > 0.8  # the silence before is not in it


async def test_a_station_that_falls_silent_later_and_nobody_else(icecast: Icecast, box: Box) -> None:
    with icecast.playing("fades.mp3", tone_until(4)) as url:
        box.play(start(url, duration=60_000))
        ended = await box.end()
    assert isinstance(ended, PlayerFailed)
    assert "silent" in ended.detail
    assert url in ended.detail
    assert ended.position is not None
    assert 0 < ended.position <= 4_500, "the silence before it was given up is not heard"
    assert box.told[0] == PlayerStarted(7)


async def test_a_station_that_goes_away_and_comes_back(icecast: Icecast, box: Box) -> None:
    with icecast.playing("c.mp3", TONE) as url:
        box.play(start(url, duration=5_000))
        await until(lambda: bool(box.told))
    await asyncio.sleep(0.7)
    with icecast.playing("c.mp3", TONE):
        assert await box.end() == PlayerFinished(7, 5_000)
    assert box.told == [PlayerStarted(7), PlayerFinished(7, 5_000)]


async def test_silence_is_no_fault_where_nobody_minds(icecast: Icecast, box: Box) -> None:
    with icecast.playing("quiet.mp3", NOTHING) as url:
        box.play(start(url, silence=0))
        assert await box.end() == PlayerFinished(7, 2_000)


async def test_stop_is_silence_at_once(icecast: Icecast, box: Box) -> None:
    with icecast.playing("d.mp3", TONE) as url:
        box.play(start(url, duration=60_000))
        await until(lambda: bool(box.told))
        began = asyncio.get_running_loop().time()
        await box.player.close()
        assert asyncio.get_running_loop().time() - began < 1.5
    size = box.store.recording("b" * 32).stat().st_size
    await asyncio.sleep(0.3)
    assert box.store.recording("b" * 32).stat().st_size == size
    assert box.told == [PlayerStarted(7)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (("404 Not Found", b"no"), "it answers 404"),
        (("200 OK\r\nContent-Type: text/html", b"<html>"), "a web page"),
        (("200 OK", b"\n <!DOCTYPE html><p>"), "a web page"),
        (("200 OK\r\nContent-Type: audio/x-mpegurl", b"# nothing here\n"), "names no address"),
        (("200 OK\r\nContent-Type: audio/x-mpegurl", b"file:///etc/passwd\n"), "names no address"),
        (("302 Found\r\nLocation: file:///etc/passwd", b""), "only http and https"),
        (("302 Found\r\nLocation: /x", b""), "leads on more than"),
        (("200 OK\r\nContent-Type: audio/mpeg", b"\0" * 4000), ""),
        (("200 OK\r\nContent-Type: application/octet-stream", b"ffconcat version 1.0\nfile /etc/passwd\n"), ""),
        (("200 OK\r\nContent-Type: audio/mpeg", b""), ""),
    ],
)
async def test_what_is_no_sound_is_told(box: Box, answer: tuple[str, bytes], words: str) -> None:
    async with answering({"/x": answer}) as url:
        box.play(start(f"{url}/x"))
        ended = await box.end()
    assert isinstance(ended, PlayerFailed)
    assert f"no sound from {url}/x: " in ended.detail
    assert words in ended.detail
    assert len(box.told) == 1


async def test_nobody_there(box: Box) -> None:
    box.play(start(f"http://127.0.0.1:{free_port()}/x", "ftp://127.0.0.1/x", "http://[::bad/x"))
    ended = await box.end()
    assert isinstance(ended, PlayerFailed)
    assert "cannot be reached" in ended.detail
    assert "only http and https" in ended.detail


async def test_a_line_on_which_nothing_comes(box: Box) -> None:
    async with answering({"/x": ("200 OK\r\nContent-Type: audio/mpeg", b"")}, stay=True) as url:
        box.play(start(f"{url}/x"))
        assert isinstance(await box.end(), PlayerFailed)


@pytest.mark.parametrize(("level", "least", "most"), [(80, 0.2, 1.0), (30, 1.3, 2.2)])
async def test_a_voice_is_not_late_because_the_player_began_late(
    box: Box, tmp_path: Path, level: int, least: float, most: float
) -> None:
    """What waited on the line is left out of a live voice; a relay plays all of it, at its own pace."""
    sound = await asyncio.to_thread(an_mp3, tmp_path, 6)
    async with answering({"/x": ("200 OK\r\nContent-Type: audio/mpeg", sound)}, stay=True) as url:
        box.play(start(f"{url}/x", level=level, duration=1_500, silence=0))
        assert await box.end() == PlayerFinished(7, 1_500)
        await box.player.close()
    assert least < seconds_of(box.store.recording("b" * 32)) < most


@pytest.mark.parametrize("body", ["#EXTM3U\n#EXTINF:-1,Xã\n{url}\n", "[playlist]\nNumberOfEntries=1\nFile1={url}\n"])
async def test_lists_of_addresses(icecast: Icecast, box: Box, body: str) -> None:
    with icecast.playing("listed.mp3", TONE) as url:
        answers = {"/list": ("200 OK\r\nContent-Type: audio/x-mpegurl", body.format(url=url).encode())}
        async with answering(answers) as web:
            box.play(start(f"{web}/list"))
            assert await box.end() == PlayerFinished(7, 2_000)


async def test_only_our_own_server_gets_the_password(icecast: Icecast, tmp_path: Path) -> None:
    with icecast.playing("own.mp3", TONE) as url:
        leads = {"/live/1.mp3": (f"307 Temporary Redirect\r\nLocation: {url}", b"")}
        async with answering(leads) as own, answering(dict(leads)) as other:
            box = Box(tmp_path, own)
            box.play(start("/live/1.mp3"))
            assert await box.end() == PlayerFinished(7, 2_000)
            box.told.clear()
            box.play(start(f"{other}/live/1.mp3"))
            assert await box.end() == PlayerFinished(7, 2_000)
    asked = {address: "".join(ASKED[int(address.rpartition(":")[2])]).lower() for address in (own, other)}
    assert "authorization: basic" in asked[own]
    assert "authorization" not in asked[other]
    await box.player.close()


@asynccontextmanager
async def hls(folder: Path) -> AsyncIterator[str]:
    """A playlist of pieces behind a plain web server."""
    pieces = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0", str(folder / "a.m3u8")]
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=440:duration=8", "-c:a", "aac", *pieces]
    await asyncio.to_thread(subprocess.run, argv, check=True)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/a.m3u8"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_playlist_of_pieces(tmp_path: Path) -> None:
    box = Box(tmp_path / "home")
    async with hls(tmp_path) as url:
        box.play(start(url, duration=3_000))
        assert await box.end() == PlayerFinished(7, 3_000)
        await box.player.close()
    assert seconds_of(box.store.recording("b" * 32)) == pytest.approx(3, abs=0.9)  # not faster than it is heard


async def test_ffplay_plays_it(icecast: Icecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    box = Box(tmp_path, outlet="ffplay")
    with icecast.playing("e.mp3", TONE) as url:
        box.play(start(url))
        assert await box.end() == PlayerFinished(7, 2_000)


async def test_a_player_that_ends_is_a_failure(
    icecast: Icecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NGUON_PLAYER_OPTIONS", "-no-such-option")
    box = Box(tmp_path, outlet="ffplay")
    with icecast.playing("f.mp3", TONE) as url:
        box.play(start(url))
        ended = await box.end()
    assert isinstance(ended, PlayerFailed)
    assert "the player ended" in ended.detail


async def test_what_begins_ends_the_other(icecast: Icecast, tmp_path: Path) -> None:
    box = Box(tmp_path)
    both = Either(Recorder(box.store), box.player)
    with icecast.playing("g.mp3", TONE) as url:
        both.play(start(url, duration=60_000), Path("/nowhere"), box.told.append)
        await until(lambda: bool(box.told))
        both.stop()
        sound = tmp_path / "x.mp3"
        sound.write_bytes(an_mp3(tmp_path, 0.3))
        from tests.ports.test_agent_players import start as a_file

        both.play(a_file(8, 300), sound, box.told.append)
        await until(lambda: PlayerFinished(8, 300) in box.told or len(box.told) > 2)
    assert {one.go for one in box.told if isinstance(one, PlayerFinished)} == {8}
    await box.player.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("#EXTM3U\n\nb.mp3\nhttp://z/c\n", ["http://s/a/b.mp3", "http://z/c"]),
        ("[playlist]\nTitle1=x\nfile2=http://z/c\n", ["http://z/c"]),
        ("rtsp://z/c\nfile:///etc/passwd", []),
        ("", []),
    ],
)
def test_addresses_of_a_list(words: str, found: list[str]) -> None:
    assert stations.addresses(words, "http://s/a/list.m3u") == found


def test_loud_and_not() -> None:
    assert not streams.loud(array("h", [40, -40] * 800).tobytes())
    assert streams.loud(array("h", [900, -900] * 800).tobytes())
