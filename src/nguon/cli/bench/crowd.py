"""The simulated devices of a bench, in a process of their own, with the core of a real one.

Run as `python -m nguon.cli.bench.crowd BROKER_PORT WEB_PORT AREA CHANNEL FILE`; FILE has one `id password` a line.
Prints `ready` when all are connected; answers each line on standard input with one of JSON. Ends when that closes.

`report`: the moments (time.monotonic_ns) of each device's last link, order, sound and silence, and its `starts`.
`online`: how many are connected.
`leave SHARE`: the links of that share break, and stay away; how many.
`back SECONDS`: those dial again, each at its own moment within that time.
"""

import asyncio
import gc
import logging
import resource
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from nguon.agent.identity import Identity
from nguon.agent.swarm import Swarm
from nguon.wire.messages import Keys, Settings


def identities(broker_port: int, web_port: int, area: str, file: Path) -> list[Identity]:
    """Who the devices are. All listen to one area and believe the same; heartbeats are a minute apart, as in earnest.

    `file`: the keys of their authorities in its first line, then a name and a password a line.
    """
    settings = Settings(id="0" * 32, at=0, version=1, areas=(area,))
    first, *lines = file.read_text().splitlines()
    keys = msgspec.json.decode(first, type=Keys)
    broker, server = f"mqtt://127.0.0.1:{broker_port}", f"http://127.0.0.1:{web_port}"
    return [
        Identity(device=name, password=password, server=server, broker=broker, settings=settings, keys=keys)
        for name, password in (line.split() for line in lines)
    ]


def answer(swarm: Swarm, verb: str, amount: str = "0") -> Any:
    """Do what is asked; what is told of it."""
    match verb:
        case "report":
            return {
                "online": [device.online_ns for device in swarm.devices],
                "received": [device.received_ns for device in swarm.devices],
                "started": [device.started_ns for device in swarm.devices],
                "starts": [device.starts for device in swarm.devices],
                "silenced": [device.silenced_ns for device in swarm.devices],
            }
        case "leave":
            leaving = swarm.devices[: round(len(swarm.devices) * float(amount))]
            swarm.leave(leaving)
            return len(leaving)
        case "back":
            swarm.come_back(float(amount))
    return swarm.online


async def main() -> None:
    """Connect, report when asked, leave."""
    broker_port, web_port, area, channel = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    found = identities(broker_port, web_port, area, Path(sys.argv[5]))
    swarm = Swarm(found, "127.0.0.1", broker_port, channel=channel)
    await swarm.start()
    await swarm.wait_connected(within=300)
    gc.freeze()  # thousands of devices in one process: each real one collects only its own,
    gc.set_threshold(50_000, 20, 20)  # and not once for every few of its neighbours
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(msgspec.json.encode(answer(swarm, *line.split())).decode(), flush=True)
    await swarm.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
