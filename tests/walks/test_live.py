"""Two stories of sound that comes as it is made: a relay that goes silent, and a voice that interrupts a programme.

Real broker, real Icecast, real ffmpeg, real device agents; the voice comes over the speaker's own line.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports.agent_help import an_mp3
from tests.ports.radio import Icecast
from tests.services import Server
from tests.walks.officer import PATIENCE, Officer, text
from tests.walks.speaker import Speaker

pytestmark = pytest.mark.slow
HAMLET = "Quảng Vân"
MAKE = """
import json
from datetime import timedelta
from pathlib import Path
from nguon.delivery import actions
from nguon.delivery.rules import Targets
from nguon.kit import clock
from nguon.media.actions import store_file
from nguon.people.models import Person
from nguon.places.models import Place
asked = json.loads({asked!r})
now, place = clock.now(), Place.objects.get(name={hamlet!r}, kind="thôn")
file = asked["file"] and store_file(path=Path(asked["file"]), mime="audio/mpeg", now=now, duration_ms=asked["ms"])
made = actions.create_broadcast(
    subject="walk:" + asked["title"], review=None, title=asked["title"], place_id=place.pk, channel="speaker",
    level=asked["level"], file=file or None, streams=tuple(asked["streams"]), length_ms=asked["ms"],
    targets=Targets(places=(place.pk,)), start_at=now + timedelta(seconds=asked["wait"]) if asked["wait"] else None,
    expires_at=now + timedelta(minutes=10), actor=Person.objects.get(username="bt.phuocthuan"), now=now)
print(made.pk.hex)
"""
ASK = """
import json
from nguon.delivery.models import Delivery
rows = Delivery.objects.filter(broadcast={pk!r}).select_related("broadcast")
print(json.dumps([[row.progress, row.reason, row.detail, row.position_ms,
    row.started_at and (row.started_at - (row.broadcast.start_at or row.broadcast.issued_at)).total_seconds()]
    for row in rows]))
"""


@pytest.fixture
def editor(demo_server: Server) -> Iterator[Officer]:
    line = next(line for line in demo_server.nguon("demo", "accounts").splitlines() if "bt.phuocthuan" in line)
    with Officer(demo_server.base_url, "bt.phuocthuan", line.split()[1]) as one:
        yield one


def make(
    server: Server, title: str, level: int, ms: int, *, file: Path | None = None, wait: int = 0, **more: Any
) -> str:
    """A broadcast to the hamlet; its id."""
    asked = {"title": title, "level": level, "ms": ms, "file": str(file or ""), "wait": wait, "streams": [], **more}
    return server.shell(MAKE.format(asked=json.dumps(asked), hamlet=HAMLET)).strip()


def rows(server: Server, broadcast: str) -> list[list[Any]]:
    """What each cluster answered: progress, reason, detail, position (ms), seconds after its time that it began."""
    found: list[list[Any]] = json.loads(server.shell(ASK.format(pk=broadcast)))
    return found


def until(server: Server, broadcast: str, *progress: str) -> list[list[Any]]:
    """Wait until every cluster came to one of these."""
    limit = time.monotonic() + PATIENCE
    while not (found := rows(server, broadcast)) or not all(row[0] in progress for row in found):
        assert time.monotonic() < limit, f"never {progress}: {found}"
        time.sleep(0.5)
    return found


def test_relay_goes_silent(demo_server: Server, tmp_path: Path) -> None:
    """The first station falls silent, the second is heard; then that too, it is told, and the next item is on time.

    The stations fall silent when the test says so: on a slow machine the order comes late, not the silence early.
    """
    sound = tmp_path / "next.mp3"
    sound.write_bytes(an_mp3(tmp_path, 4))
    with Icecast() as icecast, icecast.station("huyen.mp3") as first, icecast.station("tinh.mp3") as second:
        relay = make(demo_server, "Tiếp âm đài huyện", 30, 600_000, streams=[first.url, second.url])
        clusters = len(until(demo_server, relay, "started"))
        began = time.monotonic()
        first.fall_silent()
        wait_for(lambda: icecast.listeners("tinh.mp3") == clusters)
        time.sleep(10)  # let it be heard
        silent = time.monotonic() - began
        second.fall_silent()
        following = make(demo_server, "Bản tin sau tiếp âm", 40, 4_000, file=sound, wait=100)
        ended = until(demo_server, relay, "failed")
    for _, reason, detail, position, _ in ended:
        assert reason == "relay"
        assert all(station.url in detail for station in (first, second))
        assert position >= silent * 1000 - 3_000, "the second station was heard after the first"
        assert position <= silent * 1000 + 25_000, "and the silence after it, of 40 seconds, was not"
    for _, _, _, _, late in until(demo_server, following, "finished"):
        assert abs(late) <= 1.5


def wait_for(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_live_interrupts_and_the_programme_goes_on(demo_server: Server, editor: Officer, tmp_path: Path) -> None:
    sound = tmp_path / "music.mp3"
    sound.write_bytes(an_mp3(tmp_path, 40))
    programme = make(demo_server, "Chương trình chiều", 40, 40_000, file=sound)
    until(demo_server, programme, "started")
    speaker = Speaker(demo_server, editor, prepare(editor))

    async def story() -> None:
        await speaker.speak(lambda: heard(speaker) and rows(demo_server, programme)[0][0] == "preempted", end=False)
        await speaker.speak(lambda: len([one for one in speaker.said if one["state"] == "on-air"]) == 2)

    asyncio.run(story())
    assert {"state": "ended", "why": "speaker"} in speaker.said[-2:]  # how many heard it may be told after that
    until(demo_server, programme, "started")
    for _, _, _, position, _ in until(demo_server, programme, "finished"):
        assert position == pytest.approx(40_000, abs=500), "from where it was interrupted to its end"
    page = editor.until(f"/phat-truc-tiep/{speaker.session}", r"/am-thanh/([0-9a-f]{64})")
    assert len(editor.http.get(f"/am-thanh/{page}").content) > 8_000
    assert "Người nói kết thúc" in text(editor.page.text)


def prepare(editor: Officer) -> str:
    """A session to the hamlet; its id."""
    page = editor.open("/phat-truc-tiep/moi")
    found = re.search(rf'name="place" value="([^"]+)"[^>]*>[^<]*{HAMLET}', page)
    assert found
    editor.send("/phat-truc-tiep/moi", place=[found.group(1)], title="Dặn dò trước bão")
    assert "Lên sóng ngay" in editor.page.text
    return str(editor.page.url.path).rsplit("/", 1)[1]


def heard(speaker: Speaker) -> bool:
    """Whether every cluster told that it sounds."""
    counts = [one for one in speaker.said if one["state"] == "heard"]
    return bool(counts) and counts[-1]["started"] == counts[-1]["total"] > 0


def test_a_line_that_drops_for_good_ends_it(demo_server: Server, editor: Officer) -> None:
    speaker = Speaker(demo_server, editor, prepare(editor))
    asyncio.run(speaker.speak(lambda: heard(speaker), end=False))
    editor.until(f"/phat-truc-tiep/{speaker.session}", "Mất đường truyền từ máy người nói")
    editor.until(f"/phat-truc-tiep/{speaker.session}", r"/am-thanh/([0-9a-f]{64})")


def test_the_line_is_for_the_speaker_and_for_pages_of_this_server(demo_server: Server, editor: Officer) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus

    speaker = Speaker(demo_server, editor, prepare(editor))
    tries = [
        ({"Cookie": speaker.cookie}, "http://elsewhere.example"),
        ({"Cookie": speaker.cookie}, None),
        ({}, speaker.origin),
        ({"Cookie": "sessionid=nonsense"}, speaker.origin),
    ]

    async def refused(headers: dict[str, str], origin: str | None, url: str = speaker.url) -> None:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(url, additional_headers=headers, origin=origin):  # type: ignore[arg-type]
                pass
        assert caught.value.response.status_code == 403

    for headers, origin in tries:
        asyncio.run(refused(headers, origin))
    good = {"Cookie": speaker.cookie}
    asyncio.run(refused(good, speaker.origin, speaker.url.replace(speaker.session, "0" * 8 + speaker.session[8:])))
    asyncio.run(refused(good, speaker.origin, speaker.url.replace("duong-truyen", "khac")))


def test_the_same_goes_through_an_icecast(tmp_path: Path) -> None:
    with Icecast() as icecast, Server(tmp_path, NGUON_RELAY_URL=icecast.source).start(demo=True) as server:
        line = next(line for line in server.nguon("demo", "accounts").splitlines() if "bt.phuocthuan" in line)
        with Officer(server.base_url, "bt.phuocthuan", line.split()[1]) as editor:
            speaker = Speaker(server, editor, prepare(editor))
            asyncio.run(speaker.speak(lambda: heard(speaker)))
            editor.until(f"/phat-truc-tiep/{speaker.session}", r"/am-thanh/([0-9a-f]{64})")
        assert "nguon.live.relay" not in server.log(), "our own relay has nothing to do"
