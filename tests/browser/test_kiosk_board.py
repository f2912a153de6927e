"""The kiosk with the board's own modules behind a real mosquitto: a warning outlives the browser that shows it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nguon.config.tunnel import Tunnel
from tests.browser.board import a_document
from tests.browser.kiosk import HEADLESS, PATIENCE, a_kiosk, status
from tests.browser.talk import Talk
from tests.browser.test_board_alive import Office, an_order, say
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]


class Page(Office):
    """The same office, whose board is where a kiosk looks for it."""

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        return super()._answer("/" if path == "/bang/" else path)


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def talk(broker: Broker) -> Iterator[Talk]:
    with Talk(broker.port) as found:
        yield found


@pytest.fixture
def office() -> Page:
    return Page()


@pytest.fixture
def kiosk(
    tmp_path: Path, broker: Broker, talk: Talk, office: Page, monkeypatch: pytest.MonkeyPatch
) -> Iterator[subprocess.Popen[str]]:
    monkeypatch.setenv("NGUON_BROWSER_OPTIONS", HEADLESS)
    with Web(Tunnel(office, broker.url)) as web, a_kiosk(tmp_path, f"http://127.0.0.1:{web.port}") as one:
        talk.until(lambda: any(said.get("online") for said in talk.heard))
        yield one
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=PATIENCE)


def test_a_warning_is_shown_again_by_the_next_browser(
    tmp_path: Path, kiosk: subprocess.Popen[str], office: Page, talk: Talk
) -> None:
    warning = an_order("2", office.put(a_document("Lũ lên nhanh"), 300_000), level=90)
    say(talk, warning)
    talk.until(lambda: talk.stages(warning.id)[-1:] == ["started"])
    talk.until(lambda: status(tmp_path)["level shown"] == 90)
    before = status(tmp_path)["browser"]
    os.kill(before, signal.SIGKILL)
    talk.until(lambda: status(tmp_path)["browser"] not in (0, before) and status(tmp_path)["level shown"] == 90)
    assert status(tmp_path)["restarts"] == {"ended": 1}
    assert "failed" not in talk.stages(warning.id)
