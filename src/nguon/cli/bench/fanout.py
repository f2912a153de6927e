"""One order to N devices through the whole product: approval's commit → last receipt visible in the database."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nguon.cli.bench import bareround
from nguon.cli.bench.stage import Stage, stage, tone
from nguon.kit import ids

if TYPE_CHECKING:
    from nguon.media.models import File

LONGEST = 60.0  # seconds for a round
SOUND = 2  # seconds of the sound that is played
REST = 0.5  # seconds between rounds
LOOK = 0.01  # seconds between looks into the database


@dataclass(frozen=True)
class Round:
    """Seconds from the act of sending, sorted: a device heard it, began to play, its receipt was in the database."""

    received: list[float]
    started: list[float]
    recorded: list[float]


class Crowd:
    """The process of the simulated devices."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    def report(self) -> dict[str, list[int]]:
        """The moments (monotonic ns) of each device's last order and last start."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write("report\n")
        self._child.stdin.flush()
        found: dict[str, list[int]] = json.loads(self._child.stdout.readline())
        return found


@contextmanager
def crowd(made: Stage) -> Iterator[Crowd]:
    """All devices of the stage, connected."""
    argv = [sys.executable, "-m", "nguon.cli.bench.crowd", str(made.broker_port), str(made.web_port)]
    argv += [ids.short(made.place.pk), str(made.credentials())]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        if child.stdout.readline().strip() != "ready":
            raise RuntimeError("the simulated devices did not connect")
        yield Crowd(child)
        child.stdin.close()
        child.wait(60)


def send(made: Stage, file: "File") -> tuple[UUID, float]:
    """Send one broadcast to the whole place; its id, and the moment before it was asked for."""
    from nguon.delivery.actions import create_broadcast
    from nguon.delivery.rules import Targets
    from nguon.kit.clock import now

    moment, start = now(), time.monotonic()
    broadcast = create_broadcast(
        subject="bench:1",
        review=None,
        title="Bench",
        place_id=made.place.pk,
        channel="speaker",
        level=40,
        file=file,
        targets=Targets(places=(made.place.pk,)),
        start_at=None,
        expires_at=moment + timedelta(minutes=10),
        actor=made.person,
        now=moment,
    )
    return broadcast.pk, start


def watch(broadcast: UUID, wanted: int, start: float) -> list[float]:
    """When each receipt became visible to another connection of the database, in seconds since `start`."""
    from nguon.delivery.models import Delivery

    seen: list[float] = []
    while len(seen) < wanted and time.monotonic() - start < LONGEST:
        rows = Delivery.objects.filter(broadcast=broadcast)
        if rows.count() > len(seen):  # read from an index alone: the one who looks must not slow what is looked at
            count = rows.filter(received_at__isnull=False).count()
            at = time.monotonic() - start
            seen.extend([at] * (count - len(seen)))
        time.sleep(LOOK)
    return seen


def until_over(broadcast: UUID, wanted: int) -> None:
    """Wait until every device has said that it played to the end, so that rounds do not overlap."""
    from nguon.delivery.models import Delivery

    limit = time.monotonic() + LONGEST
    while Delivery.objects.filter(broadcast=broadcast, progress="finished").count() < wanted:
        if time.monotonic() > limit:
            return
        time.sleep(0.2)


def product_rounds(made: Stage, count: int) -> list[Round]:
    """`count` rounds through web, sender, broker, devices and listener as they run in earnest."""
    made.start("web", "sender", "listener", "clock")
    file, found = tone(made.folder, SOUND), []
    with crowd(made) as devices:
        time.sleep(2)  # presences and first heartbeats
        for _ in range(count):
            broadcast, start = send(made, file)
            recorded = watch(broadcast, len(made.devices), start)
            until_over(broadcast, len(made.devices))
            time.sleep(REST)
            moments = devices.report()
            since = {
                name: sorted(at / 1e9 - start for at in found_ if at / 1e9 > start) for name, found_ in moments.items()
            }
            found.append(Round(since["received"], since["started"], recorded))
    made.stop("clock", "listener", "sender", "web")
    return found


def at(values: list[float], share: float) -> float:
    """The value below which this share of the sorted values lies."""
    return values[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def figures(devices: int, bare: list[list[float]], full: list[Round]) -> dict[str, Any]:
    """The figures of a run, each the median of its rounds, in seconds."""

    def spread(name: str, lists: list[list[float]]) -> dict[str, float]:
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        return {f"{name}_{key}_s": round(median(at(one, share) for one in lists), 4) for key, share in shares.items()}

    found: dict[str, Any] = {"devices": devices, "rounds": len(full), "bare_rounds": len(bare)}
    found["recorded"] = min(len(one.recorded) for one in full)
    found["missed"] = devices - found["recorded"]
    found |= spread("received", [one.received for one in full]) | spread("started", [one.started for one in full])
    found |= spread("recorded", [one.recorded for one in full]) | spread("bare_broker", bare)
    found["ratio"] = round(found["recorded_max_s"] / found["bare_broker_max_s"], 2)
    return found


def run(devices: int, rounds: int) -> dict[str, Any]:
    """Bare, product, bare again, on one broker and in one run."""
    with stage(devices) as made:
        made.start("broker")
        time.sleep(1)
        bare = bareround.rounds(made, rounds, REST)
        full = product_rounds(made, rounds)
        bare += bareround.rounds(made, rounds, REST)
    return figures(devices, bare, full)
