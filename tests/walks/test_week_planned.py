"""Two stories of plans: the network cut and every cluster on time; the power lost in mid-item.

A whole server, its planner, a real voice; the devices are agents in processes of their own. The network is cut by
stopping the server with its broker: what plays then, plays by the plan alone.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.config.supervisor import die_with_parent
from nguon.kit import clock
from tests.services import Server
from tests.walks.officer import PATIENCE, Officer, eventually
from tests.walks.test_keyboard_to_loudspeaker import HAMLETS, approve, loudness, write_and_hear

pytestmark = pytest.mark.slow
TITLE = "Lịch tiêm phòng trong tuần"
MAKE = """
import json
from datetime import datetime
from nguon.devices import actions as devices, enrolment
from nguon.devices.models import Device, Status
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.programme import composing, slotting
from nguon.programme.items import Item, Kind
from nguon.programme.models import Policy, Slot
from nguon.delivery.rules import Targets
now, asked = clock.now(), json.loads({asked!r})
person = Person.objects.get(username="bt.phuocthuan")
technician = Person.objects.get(username="kt.phuocthuan")
hamlets = list(Place.objects.filter(name__in=asked["hamlets"], kind="thôn").order_by("name"))
codes = []
for place in hamlets:
    made = devices.register(name="Cụm " + place.name, place=place, actor=technician, now=now)
    codes.append(enrolment.issue_code(device=made, actor=technician, now=now))
Policy.objects.update(ended_at=now)  # the story is told at any hour of the day
Slot.objects.update(ended_at=now)
commune = Place.objects.get(name="Phước Thuận", kind="xã", valid_to=None)
told = Item(Kind.BULLETIN, what=asked["bulletin"])
items = [told, Item(Kind.PAUSE, seconds=4), told]
programme = composing.create(place_id=commune.pk, name="Bản tin tuần", kept=items, actor=person, now=now)
at = datetime.fromisoformat(asked["at"])
wanted = slotting.Wanted(
    place_id=commune.pk, programme=programme, first_day=at.date(), at=at.time(), rule="FREQ=DAILY",
    targets=Targets(places=tuple(place.pk for place in hamlets)))
slotting.create(wanted=wanted, actor=person, now=now)
print(json.dumps(codes))
"""
HELD = """
import json
from nguon.delivery.models import DevicePlan
from nguon.devices.models import Device
from nguon.programme.models import Session
found = []
for one in Device.objects.filter(simulated=False).select_related("state", "plan__document"):
    rows = one.plan.document.broadcasts.filter(title={title!r}) if hasattr(one, "plan") else []
    found.append([one.state.plan_held, one.plan.version if hasattr(one, "plan") else 0, one.state.planned_ready,
        len({{row.start_at.date() for row in rows}})])
print(json.dumps(found))
"""
PLAYED = """
import json
from nguon.delivery.models import Delivery
rows = Delivery.objects.filter(device__simulated=False, broadcast__title={title!r}).select_related("broadcast")
print(json.dumps([[row.device.name, row.broadcast.part, row.progress, row.reason, row.position_ms,
    row.started_at and (row.started_at - row.broadcast.start_at).total_seconds()]
    for row in rows.order_by("device__name", "broadcast__part")]))
"""


class Box:
    """A device in a process of its own, with its home."""

    def __init__(self, home: Path, server: Server, code: str) -> None:
        self.home = home
        self._nguon("enrol", "--server", server.base_url, "--code", code, "--home", str(home))
        self.start()

    def _nguon(self, *words: str) -> None:
        argv = [sys.executable, "-m", "nguon.cli", "agent", *words]
        subprocess.run(argv, check=True, capture_output=True, timeout=60)

    def start(self) -> None:
        """Power on."""
        argv = [sys.executable, "-m", "nguon.cli", "agent", "run", "--player", "recorder", "--home", str(self.home)]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(argv, stdout=log, stderr=log, preexec_fn=die_with_parent)

    def cut(self) -> None:
        """Power off, without warning."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        """All it said."""
        return (self.home / "log").read_text(errors="replace")

    def heard(self) -> list[Path]:
        """The recordings of what it played."""
        return sorted((self.home / "recordings").glob("*.mp3"), key=lambda path: path.stat().st_mtime)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "server")
    try:
        yield running.start(demo=True)
    finally:
        running.stop()


def password(server: Server, name: str) -> str:
    lines = server.nguon("demo", "accounts").splitlines()
    return next(line for line in lines if name in line).split()[1]


def planned(server: Server, tmp_path: Path, at: datetime, hamlets: list[str]) -> list[Box]:
    """A bulletin written, heard, approved, and in a slot that begins `at`; the boxes that hold the plan of it."""
    with (
        Officer(server.base_url, "bt.phuocthuan", password(server, "bt.phuocthuan")) as editor,
        Officer(server.base_url, "duyet.phuocthuan", password(server, "duyet.phuocthuan")) as leader,
    ):
        address, sound = write_and_hear(editor, TITLE)
        approve(editor, leader, address, sound, TITLE)
    bulletin = address.rpartition("/")[2].replace("-", "")
    asked = {"bulletin": bulletin, "at": at.replace(tzinfo=None).isoformat(), "hamlets": hamlets}
    codes = json.loads(server.shell(MAKE.format(asked=json.dumps(asked))))
    boxes = []
    for number, code in enumerate(codes):
        (tmp_path / f"box{number}").mkdir()
        boxes.append(Box(tmp_path / f"box{number}", server, code))
    limit = time.monotonic() + PATIENCE
    while not all(map(_holds, found := held(server))):
        assert time.monotonic() < limit, f"not held: {found} {boxes[0].log()[-2000:]}"
    return boxes


def held(server: Server) -> list[Any]:
    found: list[Any] = json.loads(server.shell(HELD.format(title=TITLE)))
    return found


def _holds(row: list[Any]) -> bool:
    held_, version, ready, days = row
    return bool(version and held_ == version and ready and days >= 7)


def minute(after: timedelta) -> datetime:
    """The next full minute so much later, in Vietnam."""
    moment = clock.now().astimezone(clock.LOCAL) + after
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def played(server: Server) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(server.shell(PLAYED.format(title=TITLE)))
    return found


def test_a_week_planned_the_network_cut_every_cluster_on_time(server: Server, tmp_path: Path) -> None:
    at = minute(timedelta(seconds=100))
    boxes = planned(server, tmp_path, at, list(HAMLETS))
    assert clock.now() < at - timedelta(seconds=5), "the machine is too slow for this story"
    server.stop()
    eventually(lambda: all(len(box.heard()) == 2 for box in boxes), "what the plan holds was not played")
    time.sleep(12)  # to the end of the second
    for box in boxes:
        mean, seconds = loudness(box.heard()[0].read_bytes(), tmp_path)
        assert mean > -30
        assert seconds > 3
    server.start(demo=True)
    eventually(lambda: len(done := played(server)) == 4 and all(row[2] == "finished" for row in done), "no receipts")
    for name, part, progress, _why, _position, late in played(server):
        assert progress == "finished"
        assert part == 1 or abs(late) <= 1, f"{name} began {late} s late"
    with Officer(server.base_url, "bt.phuocthuan", password(server, "bt.phuocthuan")) as officer:
        page = officer.open("/giam-sat/doi-soat?theo=device&loai=lich")
        assert re.search(r"Cụm Quảng Vân.{0,3000}2 / \d", page, re.DOTALL)


def test_power_lost_in_mid_item_it_goes_on_where_the_clock_is(server: Server, tmp_path: Path) -> None:
    at = minute(timedelta(seconds=100))
    (box,) = planned(server, tmp_path, at, [HAMLETS[0]])
    assert clock.now() < at - timedelta(seconds=5), "the machine is too slow for this story"
    limit = time.monotonic() + PATIENCE + 120
    while not box.heard():
        assert time.monotonic() < limit
        time.sleep(0.2)
    time.sleep(2)
    box.cut()
    gone = clock.now()
    time.sleep(1)
    box.start()
    eventually(lambda: len(done := played(server)) == 2 and all(row[2] == "finished" for row in done), "not finished")
    assert re.search(r"playing \w+ from [1-9]\d{3,} ms", box.log()), "it began again at the beginning"
    first = next(row for row in played(server) if row[1] == 0)
    assert first[2] == "finished"
    assert gone > at
