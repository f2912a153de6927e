"""The simulated devices as the one who measures sees them: processes that are asked on their standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nguon.cli.bench import asked
from nguon.cli.bench.stage import Stage
from nguon.kit import ids


class Crowd:
    """Its processes; the devices are in the same order wherever they are told of."""

    def __init__(self, children: list["subprocess.Popen[str]"]) -> None:
        self._children = children

    @property
    def pids(self) -> list[int]:
        """Of the processes."""
        return [child.pid for child in self._children]

    def report(self) -> dict[str, list[int]]:
        """Moments (monotonic ns; 0: none) of each device: `online`, order `received`, sound `started`, `silenced`.

        And how often its player was asked to begin since it lives: `starts`.
        """
        each = self._ask("report")
        return {name: [moment for told in each for moment in told[name]] for name in each[0]}

    def online(self) -> int:
        """How many are connected and subscribed."""
        return sum(self._ask("online"))

    def leave(self, share: float) -> int:
        """The links of this share of the devices break, and stay away; how many."""
        return sum(self._ask(f"leave {share}"))

    def come_back(self, within: float) -> None:
        """All that left dial again, each at its own moment within so many seconds. Does not wait for them."""
        self._ask(f"back {within}")

    def _ask(self, words: str) -> list[Any]:
        """The answers of all, who work on it side by side."""
        for child in self._children:
            assert child.stdin
            child.stdin.write(words + "\n")
            child.stdin.flush()
        return [json.loads(asked.line(child)) for child in self._children]


@contextmanager
def crowd(made: Stage) -> Iterator[Crowd]:
    """All devices of the stage, connected, of its channel."""
    argv = [sys.executable, "-m", "nguon.cli.bench.crowd", str(made.broker_port), str(made.web_port)]
    argv += [ids.short(made.place.pk), made.channel]
    with asked.children([[*argv, str(file)] for file in made.credentials(asked.CORES)]) as started:
        yield Crowd(started)


def since(start: float, moments: list[int]) -> list[float]:
    """The seconds from `start` (time.monotonic) to each moment after it, sorted."""
    return sorted(moment / 1e9 - start for moment in moments if moment / 1e9 > start)
