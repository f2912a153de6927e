"""A swarm that lives by a plan: one document and one file for all, read once, each device on time."""

import asyncio
import time

from nguon.agent.swarm import Swarm, mqtt
from nguon.wire import codec, topics
from nguon.wire.messages import NewPlan, Plan, Play
from tests.authority import by_place, sealed
from tests.load.test_swarm_fanout import AREA, Counting, identities
from tests.ports.agent_help import Broker, Web, until

DEVICES = 300


async def test_three_hundred_devices_live_by_one_plan() -> None:
    began: list[int] = []
    async with Web() as web:
        with Broker() as broker:
            swarm = Swarm(
                identities(DEVICES, broker.url, web.url),
                "127.0.0.1",
                broker.port,
                observer=lambda device, receipt: began.append(receipt.at) if receipt.stage == "started" else None,
            )
            await swarm.start()
            await swarm.wait_connected()
            now = time.time_ns() // 1_000_000
            play = Play(
                id="1" * 32,
                at=now,
                start=now + 6_000,
                begin_by=now + 30_000,
                expires=now + 60_000,
                level=40,
                content=web.put(b"sound" * 1_000, 1_000),
                areas=(AREA,),
            )
            document = web.put_plan(by_place(codec.encode(Plan(made=now, until=now + 86_400_000, plays=(play,)))))
            speaker = Counting("none")
            await asyncio.get_running_loop().create_connection(lambda: speaker.wire, "127.0.0.1", broker.port)
            await speaker.ready.wait()
            told = NewPlan(id="2" * 32, at=now, version=1, document=document)
            for device in swarm.devices:
                message = sealed(told, device.identity.device)
                speaker.send(mqtt.publish(mqtt.text(topics.down(device.identity.device)), message))
            await until(lambda: all(device.state.plan == 1 for device in swarm.devices))
            agendas = {id(device.state.agenda) for device in swarm.devices}
            assert len(agendas) == 1  # in memory once
            await until(lambda: swarm.sent["finished"] == DEVICES, within=30)
            await swarm.stop()
            speaker.wire.close()
            await asyncio.sleep(0)
    assert dict(swarm.sent) == {"started": DEVICES, "finished": DEVICES}
    assert min(began) - play.start >= 0
    assert max(began) - play.start < 1_000
    fetched = [path for path, _headers in web.asked]
    assert sorted(fetched) == [f"GET /api/1/content/{play.sha256}", f"GET /api/1/plan/{document.sha256}"]
