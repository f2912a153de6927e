"""`nguon agent` as a program of its own."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

from nguon.agent import identity
from tests.ports.agent_help import Broker, Web, an_identity, until


def nguon(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nguon.cli", "agent", *words], capture_output=True, text=True, timeout=60
    )


def test_a_folder_without_a_device(tmp_path: Path) -> None:
    for words in (("run",), ("status",)):
        done = nguon(*words, "--home", str(tmp_path / "none"))
        assert done.returncode == 1
        assert "enrol it first" in done.stderr
        assert "Traceback" not in done.stderr


def test_enrolment_is_not_repeated_by_mistake(tmp_path: Path) -> None:
    identity.save(tmp_path, an_identity("http://127.0.0.1:1", "mqtt://127.0.0.1:1"))
    done = nguon("enrol", "--server", "http://127.0.0.1:1", "--code", "X", "--home", str(tmp_path))
    assert done.returncode == 1
    assert "--again" in done.stderr


def test_no_django_is_loaded() -> None:
    words = "import sys, nguon.cli.agent, nguon.agent.run, nguon.agent.enrol, nguon.agent.clusters, nguon.agent.swarm"
    done = subprocess.run([sys.executable, "-c", f"{words}; sys.exit('django' in sys.modules)"], timeout=60)
    assert done.returncode == 0


async def test_runs_until_told_to_end(tmp_path: Path) -> None:
    async with Web() as web:
        with Broker() as broker:
            identity.save(tmp_path, an_identity(web.url, broker.url))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "nguon.cli", "agent", "run", "--player", "recorder", "--home", str(tmp_path)),
                stderr=asyncio.subprocess.PIPE,
            )
            await until(lambda: web.asked, within=30)  # it looked at the server's clock
            process.send_signal(signal.SIGTERM)
            _, words = await asyncio.wait_for(process.communicate(), 20)
            assert process.returncode == 0
            assert b"Traceback" not in words
            assert b"NO SOUND" in words
    done = await asyncio.to_thread(nguon, "status", "--json", "--home", str(tmp_path))
    assert json.loads(done.stdout)["device"] == "d" * 32
