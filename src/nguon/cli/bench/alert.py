"""An alert to N devices through the whole product: the last signature → sound, STOP → silence, away and back."""

import time
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

from nguon.cli.bench import bareround, checks
from nguon.cli.bench.crowds import Crowd, crowd, since
from nguon.cli.bench.hands import Hands, payload_of
from nguon.cli.bench.stage import Stage, cpu, say, stage
from nguon.cli.bench.watching import at, sounded, until, watch, watch_all

SETTLE = 15.0  # seconds after connecting: each device has told its state once, within ten
REST = 1.0  # seconds between rounds
ANSWERS = 2  # receipts of a device from the order to the sound: received, started
AWAY = 0.2  # share of the devices that are away when an alert goes out
LATER = 60.0  # seconds after the last has come back within which all must have sounded


@dataclass(frozen=True)
class Round:
    """One alert, sorted seconds from the last signature: order heard, sound begun, receipt of arrival in the database.

    `silenced`: from the moment before STOP, of all that sounded by then. `answered`: the last of all receipts up to the
    sound. `missed`: devices of which the database has no sound; `twice`: whose players began it more than once.
    `spent`: processor seconds until then, by process.
    """

    act: float
    received: list[float]
    started: list[float]
    silenced: list[float]
    recorded: list[float]
    answered: float
    missed: int
    twice: int
    spent: dict[str, float]


def _spent(made: Stage, devices: Crowd) -> dict[str, float]:
    """Processor seconds so far of the devices and of the services that an alert goes through."""
    names = ("sender", "broker", "listener")
    return {"devices": sum(map(cpu, devices.pids))} | {name: cpu(made.running[name].pid) for name in names}


def alert_round(made: Stage, devices: Crowd, hands: Hands) -> tuple[Round, bytes]:
    """One alert, silenced while its siren sounds; and the bytes that went out."""
    wanted, before, began = len(made.devices), _spent(made, devices), devices.report()["starts"]
    warned = hands.warn()
    siren = warned.siren.pk
    recorded = watch(siren, wanted, warned.start)
    answered = watch_all(siren, wanted * ANSWERS, warned.start)
    spent = {name: value - before[name] for name, value in _spent(made, devices).items()}
    told = devices.report()
    time.sleep(REST)  # nobody is faster than that; the siren still sounds
    stopped = hands.stop(warned)
    _until_silent(siren, wanted)
    silenced = since(stopped, devices.report()["silenced"])
    found = Round(
        act=warned.act_s,
        received=since(warned.start, told["received"]),
        started=since(warned.start, told["started"]),
        silenced=silenced,
        recorded=recorded,
        answered=answered,
        missed=wanted - sounded(siren),
        twice=_twice(began, devices.report()["starts"]),
        spent=spent,
    )
    return found, payload_of(warned.siren)


def _twice(before: list[int], after: list[int]) -> int:
    """How many players began more than once in between."""
    return sum(now - then > 1 for then, now in zip(before, after, strict=True))


def _until_silent(broadcast: UUID, wanted: int) -> None:
    from nguon.delivery.models import Delivery

    over = Delivery.objects.filter(broadcast=broadcast, progress__in=("stopped", "finished"))
    until(lambda: over.count() >= wanted)


def back_round(made: Stage, devices: Crowd, hands: Hands, share: float, within: float) -> dict[str, Any]:
    """An alert while a share of the devices is away; then they come back, each at its own moment.

    `missed`: devices that never sounded. `back_start`: seconds from a link that stands again to the sound.
    """
    wanted = len(made.devices)
    gone = devices.leave(share)
    until(lambda: devices.online() == wanted - gone)
    time.sleep(REST)
    starts = devices.report()["starts"]
    warned = hands.warn()
    siren = warned.siren.pk
    until(lambda: sounded(siren) >= wanted - gone)
    began, back_ns = time.monotonic(), time.monotonic_ns()
    devices.come_back(within)
    until(lambda: devices.online() == wanted, within + LATER)
    all_back = time.monotonic() - began
    until(lambda: sounded(siren) >= wanted, LATER)
    told = devices.report()
    pairs = zip(told["online"], told["started"], strict=True)
    waits = sorted((sound - link) / 1e9 for link, sound in pairs if sound > link > back_ns)
    hands.stop(warned)
    time.sleep(REST)
    return {
        "away": gone,
        "all_back_s": round(all_back, 1),
        "missed": wanted - sounded(siren),
        "twice": _twice(starts, told["starts"]),
        "back_start_p50_s": round(at(waits, 0.5), 3),
        "back_start_p99_s": round(at(waits, 0.99), 3),
        "back_start_max_s": round(at(waits, 1.0), 3),
    }


def measure(made: Stage, count: int, away_over: float, storm_over: float) -> dict[str, Any]:
    """A cold round, `count` rounds beside the bare broker's, some away, all away."""
    hands = Hands(made)
    made.start("web", "sender", "listener", "clock", "alerts")
    rounds: list[Round] = []
    bare: list[list[float]] = []
    say(f"{len(made.devices)} devices connect, and as many bare clients")
    with crowd(made) as devices:
        with bareround.bare(made) as peers:
            time.sleep(SETTLE)
            cold, order = alert_round(made, devices, hands)
            for number in range(count):
                say(f"alert {number + 1} of {count}, beside the bare broker")
                time.sleep(REST)
                bare.append(peers.round(order))
                time.sleep(REST)
                found, order = alert_round(made, devices, hands)
                rounds.append(found)
        say(f"a fifth is away, and comes back over {away_over:.0f} s")
        time.sleep(REST)
        some = back_round(made, devices, hands, AWAY, away_over)
        say(f"all are away, and come back within {storm_over:.0f} s")
        time.sleep(REST)
        storm = back_round(made, devices, hands, 1.0, storm_over)
    return figures(len(made.devices), len(order), cold, rounds, bare) | _joined(rounds, cold, some, storm)


def _joined(rounds: list[Round], cold: Round, some: dict[str, Any], storm: dict[str, Any]) -> dict[str, Any]:
    """`missed` and `twice` over everything, and the figures of the away and the storm under their own names."""
    each = [*rounds, cold]
    found = {
        "missed": sum(one.missed for one in each) + some["missed"] + storm["missed"],
        "twice": sum(one.twice for one in each) + some["twice"] + storm["twice"],
    }
    found |= {f"away_{name}": value for name, value in some.items()}
    return found | {f"storm_{name}": value for name, value in storm.items()}


def figures(devices: int, order: int, cold: Round, rounds: list[Round], bare: list[list[float]]) -> dict[str, Any]:
    """The medians of the rounds, in seconds; the first alert ever, which has to fetch the siren, under `cold_`."""

    def mid(values: list[float]) -> float:
        return round(median(values), 3)

    found: dict[str, Any] = {"devices": devices, "rounds": len(rounds), "order_bytes": order}
    for key, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        found[f"start_{key}_s"] = mid([at(one.started, share) for one in rounds])
        found[f"stop_{key}_s"] = mid([at(one.silenced, share) for one in rounds])
        found[f"received_{key}_s"] = mid([at(one.received, share) for one in rounds])
    found["recorded_max_s"] = mid([at(one.recorded, 1.0) for one in rounds])
    found["all_answers_max_s"] = mid([one.answered for one in rounds])
    found["bare_broker_max_s"] = mid([at(one, 1.0) for one in bare])
    found["ratio"] = round(found["recorded_max_s"] / found["bare_broker_max_s"], 2)
    for name in cold.spent:
        found[f"cpu_{name}_s"] = mid([one.spent[name] for one in rounds])
    found["sign_act_s"] = mid([one.act for one in rounds])
    found["cold_start_p99_s"] = round(at(cold.started, 0.99), 3)
    return found


def run(devices: int, count: int, away_over: float, storm_over: float) -> dict[str, Any]:
    """All of it on a server of its own, and what one core checks in a second."""
    with stage(devices) as made:
        made.start("broker")
        time.sleep(1)
        found = measure(made, count, away_over, storm_over)
        made.stop()
        return found | checks.run()
