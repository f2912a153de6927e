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

from nguon.kit import clock
from nguon.kit.processes import die_with_parent
from tests.services import Server
from tests.walks.officer import PATIENCE, Officer, eventually
from tests.walks.test_keyboard_to_loudspeaker import HAMLETS, approve, loudness, write_and_hear

pytestmark = pytest.mark.slow
TITLE = "Lịch tiêm phòng trong tuần"
ENROL = """
import json
from nguon.devices import actions as devices, enrolment
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
now, technician = clock.now(), Person.objects.get(username="kt.phuocthuan")
codes = []
for place in Place.objects.filter(name__in=json.loads({hamlets!r}), kind="thôn").order_by("name"):
    made = devices.register(name="Cụm " + place.name, place=place, actor=technician, now=now)
    codes.append(enrolment.issue_code(device=made, actor=technician, now=now))
print(json.dumps(codes))
"""
MAKE = """
import json
from datetime import datetime
from nguon.delivery.rules import Targets
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.programme import composing, slotting
from nguon.programme.items import Item, Kind
from nguon.programme.models import Policy, Slot
now, asked = clock.now(), json.loads({asked!r})
person = Person.objects.get(username="bt.phuocthuan")
Policy.objects.update(ended_at=now)  # the story is told at any hour of the day
Slot.objects.update(ended_at=now)
commune = Place.objects.get(name="Phước Thuận", kind="xã", valid_to=None)
told = Item(Kind.BULLETIN, what=asked["bulletin"])
items = [told, Item(Kind.PAUSE, seconds=4), told]
programme = composing.create(place_id=commune.pk, name=asked["name"], kept=items, actor=person, now=now)
hamlets = Place.objects.filter(name__in=asked["hamlets"], kind="thôn").values_list("pk", flat=True)
at = datetime.fromisoformat(asked["at"])
wanted = slotting.Wanted(
    place_id=commune.pk, programme=programme, first_day=at.date(), at=at.time(), rule="FREQ=DAILY",
    targets=Targets(places=tuple(hamlets)))
slotting.create(wanted=wanted, actor=person, now=now)
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("week")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    running = Server(folder / "server")
    try:
        yield running.start(demo=True)
    finally:
        running.stop()


@pytest.fixture(scope="module")
def bulletin(server: Server) -> str:
    """A bulletin written, heard and approved: its id."""
    with (
        Officer(server.base_url, "bt.phuocthuan", password(server, "bt.phuocthuan")) as editor,
        Officer(server.base_url, "duyet.phuocthuan", password(server, "duyet.phuocthuan")) as leader,
    ):
        address, sound = write_and_hear(editor, TITLE)
        approve(editor, leader, address, sound, TITLE)
    return address.rpartition("/")[2].replace("-", "")


@pytest.fixture(scope="module")
def boxes(server: Server, folder: Path) -> Iterator[list[Box]]:
    """A device in each of two hamlets, in the order of their names."""
    found = []
    try:
        for number, code in enumerate(json.loads(server.shell(ENROL.format(hamlets=json.dumps(HAMLETS))))):
            (folder / f"box{number}").mkdir()
            found.append(Box(folder / f"box{number}", server, code))
        yield found
    finally:
        for box in found:
            box.cut()


def password(server: Server, name: str) -> str:
    lines = server.nguon("demo", "accounts").splitlines()
    return next(line for line in lines if name in line).split()[1]


def planned(server: Server, bulletin: str, name: str, hamlets: list[str]) -> datetime:
    """A slot that begins at the next full minute but 20 s, held by the devices of these hamlets: when that is."""
    at = clock.now().astimezone(clock.LOCAL) + timedelta(seconds=80)
    at = at.replace(second=0, microsecond=0)
    asked = {"bulletin": bulletin, "name": name, "at": at.replace(tzinfo=None).isoformat(), "hamlets": hamlets}
    server.shell(MAKE.format(asked=json.dumps(asked)))
    limit = time.monotonic() + PATIENCE
    while sum(map(_holds, found := held(server))) != len(hamlets):
        assert time.monotonic() < limit, f"not held: {found}"
    assert clock.now() < at, "the machine is too slow for this story"
    return at


def held(server: Server) -> list[Any]:
    found: list[Any] = json.loads(server.shell(HELD.format(title=TITLE)))
    return found


def _holds(row: list[Any]) -> bool:
    held_, version, ready, days = row
    return bool(version and held_ == version and ready == 100 and days >= 7)


def played(server: Server) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(server.shell(PLAYED.format(title=TITLE)))
    return found


def test_a_week_planned_the_network_cut_every_cluster_on_time(
    server: Server, bulletin: str, boxes: list[Box], tmp_path: Path
) -> None:
    at = planned(server, bulletin, "Bản tin tuần", list(HAMLETS))
    server.stop()
    time.sleep(max(0, (at - clock.now()).total_seconds()))
    eventually(lambda: all(len(box.heard()) == 2 for box in boxes), "what the plan holds was not played")
    for box in boxes:
        mean, seconds = loudness(box.heard()[0].read_bytes(), tmp_path)
        assert mean > -30, "a loudspeaker that played silence"
        assert seconds > 3
    server.start(demo=True)
    eventually(lambda: [row[2] for row in played(server)] == ["finished"] * 4, "what was played was not told")
    eventually(lambda: all(row[5] is not None for row in played(server)), "when it began was not told")
    for name, part, _progress, _why, _position, late in played(server):
        assert part == 1 or abs(late) <= 1, f"{name} began {late} s late"
    with Officer(server.base_url, "bt.phuocthuan", password(server, "bt.phuocthuan")) as officer:
        page = officer.open("/giam-sat/doi-soat?theo=device&loai=lich")
    assert re.search(r"Cụm Quảng Vân.{0,3000}2 / \d", page, re.DOTALL)


def test_power_lost_in_mid_item_it_goes_on_where_the_clock_is(
    server: Server, bulletin: str, boxes: list[Box], tmp_path: Path
) -> None:
    box = boxes[0]
    before = len(box.heard())
    at = planned(server, bulletin, "Bản tin tối", [sorted(HAMLETS)[0]])
    time.sleep(max(0, (at - clock.now()).total_seconds()))
    eventually(lambda: len(box.heard()) > before, "it did not begin")
    time.sleep(2)
    box.cut()
    time.sleep(1)
    box.start()
    eventually(lambda: [row[2] for row in played(server)] == ["finished"] * 6, "what began was not ended")
    assert re.search(r"playing \w+ from [1-9]\d{3,} ms", box.log()), "it began again at the beginning"
