"""The amplifier: real commands that write down when they were called."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nguon.agent.amplifier import Amplified
from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerFinished, PlayerStarted
from nguon.agent.players import Timer
from nguon.wire.messages import Content, Play
from tests.ports.agent_help import until

ON, OFF = "NGUON_AMPLIFIER_ON", "NGUON_AMPLIFIER_OFF"


def now() -> int:
    return time.time_ns() // 1_000_000


def start(go: int, *, ms: int = 100, at: int = 0) -> StartPlayer:
    content = Content(url="/x", sha256="0" * 64, size=1, duration=ms)
    return StartPlayer(go, Play(id="b" * 32, at=0, expires=1, level=40, content=content), 0, 50, at)


class Scene:
    """An amplifier that needs 300 ms, and a player that only keeps time."""

    def __init__(self, folder: Path, idle: float = 0.4) -> None:
        self.file = folder / "switched"
        self.told: list[tuple[int, Event]] = []
        self.amplified = Amplified(Timer(), now, lambda: 300, idle=idle)
        self.path = folder

    def play(self, order: StartPlayer) -> None:
        self.amplified.play(order, self.path, lambda event: self.told.append((now(), event)))

    def switched(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []

    def kinds(self) -> list[type[Event]]:
        return [type(event) for _at, event in self.told]


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    for name, word in ((ON, "on"), (OFF, "off")):
        monkeypatch.setenv(name, f"sh -c 'echo {word} >> \"{tmp_path}/switched\"'")
    made = Scene(tmp_path)
    yield made
    await made.amplified.close()


async def test_on_before_the_sound_off_some_time_after(scene: Scene) -> None:
    at = now() + 700
    scene.play(start(1, at=at))
    await until(lambda: scene.switched() == ["on"])
    assert now() < at
    await until(lambda: len(scene.told) == 2)
    assert scene.told[0][1] == PlayerStarted(1)
    assert at <= scene.told[0][0] < at + 150
    assert scene.switched() == ["on"]
    await until(lambda: scene.switched() == ["on", "off"])
    assert now() - scene.told[1][0] >= 390


async def test_an_order_waits_for_the_warming_up_and_no_longer(scene: Scene) -> None:
    began = now()
    scene.play(start(1))
    await until(lambda: scene.kinds() == [PlayerStarted, PlayerFinished])
    assert 290 <= scene.told[0][0] - began < 500
    began = now()
    scene.play(start(2))  # it is warm
    await until(lambda: len(scene.told) == 4)
    assert scene.told[2][0] - began < 100
    assert scene.switched() == ["on"]


async def test_silence_comes_at_once_also_while_it_warms_up(scene: Scene) -> None:
    scene.play(start(1, at=now() + 500))
    await asyncio.sleep(0.1)
    scene.amplified.stop()
    await until(lambda: scene.switched() == ["on", "off"])
    assert scene.told == []


async def test_items_that_follow_each_other_leave_it_on(scene: Scene) -> None:
    for go in range(1, 4):
        scene.play(start(go))
        await until(lambda: len(scene.told) == go * 2)  # noqa: B023
    await asyncio.sleep(0.2)
    assert scene.switched() == ["on"]


async def test_at_the_end_of_the_agent_it_is_off(scene: Scene) -> None:
    scene.play(start(1, ms=60_000))
    await until(lambda: scene.told)
    await scene.amplified.close()
    assert scene.switched() == ["on", "off"]


@pytest.mark.parametrize("command", ["/no/such/command", "false", "sh -c 'exit 3'"])
async def test_a_command_that_fails_is_said_and_the_sound_tried(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(ON, command)
    scene = Scene(tmp_path)
    scene.play(start(1))
    await until(lambda: scene.kinds() == [PlayerStarted, PlayerFinished])
    await scene.amplified.close()
    assert "amplifier" in caplog.text


async def test_without_commands_only_the_moment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ON, OFF):
        monkeypatch.delenv(name, raising=False)
    scene = Scene(tmp_path)
    began = now()
    scene.play(start(1))
    await until(lambda: len(scene.told) == 2)
    assert scene.told[0][0] - began < 100
    at = now() + 200
    scene.play(start(2, at=at))
    await until(lambda: len(scene.told) == 4)
    assert scene.told[2][0] >= at
    await scene.amplified.close()
