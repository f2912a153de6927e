"""Orders to boards through the whole product: 2,000 simulated ones, and real pages of Chromium that paint."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from nguon.cli.bench import bareround, bareweb, boardday, boardpages, crawl, documents
from nguon.cli.bench.crowds import Crowd, crowd, since
from nguon.cli.bench.fanout import send, until_over
from nguon.cli.bench.hands import Hands, payload_of
from nguon.cli.bench.stage import Stage, cpu, say, stage
from nguon.cli.bench.watching import at, sounded, until, watch
from nguon.cli.bench.windows import Window, Windows

SETTLE = 15.0  # seconds after connecting: each device has told its state once, within ten
REST = 1.0  # seconds between rounds
PATIENCE = 30.0  # seconds for all pages to paint
SERVICES = ("web", "sender", "listener", "clock", "alerts")
SHOWN = 8_000  # ms that a bulletin is shown


@dataclass(frozen=True)
class Round:
    """One order, sorted seconds from the act: painted by the pages; heard, begun by simulated boards; recorded of all.

    `missed`: boards, pages among them, of which the database has no beginning. `spent`: processor seconds, by process.
    """

    painted: list[float]
    received: list[float]
    started: list[float]
    recorded: list[float]
    missed: int
    spent: dict[str, float]


@dataclass
class Boards:
    """What a round needs: all are connected and know nothing of each other."""

    made: Stage
    crowd: Crowd
    windows: Windows
    pages: list[Window]

    @property
    def count(self) -> int:
        """Simulated ones and pages."""
        return len(self.made.devices) + len(self.pages)

    def spent(self) -> dict[str, float]:
        """Processor seconds so far."""
        names = ("web", "sender", "broker", "listener")
        found = {"boards": sum(map(cpu, self.crowd.pids)), "pages": cpu(self.windows.pid)}
        return found | {name: cpu(self.made.running[name].pid) for name in names}


def bulletin_round(boards: Boards, number: int) -> Round:
    """One bulletin that no board has yet, until all have shown it."""
    file = documents.bulletin(f"Tạm ngừng cấp nước, lần {number}", SHOWN)
    boardpages.forget(boards.pages)
    before, moment = boards.spent(), time.time()
    broadcast, start = send(boards.made, file)
    recorded = watch(broadcast, boards.count, start)
    painted = boardpages.painted(boards.pages, boardpages.BULLETIN, moment, PATIENCE)
    spent = _since(before, boards.spent())
    until_over(broadcast, boards.count)
    told = boards.crowd.report()
    missed = boards.count - sounded(broadcast)
    return Round(painted, since(start, told["received"]), since(start, told["started"]), recorded, missed, spent)


def emergency_round(boards: Boards, hands: Hands) -> tuple[Round, list[float], bytes]:
    """An alert from the last signature, then STOP: the round, seconds until each page was dark, the bytes that went."""
    boardpages.forget(boards.pages)
    before = boards.spent()
    warned = hands.warn()
    siren, moment = warned.siren.pk, _wall(warned.start)
    recorded = watch(siren, boards.count, warned.start)
    painted = boardpages.painted(boards.pages, boardpages.EMERGENCY, moment, PATIENCE)
    until(lambda: sounded(siren) >= boards.count, PATIENCE)
    spent, told = _since(before, boards.spent()), boards.crowd.report()
    boardpages.forget(boards.pages)
    stopped = _wall(hands.stop(warned))
    dark = boardpages.painted(boards.pages, "", stopped, PATIENCE)
    received, started = since(warned.start, told["received"]), since(warned.start, told["started"])
    missed = boards.count - sounded(siren)
    return Round(painted, received, started, recorded, missed, spent), dark, payload_of(warned.siren)


def _wall(monotonic: float) -> float:
    """A moment of time.monotonic as time.time."""
    return time.time() - (time.monotonic() - monotonic)


def _since(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: value - before[name] for name, value in after.items()}


@contextmanager
def standing(made: Stage, pages: int) -> Iterator[Boards]:
    """All boards of the stage, and so many pages; nothing goes on yet."""
    with crowd(made) as devices, Windows(made.folder) as windows:
        say(f"{pages} pages are enrolled")
        found = boardpages.enrolled(windows, made, pages)
        yield Boards(made, devices, windows, found)


def measure(made: Stage, hands: Hands, pages: int, count: int) -> dict[str, Any]:
    """A cold round of each kind, then `count` of each, beside the bare broker's."""
    _a_loudspeaker(made)
    made.start(*SERVICES)
    say(f"{len(made.devices)} boards connect, and as many bare clients")
    with bareround.bare(made) as peers, standing(made, pages) as boards:
        beside = bareweb.opened(made, boards.windows, boards.pages, peers.port, peers.topic)
        with beside as bare_pages:
            time.sleep(SETTLE)
            bulletin_round(boards, 0)
            _, _, order = emergency_round(boards, hands)
            bulletins, emergencies, dark, bare = [], [], [], []
            for number in range(1, count + 1):
                say(f"orders {number} of {count}, beside the bare broker")
                time.sleep(REST)
                bare.append(_bare_round(peers, bare_pages, order))
                time.sleep(REST)
                bulletins.append(bulletin_round(boards, number))
                time.sleep(REST)
                found, silence, order = emergency_round(boards, hands)
                emergencies.append(found)
                dark.append(silence)
    made.stop(*SERVICES)
    return figures(len(made.devices), pages, bulletins, emergencies, dark, bare)


def _bare_round(peers: bareround.Bare, pages: bareweb.BarePages, order: bytes) -> list[float]:
    pages.forget()
    start = time.time()
    peers.round(order)
    return pages.painted(start, PATIENCE)


def _a_loudspeaker(made: Stage) -> None:
    """Alerts go to places with loudspeakers: this place has one, and it is away."""
    from nguon.devices.actions import register_swarm
    from nguon.kit.clock import now

    register_swarm(count=1, place=made.place, actor="bench", now=now())


def figures(
    boards: int,
    pages: int,
    bulletins: list[Round],
    emergencies: list[Round],
    dark: list[list[float]],
    bare: list[list[float]],
) -> dict[str, Any]:
    """The medians of the rounds, in seconds. `painted`: pages that painted every one of the orders, by their number."""
    both = [*bulletins, *emergencies]
    found: dict[str, Any] = {"boards": boards, "pages": pages, "rounds": len(bulletins)}
    found["painted"] = min(len(one.painted) for one in both)
    found["missed"] = sum(one.missed for one in both)
    for name, rounds in (("bulletin", bulletins), ("emergency", emergencies)):
        found |= _spread(f"{name}_painted", [one.painted for one in rounds])
        found |= _spread(f"{name}_received", [one.received for one in rounds])
        found |= _spread(f"{name}_started", [one.started for one in rounds])
        found[f"{name}_recorded_max_s"] = _mid([at(one.recorded, 1.0) for one in rounds])
    found |= _spread("stop_dark", dark) | _spread("bare_painted", bare)
    found["bulletin_ratio"] = round(found["bulletin_painted_p99_s"] / found["bare_painted_p99_s"], 2)
    found["ratio"] = round(found["emergency_painted_p99_s"] / found["bare_painted_p99_s"], 2)
    found |= {f"cpu_{name}_s": _mid([one.spent[name] for one in emergencies]) for name in emergencies[0].spent}
    return found


def _spread(name: str, lists: list[list[float]]) -> dict[str, float]:
    shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {f"{name}_{key}_s": _mid([at(one, share) for one in lists]) for key, share in shares.items()}


def _mid(values: list[float]) -> float:
    return round(median(values), 3)


def run(boards: int, pages: int, count: int, crawl_s: float, hours: int, speed: int) -> dict[str, Any]:
    """What was asked for, on a server of its own. `load_`: of the machine, the last minute's, before and after."""
    found: dict[str, Any] = {"load_before": _load()}
    with stage(boards if count else 0, "board") as made:
        made.start("broker")
        time.sleep(1)
        hands = Hands(made)
        if count:
            found |= measure(made, hands, pages, count)
        if crawl_s or hours:
            found |= alone(made, hands, crawl_s, hours, speed)
        made.stop()
    return found | {"load_after": _load()}


def alone(made: Stage, hands: Hands, crawl_s: float, hours: int, speed: int) -> dict[str, Any]:
    """One page and nothing beside it: how evenly it crawls, and a day of it."""
    found: dict[str, Any] = {}
    made.start("web", "listener")
    with Windows(made.folder) as windows:
        if hours:
            say(f"{hours} hours of one page, {speed} times as fast")
            found |= boardday.measure(made, windows, hours, speed, hands.signers)
        if crawl_s:
            say(f"a line crawls for {crawl_s:.0f} s")
            made.start("sender")
            found |= crawl.measure(made, windows, crawl_s)
    return found


def _load() -> float:
    return round(os.getloadavg()[0], 1)
