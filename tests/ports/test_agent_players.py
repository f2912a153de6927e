"""Players with a real MP3 made by ffmpeg; the programs with a null sound device."""

import asyncio
import contextlib
import shutil
from array import array
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from nguon.agent import mpeg, players
from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerFailed, PlayerFinished, PlayerStarted
from nguon.agent.store import Store
from nguon.wire.messages import Content, Play, Stream
from tests.ports.agent_help import an_mp3, seconds_of, until

Make = Callable[[float], tuple[StartPlayer, Path]]


def start(go: int, duration: int, offset: int = 0) -> StartPlayer:
    content = Content(url="/x", sha256="0" * 64, size=1, duration=duration)
    order = Play(id="b" * 32, at=0, expires=1, level=40, content=content)
    return StartPlayer(go, order, offset, 50)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.mp3"
    path.write_bytes(an_mp3(tmp_path, 1.5))
    return path


def test_frames_of_a_real_file(sound: Path) -> None:
    data = sound.read_bytes()
    found = list(mpeg.frames(data))
    assert sum(frame.duration for frame in found) / 1e6 == pytest.approx(seconds_of(sound), abs=0.06)
    assert found[-1].start + found[-1].size == len(data)
    assert all(b"Info" not in data[frame.start : frame.start + 40] for frame in found)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xfb", b"ID3", b"ID3\x04\x00\x00\x00\x00\x7f\x7f", b"\xff" * 5000]
)
def test_frames_of_no_mp3(data: bytes) -> None:
    assert list(mpeg.frames(data)) == []


def test_frames_behind_rubbish_and_before_a_torn_end(sound: Path) -> None:
    data = sound.read_bytes()
    whole = len(list(mpeg.frames(data)))
    assert len(list(mpeg.frames(b"\xff\xfb\x90\x00 rubbish" + data[:-1]))) == whole - 1


async def test_recorder_writes_all(tmp_path: Path, sound: Path) -> None:
    store = Store(tmp_path / "home")
    told: list[Event] = []
    players.Recorder(store).play(start(1, 1_500), sound, told.append)
    await until(lambda: len(told) == 2)
    assert told[0] == PlayerStarted(1)
    assert isinstance(told[1], PlayerFinished)
    assert told[1].position == pytest.approx(1_500, abs=60)
    assert seconds_of(store.recording("b" * 32)) == pytest.approx(seconds_of(sound), abs=0.06)


async def test_recorder_broken_off_is_shorter_and_goes_on_behind(tmp_path: Path, sound: Path) -> None:
    store = Store(tmp_path / "home")
    told: list[Event] = []
    player = players.Recorder(store)
    player.play(start(1, 1_500), sound, told.append)
    path = store.recording("b" * 32)
    await until(lambda: path.exists() and path.stat().st_size > 3_000)
    player.stop()
    size = path.stat().st_size
    await asyncio.sleep(0.3)
    assert path.stat().st_size == size
    assert size < 11_000
    heard = seconds_of(path)
    player.play(start(2, 1_500, round(heard * 1000)), sound, told.append)
    await until(lambda: len(told) == 3)
    assert told == [PlayerStarted(1), PlayerStarted(2), told[2]]
    assert seconds_of(path) == pytest.approx(seconds_of(sound), abs=0.12)


async def test_recorder_knows_only_mp3(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"RIFF" + bytes(1000))
    told: list[Event] = []
    players.Recorder(Store(tmp_path / "home")).play(start(1, 1_000), path, told.append)
    await until(lambda: told)
    assert isinstance(told[0], PlayerFailed)


async def test_a_file_that_is_gone(tmp_path: Path) -> None:
    told: list[Event] = []
    players.Recorder(Store(tmp_path / "home")).play(start(1, 1_000), tmp_path / "none", told.append)
    await until(lambda: told)
    assert isinstance(told[0], PlayerFailed)


async def test_a_stream_is_refused_in_words(tmp_path: Path) -> None:
    stream = Stream(urls=("http://127.0.0.1/x",), duration=1_000)
    order = StartPlayer(1, Play(id="b" * 32, at=0, expires=1, level=30, stream=stream), 0, 50)
    for name in ("recorder", "ffplay", "mpv"):
        told: list[Event] = []
        players.build(name, Store(tmp_path / "home")).play(order, tmp_path, told.append)
        await until(lambda: told)  # noqa: B023
        assert told == [PlayerFailed(1, "this player plays files, and no streams")]


async def test_timer_keeps_time(tmp_path: Path) -> None:
    told: list[Event] = []
    players.Timer().play(start(1, 100, 50), tmp_path, told.append)
    await until(lambda: len(told) == 2)
    assert told == [PlayerStarted(1), PlayerFinished(1, 100)]


NULL = {"ffplay": ("SDL_AUDIODRIVER", "dummy"), "mpv": ("NGUON_PLAYER_OPTIONS", "--ao=null")}


@pytest.fixture(params=["ffplay", "mpv"])
async def program(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[players.Program]:
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setenv(*NULL[name])
    made = players.build(name, Store(tmp_path / "home"))
    assert isinstance(made, players.Program)
    yield made
    await made.close()
    assert _players() == []


async def test_program_plays_to_the_end(program: players.Program, sound: Path) -> None:
    told: list[Event] = []
    program.play(start(1, 1_500), sound, told.append)
    await until(lambda: len(told) == 2)
    assert told[0] == PlayerStarted(1)
    assert isinstance(told[1], PlayerFinished)
    assert 500 < told[1].position < 10_000


@pytest.mark.skipif(shutil.which("ffplay") is None, reason="ffplay is not installed")
async def test_what_begins_in_its_middle_fades_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The samples themselves: SDL writes them to a file."""
    path, out = tmp_path / "long.mp3", tmp_path / "out.raw"
    path.write_bytes(an_mp3(tmp_path, 8))
    for name, value in (("DRIVER", "disk"), ("DEVICE_NAME", "x")):
        monkeypatch.setenv(f"SDL_AUDIO{name}", value)
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(out))
    peaks = {}
    for offset in (0, 3_000):
        told: list[Event] = []
        made = players.build("ffplay", Store(tmp_path / "home"))
        made.play(start(1, 8_000, offset), path, told.append)
        await until(lambda: len(told) == 2)  # noqa: B023
        samples = array("h", out.read_bytes())
        peaks[offset] = [max(map(abs, samples[at : at + 4_410])) for at in range(0, 44_100 * 2, 4_410)]
    assert min(peaks[0]) > 0.9 * max(peaks[0])
    assert peaks[3_000][0] < 0.2 * max(peaks[0])
    assert 0.3 * max(peaks[0]) < peaks[3_000][4] < 0.7 * max(peaks[0])
    assert peaks[3_000][12] > 0.9 * max(peaks[0])


async def test_program_is_silent_at_once(program: players.Program, tmp_path: Path) -> None:
    path = tmp_path / "long.mp3"
    path.write_bytes(an_mp3(tmp_path, 30))
    told: list[Event] = []
    program.play(start(1, 30_000, 5_000), path, told.append)
    await until(lambda: told)
    assert told == [PlayerStarted(1)]
    assert _players()
    program.stop()
    await until(lambda: not _players())
    assert told == [PlayerStarted(1)]


def _players() -> list[str]:
    """Our child processes that play that file."""
    found = []
    for each in Path("/proc/self/task").glob("*/children"):
        for pid in each.read_text().split():
            with contextlib.suppress(OSError):
                if b"long.mp3" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
    return found


async def test_program_given_no_sound(program: players.Program, tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(b"not a sound at all" * 100)
    told: list[Event] = []
    program.play(start(1, 1_000), path, told.append)
    await until(lambda: told)
    assert isinstance(told[0], PlayerFailed)


async def test_program_that_is_not_installed(tmp_path: Path) -> None:
    told: list[Event] = []
    players.Program(lambda order, path: ["/no/such/player"]).play(start(1, 1), tmp_path, told.append)
    await until(lambda: told)
    assert isinstance(told[0], PlayerFailed)


@pytest.mark.parametrize("after", [0.0, 0.0005, 0.002, 0.005, 0.01, 0.03])
async def test_program_stopped_while_it_is_being_started_leaves_nothing_behind(tmp_path: Path, after: float) -> None:
    before = _children()
    path = tmp_path / "long.mp3"
    path.write_bytes(b"")
    player = players.Program(lambda order, path: ["tail", "-f", str(path)])
    for _ in range(5):
        player.play(start(1, 30_000), path, lambda event: None)
        await asyncio.sleep(after)
        player.stop()
    await _nothing_left(before)


async def _nothing_left(before: set[str]) -> None:
    """No task, no child process of ours, not even one that has ended and is not yet seen by the loop."""
    await until(lambda: len(asyncio.all_tasks()) == 1 and _children() <= before)
    await asyncio.sleep(0.1)


def _children() -> set[str]:
    """The processes this one has; other tests may have servers of theirs among them."""
    return {pid for each in Path("/proc/self/task").glob("*/children") for pid in each.read_text().split()}
