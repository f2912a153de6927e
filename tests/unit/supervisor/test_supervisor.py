"""The supervisor with real processes: order, restart, stop, and no orphan when it is killed itself."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nguon.config import supervisor
from nguon.config.supervisor import Ready, Service, Supervisor

SLEEP = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


class Lines:
    """Keeps what was said, and lets a test wait for it."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str]] = []

    def say(self, name: str, line: str) -> None:
        self.all.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for who, line in self.all if who == name]

    async def until(self, name: str, words: str, times: int = 1) -> None:
        while sum(words in line for line in self.of(name)) < times:
            await asyncio.sleep(0.01)


def python(name: str, program: str, ready: Ready = supervisor.at_once) -> Service:
    return Service(name, (sys.executable, "-c", program), ready)


def state(path: Path) -> dict[str, dict[str, Any]]:
    return {service["name"]: service for service in json.loads(path.read_text())["services"]}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def lines() -> Lines:
    return Lines()


async def test_each_waits_until_the_one_before_is_ready(tmp_path: Path, lines: Lines) -> None:
    asked = 0

    async def third_time() -> bool:
        nonlocal asked
        asked += 1
        return asked >= 3

    async def never_before_the_first() -> bool:
        assert asked >= 3
        return True

    services = [python("first", SLEEP, third_time), python("second", SLEEP, never_before_the_first)]
    tree = Supervisor(services, lines.say, tmp_path / "state.json")
    tree.on_ready = tree.stop
    assert await tree.run() == 0
    assert asked == 3
    assert {s["state"] for s in state(tmp_path / "state.json").values()} == {"stopped"}


async def test_a_dead_child_lives_again_and_its_end_is_told(tmp_path: Path, lines: Lines) -> None:
    mark = tmp_path / "mark"
    program = f"import os, sys, time; p = {str(mark)!r}; n = os.path.exists(p); open(p, 'w').close()\n"
    program += "print('life', int(n), flush=True)\nif not n: sys.exit(3)\ntime.sleep(600)"
    tree = Supervisor([python("one", program)], lines.say, tmp_path / "state.json")
    running = asyncio.create_task(tree.run())
    await lines.until("one", "life 1")
    assert lines.of("one") == ["life 0", "life 1"]
    report = state(tmp_path / "state.json")["one"]
    assert (report["restarts"], report["last_exit"]) == (1, 3)
    assert any("exit 3" in line for line in lines.of("nguon"))
    tree.stop()
    assert await running == 0


async def test_a_killed_child_leaves_the_others_alone(tmp_path: Path, lines: Lines) -> None:
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    tree = Supervisor([python("a", program), python("b", program)], lines.say, tmp_path / "state.json")
    running = asyncio.create_task(tree.run())
    await lines.until("a", "")
    await lines.until("b", "")
    os.kill(int(lines.of("a")[0]), signal.SIGKILL)
    await lines.until("a", "", times=2)
    assert len(lines.of("b")) == 1
    assert any("SIGKILL" in line for line in lines.of("nguon"))
    tree.stop()
    await running
    assert not any(alive(int(pid)) for pid in lines.of("a") + lines.of("b"))


async def test_a_full_disk_ends_nothing_and_is_told_and_the_state_is_written_when_there_is_room(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "WRITE_AGAIN", 0.05)
    full = tmp_path / "state.new"
    full.symlink_to("/dev/full")  # each write to it fails as on a disk without room
    tree = Supervisor([python("dies", "import time; time.sleep(0.1)")], lines.say, tmp_path / "state.json")
    running = asyncio.create_task(tree.run())
    await lines.until("nguon", "No space left on device", 2)
    await lines.until("nguon", "dies ended", 1)
    assert not running.done()
    full.unlink()
    while not (tmp_path / "state.json").exists():
        await asyncio.sleep(0.01)
    tree.stop()
    assert await running == 0


async def test_stop_goes_in_reverse_order(tmp_path: Path, lines: Lines) -> None:
    program = (
        "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit()))"
    )
    program += "\nprint('up', flush=True)\ntime.sleep(600)"
    tree = Supervisor([python(n, program) for n in "abc"], lines.say, tmp_path / "state.json")
    running = asyncio.create_task(tree.run())
    for name in "abc":
        await lines.until(name, "up")
    tree.stop()
    assert await running == 0
    assert [name for name, line in lines.all if line == "bye"] == ["c", "b", "a"]


async def test_one_that_will_not_stop_is_killed_with_what_it_started(tmp_path: Path, lines: Lines) -> None:
    program = (
        f"import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\nprint(p.pid, flush=True)\n"
    )
    tree = Supervisor([python("one", program + STUBBORN)], lines.say, tmp_path / "state.json", stop_within=0.3)
    running = asyncio.create_task(tree.run())
    await lines.until("one", "up")
    tree.stop()
    assert await running == 0
    assert any("killed" in line for line in lines.of("nguon"))
    grandchild = int(lines.of("one")[0])
    while alive(grandchild):
        await asyncio.sleep(0.01)


async def test_one_that_never_gets_ready_ends_everything_with_an_error(tmp_path: Path, lines: Lines) -> None:
    tree = Supervisor([python("bad", "import sys; sys.exit(1)")], lines.say, tmp_path / "state.json", ready_within=0.2)

    async def never() -> bool:
        return False

    tree.children[0].service = python("bad", "import sys; sys.exit(1)", never)
    assert await tree.run() == 1
    assert any("does not become ready" in line for line in lines.of("nguon"))


async def test_a_program_that_is_not_there_is_an_ended_child(tmp_path: Path, lines: Lines) -> None:
    tree = Supervisor([Service("gone", ("/no/such/program",))], lines.say, tmp_path / "state.json", ready_within=0.2)
    assert await tree.run() == 1
    assert any("/no/such/program" in line for line in lines.of("gone"))


async def test_very_long_and_broken_lines_do_not_stop_the_reading(tmp_path: Path, lines: Lines) -> None:
    program = "import sys, time; o = sys.stdout.buffer; o.write(b'x' * 3000000 + b'\\n\\xff\\xfe\\nend\\n')\n"
    program += "o.flush(); time.sleep(600)"
    tree = Supervisor([python("loud", program)], lines.say, tmp_path / "state.json")
    running = asyncio.create_task(tree.run())
    await lines.until("loud", "end")
    tree.stop()
    assert await running == 0


PARENT = """
import asyncio, sys
from pathlib import Path
from nguon.config.supervisor import Service, Supervisor
child = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
services = [Service(n, (sys.executable, "-c", child)) for n in "ab"]
asyncio.run(Supervisor(services, lambda n, line: print(line, flush=True), Path(sys.argv[1])).run())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_orphan_whatever_ends_the_parent(tmp_path: Path, number: signal.Signals) -> None:
    argv = [sys.executable, "-c", PARENT, str(tmp_path / "state.json")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(alive(pid) for pid in children)
        parent.send_signal(number)
        code = parent.wait(timeout=30)
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    while any(alive(pid) for pid in children):
        pass


@pytest.mark.parametrize(("code", "words"), [(0, "exit 0"), (2, "exit 2"), (-9, "killed by SIGKILL")])
def test_how_it_ended_in_words(code: int, words: str) -> None:
    assert supervisor.exit_words(code) == words
