"""One order to N devices through the whole product: approval's commit → last receipt visible in the database."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from nguon.cli.bench import bareround
from nguon.cli.bench.stage import Stage, stage, tone
from nguon.kit import ids

if TYPE_CHECKING:
    from nguon.media.models import File

LONGEST = 60.0  # seconds for a round
SOUND = 2  # seconds of the sound that is played
REST = 0.5  # seconds between rounds
SETTLE = 15.0  # seconds after connecting: each device has told its state once, within ten
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
    """When the receipt of each device became visible to another connection of the database, in seconds since `start`.

    The one who looks must not slow what is looked at: rows are counted in an index alone, and by devices only when
    there are as many as wanted. A device's first receipt says that it has the order, which is checked in the end.
    """
    from nguon.delivery.models import Receipt

    seen: list[float] = []
    rows = Receipt.objects.filter(broadcast=broadcast)
    count, devices = _counting(rows, Count("*")), _counting(rows, Count("device", distinct=True))
    while len(seen) < wanted and time.monotonic() - start < LONGEST:
        found = min(count(), wanted - 1)
        if found == wanted - 1:
            found = devices()
        seen.extend([time.monotonic() - start] * (found - len(seen)))
        time.sleep(LOOK)
    if rows.filter(stage="received").count() < len(seen):
        raise RuntimeError("a receipt was counted that is not of the order's arrival")
    return seen


def _counting(rows: "QuerySet[Any]", what: Count) -> Callable[[], int]:
    """A count as one prepared question, without the work of building it each time."""
    grouped = rows.order_by().values("broadcast").annotate(n=what).values_list("n")
    sql, parameters = grouped.query.sql_with_params()

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    return ask


def until_over(broadcast: UUID, wanted: int) -> None:
    """Wait until every device has said that it played to the end, so that rounds do not overlap."""
    from nguon.delivery.models import Delivery

    limit = time.monotonic() + LONGEST
    while Delivery.objects.filter(broadcast=broadcast, progress="finished").count() < wanted:
        if time.monotonic() > limit:
            return
        time.sleep(0.2)


def rounds(made: Stage, count: int) -> tuple[list[list[float]], list[Round]]:
    """`count` pairs of rounds: the bare broker, then web, sender, broker, devices and listener as they run in earnest.

    One after the other, so that both parts meet the same moments of a machine that others use too.
    """
    made.start("web", "sender", "listener", "clock")
    file, bare, full = tone(made.folder, SOUND), [], []
    with bareround.bare(made) as peers, crowd(made) as devices:
        time.sleep(SETTLE)
        for _ in range(count):
            bare.append(peers.round())
            time.sleep(REST)
            full.append(product_round(made, file, devices))
    made.stop("clock", "listener", "sender", "web")
    return bare, full


def product_round(made: Stage, file: "File", devices: Crowd) -> Round:
    """One order through the product, until every device has played it."""
    broadcast, start = send(made, file)
    recorded = watch(broadcast, len(made.devices), start)
    until_over(broadcast, len(made.devices))
    time.sleep(REST)
    moments = {
        name: sorted(at / 1e9 - start for at in found if at / 1e9 > start) for name, found in devices.report().items()
    }
    return Round(moments["received"], moments["started"], recorded)


def at(values: list[float], share: float) -> float:
    """The value below which this share of the sorted values lies."""
    return values[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def figures(devices: int, bare: list[list[float]], full: list[Round]) -> dict[str, Any]:
    """The figures of a run, each the median of its rounds, in seconds."""

    def spread(name: str, lists: list[list[float]]) -> dict[str, float]:
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        return {f"{name}_{key}_s": round(median(at(one, share) for one in lists), 4) for key, share in shares.items()}

    found: dict[str, Any] = {"devices": devices, "rounds": len(full)}
    found["recorded"] = min(len(one.recorded) for one in full)
    found["missed"] = devices - found["recorded"]
    found |= spread("received", [one.received for one in full]) | spread("started", [one.started for one in full])
    found |= spread("recorded", [one.recorded for one in full]) | spread("bare_broker", bare)
    found["ratio"] = round(found["recorded_max_s"] / found["bare_broker_max_s"], 2)
    return found


def run(devices: int, count: int) -> dict[str, Any]:
    """Pairs of rounds in one run."""
    with stage(devices) as made:
        made.start("broker")
        time.sleep(1)
        bare, full = rounds(made, count)
    return figures(devices, bare, full)
