"""The service `alerts` as it runs: somebody on duty gets a letter about clusters that never answered."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ports import notices
from tests.services import STOP_WITHIN, Server

MAKE = """
from datetime import timedelta
from nguon.alerts.models import Duty
from nguon.kit import clock
from tests.app import warning
district = warning.build(clock.now())
Duty.objects.create(place=district.commune, name="Nguyễn Văn Trực", email="truc@tuyphuoc.example")
district.live(now=clock.now() - timedelta(seconds=50))
"""
STATE = """
from nguon.alerts.models import Telling
print([(row.state, row.way, row.answer) for row in Telling.objects.all()])
"""


def until(met: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not met():
        assert time.monotonic() < limit
        time.sleep(0.1)


@pytest.mark.slow
def test_who_is_on_duty_gets_a_letter_and_a_restart_sends_no_second(tmp_path: Path) -> None:
    with notices.mail() as (box, port):
        sender = {"NGUON_SMTP_URL": f"smtp+plain://127.0.0.1:{port}", "NGUON_SMTP_FROM": "nguon@tuyphuoc.example"}
        server = Server(tmp_path / "data", **sender)
        server.data.mkdir()
        server.nguon("manage", "migrate", "--verbosity", "0")
        server.shell(MAKE)
        for start in range(2):
            argv = [sys.executable, "-m", "nguon.cli", "run", "alerts"]
            with subprocess.Popen(argv, env=server.env, stderr=subprocess.DEVNULL) as service:
                until(lambda: "told" in server.shell(STATE))
                time.sleep(10 * start)  # the second has nothing to do: it is given time to do it wrongly
                service.send_signal(signal.SIGTERM)
                assert service.wait(STOP_WITHIN) == 0
    assert len(box.letters) == 1
    assert box.letters[0]["Subject"].startswith("[KHẨN] 2 cụm loa không trả lời")
    assert server.shell(STATE).strip() == "[('told', 'email', 'taken as 4711')]"
