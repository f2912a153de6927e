"""One order to N devices through the whole product: approval's commit → last receipt visible in the database."""

import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nguon.cli.bench import bareround
from nguon.cli.bench.crowds import Crowd, crowd, since
from nguon.cli.bench.stage import Stage, stage, tone
from nguon.cli.bench.watching import LONGEST, at, watch

if TYPE_CHECKING:
    from nguon.media.models import File

SOUND = 2  # seconds of the sound that is played
REST = 0.5  # seconds between rounds
SETTLE = 15.0  # seconds after connecting: each device has told its state once, within ten


@dataclass(frozen=True)
class Round:
    """Seconds from the act of sending, sorted: a device heard it, began to play, its receipt was in the database."""

    received: list[float]
    started: list[float]
    recorded: list[float]


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
        channel=made.channel,
        level=40,
        file=file,
        targets=Targets(places=(made.place.pk,)),
        start_at=None,
        expires_at=moment + timedelta(minutes=10),
        actor=made.person,
        now=moment,
    )
    return broadcast.pk, start


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
    told = devices.report()
    return Round(since(start, told["received"]), since(start, told["started"]), recorded)


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
