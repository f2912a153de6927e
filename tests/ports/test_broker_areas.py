"""Who may read which areas: the real mosquitto with its plugin, while devices are moved, grouped, repaired, revoked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from nguon.agent.swarm import mqtt
from nguon.config import broker_areas
from nguon.wire import topics
from tests.conftest import MakeServer
from tests.ports.test_broker_service import listens, until
from tests.services import Server

MAKE = """
import json
from tests.app import clusters
from nguon.devices import actions
from nguon.devices.models import Device, Status
world, now = clusters.make_world(), clusters.clock.now()
made = actions.register_swarm(count=2, place=world.hamlet, actor="test", now=now)
print(json.dumps([[[device.hex, password] for device, password in made],
    [world.root.pk.hex, world.here.pk.hex, world.hamlet.pk.hex], world.there.pk.hex]))
"""
DO = """
from uuid import UUID
from nguon.devices import actions
from nguon.devices.models import Device, Group, Status
from nguon.kit import clock
from nguon.places.models import Place
device = Device.objects.get(pk=UUID({device!r}))
now, place = clock.now(), lambda pk: Place.objects.get(pk=UUID(pk))
{what}
"""


GROUPS = """
import json
from nguon.devices.models import Group
print(json.dumps([pk.hex for pk in Group.objects.values_list("pk", flat=True)]))
"""


@pytest.fixture
def data(make_server: MakeServer) -> Server:
    """An empty database and the settings of a server that does not run."""
    return make_server()


@pytest.fixture
def service(data: Server) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-m", "nguon.cli", "run", "broker"], env=data.env) as process:
        until(lambda: listens(data.broker_port) or process.poll() is not None)
        yield process
        process.terminate()


class Line(broker_areas.Wire):
    """One who is signed in and hears whatever the broker lets him of what he asked for."""

    def __init__(self, data: Server, user: str, password: str, *asked: str) -> None:
        super().__init__(data.broker_port, user, password, *asked)

    def settle(self) -> None:
        """Until all that was said before has gone where it goes."""
        self.send(mqtt.PING)
        self.until(0xD0)

    def hears_nothing(self) -> bool:
        """Not for half a second."""
        self._socket.settimeout(0.5)
        try:
            self.until(0x30)
        except TimeoutError:
            return True
        return False


def own(data: Server) -> str:
    return (data.data / "broker/server.password").read_text()


def heard_of(data: Server, device: str, password: str, areas: list[str]) -> set[str]:
    """Which of these areas reach the device, which asks for everything there is."""
    with ExitStack() as lines:
        server = lines.enter_context(Line(data, "server", own(data)))
        box = lines.enter_context(Line(data, device, password, "#", "nguon/1/area/+/+", topics.down(device)))
        for area in areas:
            server.say(topics.area(area, "speaker"), b"to all")
        server.settle()
        server.say(topics.down(device), b"that was all")
        found = set()
        while (came := box.hear())[1] == b"to all":
            found.add(came[0].split("/")[3])
        return found


def until_hears(data: Server, device: str, password: str, areas: list[str], wanted: set[str]) -> None:
    def met() -> bool:
        try:
            return heard_of(data, device, password, areas) == wanted
        except OSError:  # put out, as its areas changed
            return False

    until(met)


def test_a_device_hears_its_own_areas_and_follows_the_registry(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    [[one, pw], [two, two_pw]], above, there = json.loads(data.shell(MAKE))
    every = [*above, there, "f" * 32]
    until_hears(data, one, pw, every, set(above))

    def do(what: str) -> None:
        data.shell(DO.format(device=one, what=what))

    do(f"actions.change(device=device, actor='test', now=now, place=place({there!r}))")
    until_hears(data, one, pw, every, {above[0], there})
    assert heard_of(data, two, two_pw, every) == set(above)  # nobody else is touched
    do(f"group = actions.create_group(name='Chợ', place=place({there!r}), actor='test', now=now);"
       "actions.change(device=device, actor='test', now=now, groups=[group])")  # fmt: skip
    (group,) = json.loads(data.shell(GROUPS))
    until_hears(data, one, pw, [*every, group], {above[0], there, group})
    do("actions.set_status(device=device, status=Status.REPAIR, reason='x', actor='test', now=now)")
    until_hears(data, one, pw, [*every, group], set())
    do("actions.set_status(device=device, status=Status.ACTIVE, reason='x', actor='test', now=now)")
    until_hears(data, one, pw, [*every, group], {above[0], there, group})


def test_a_device_speaks_for_itself_alone(data: Server, service: "subprocess.Popen[bytes]") -> None:
    [[one, pw], [two, two_pw]], above, _ = json.loads(data.shell(MAKE))
    until_hears(data, two, two_pw, above, set(above))
    with ExitStack() as lines:
        server = lines.enter_context(Line(data, "server-listener", own(data), "nguon/1/#", "$CONTROL/#"))
        other = lines.enter_context(
            Line(data, two, two_pw, topics.down(two), topics.area(above[0], "speaker"), topics.UPLINK)
        )
        thief = lines.enter_context(Line(data, one, pw, topics.UPLINK, topics.down(two), broker_areas.ANSWERS))
        for topic in (
            *(topics.up(two, what) for what in ("receipt", "vitals", "presence")),
            *(
                topics.down(two),
                topics.down(one),
                topics.area(above[0], "speaker"),
                topics.area(above[2], "speaker"),
                topics.SERVER,
            ),
        ):
            thief.say(topic, b"in another's name")
        steal = {"command": "modifyClient", "username": one, "groups": [{"groupname": above[0]}]}
        thief.say(broker_areas.TOPIC, json.dumps({"commands": [steal]}).encode())
        thief.say(topics.up(one, "receipt"), b"in mine")
        assert server.hear() == (topics.up(one, "receipt"), b"in mine")
        server.say(topics.down(two), b"for two")
        assert other.hear() == (topics.down(two), b"for two")  # and nothing of the thief's before it
        server.say(topics.down(one), b"for one")
        assert thief.hears_nothing()  # it did not ask for its own, and hears nobody else's


def test_it_begins_anew_when_the_broker_does_not_take_a_change(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    """Somebody else has meddled: the registry is the truth, and it is written whole again."""
    [[one, pw], _], above, there = json.loads(data.shell(MAKE))
    until_hears(data, one, pw, above, set(above))
    meddled = [{"command": "deleteClient", "username": one}]
    broker_areas.tell(meddled, port=data.broker_port, username="server-control", password=own(data))
    assert heard_of(data, one, pw, above) == set()
    data.shell(DO.format(device=one, what=f"actions.change(device=device, actor='t', now=now, place=place({there!r}))"))
    until_hears(data, one, pw, [*above, there], {above[0], there})
    assert service.poll() is None


def test_many_changes_at_once_begin_anew(data: Server, service: "subprocess.Popen[bytes]") -> None:
    [[one, pw], _], above, _ = json.loads(data.shell(MAKE))
    until_hears(data, one, pw, above, set(above))
    many = (
        "actions.register_swarm(count=600, place=device.place, actor='test', now=now)\n"
        "Device.objects.filter(simulated=True).update(settings_version=2)"
    )
    data.shell(DO.format(device=one, what=many))
    until_hears(data, one, pw, above, set(above))

    def stored() -> int:
        try:
            found = json.loads((data.data / "broker" / broker_areas.FILE).read_bytes())
        except ValueError:  # being written
            return 0
        assert found["defaultACLAccess"]["publishClientReceive"] is False
        return len(found["clients"])

    until(lambda: stored() == 602)
    assert (data.data / "broker" / broker_areas.FILE).stat().st_mode & 0o077 == 0


def test_the_device_port_and_all_users_but_one_are_kept_from_the_controls(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    for user in ("server", "server-sender", "server-listener"):
        with Line(data, user, own(data), broker_areas.ANSWERS) as line:
            line.say(broker_areas.TOPIC, b'{"commands":[{"command":"listClients"}]}')
            assert line.hears_nothing()
    with pytest.raises(broker_areas.NotTold, match="refused"):
        broker_areas.tell([], port=data.broker_port, username="server-control", password="wrong")
