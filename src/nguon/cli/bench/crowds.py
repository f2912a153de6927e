"""The simulated devices as the one who measures sees them: a process that is asked on its standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nguon.cli.bench.stage import Stage
from nguon.kit import ids


class Crowd:
    """The process of the simulated devices."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._child.pid

    def report(self) -> dict[str, list[int]]:
        """Moments (monotonic ns; 0: none) of each device: `online`, order `received`, sound `started`, `silenced`.

        And how often its player was asked to begin since it lives: `starts`.
        """
        found: dict[str, list[int]] = self._ask("report")
        return found

    def online(self) -> int:
        """How many are connected and subscribed."""
        return int(self._ask("online"))

    def leave(self, share: float) -> int:
        """The links of this share of the devices break, and stay away; how many."""
        return int(self._ask(f"leave {share}"))

    def come_back(self, within: float) -> None:
        """All that left dial again, each at its own moment within so many seconds. Does not wait for them."""
        self._ask(f"back {within}")

    def _ask(self, words: str) -> Any:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(words + "\n")
        self._child.stdin.flush()
        return json.loads(self._child.stdout.readline())


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


def since(start: float, moments: list[int]) -> list[float]:
    """The seconds from `start` (time.monotonic) to each moment after it, sorted."""
    return sorted(moment / 1e9 - start for moment in moments if moment / 1e9 > start)
