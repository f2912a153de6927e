"""Heartbeats into one listener: sent, taken, stored, and what it cost the listener."""

import subprocess
import sys
import time
from typing import Any

import msgspec

from nguon.cli.bench import raw
from nguon.cli.bench.stage import cpu, stage
from nguon.wire import topics

PATIENCE = 30.0  # seconds for the listener to catch up


def taken(counter: raw.Counter) -> tuple[int, int]:
    """The newest word of the listener: messages taken since its start, messages waiting."""
    found: dict[str, int] = msgspec.json.decode(counter.last(topics.SERVER + "/listener"))
    return found["taken"], found["waiting"]


def run(devices: int, rate: int, seconds: int) -> dict[str, Any]:
    """Beat, wait until nothing more comes, compare."""
    with stage(devices) as made:
        made.start("broker")
        time.sleep(1)
        made.start("listener")
        ear = raw.Counter("127.0.0.1", made.broker_port, "server", made.server_password, topics.SERVER + "/#")
        argv = [sys.executable, "-m", "nguon.cli.bench.beats", str(made.broker_port), str(*made.credentials())]
        with subprocess.Popen(
            [*argv, str(rate), str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdin
            assert child.stdout
            child.stdout.readline()
            before, spent = taken(ear)[0], cpu(made.running["listener"].pid)
            child.stdin.write("go\n")
            child.stdin.flush()
            each, took = child.stdout.readline().split()
            sent = int(each) * devices
            arrived = _settle(ear, before + sent) - before
            spent = cpu(made.running["listener"].pid) - spent
            stored = _stored(int(each))
            child.stdin.close()
    return {
        "devices": devices,
        "sent": sent,
        "sent_per_s": round(sent / float(took)),
        "taken": arrived,
        "lost": sent - arrived,
        "devices_with_last_stored": stored,
        "listener_cpu_share": round(spent / float(took), 2),
    }


def _settle(ear: raw.Counter, wanted: int) -> int:
    """How many were taken once all are, or once time has run out."""
    limit = time.monotonic() + PATIENCE
    found, waiting = taken(ear)
    while (found < wanted or waiting) and time.monotonic() < limit:
        found, waiting = taken(ear)
    time.sleep(1.5)  # until the newest states are written
    return found


def _stored(last: int) -> int:
    from nguon.devices.models import DeviceState

    return DeviceState.objects.filter(held=last).count()
