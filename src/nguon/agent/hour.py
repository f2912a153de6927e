"""The time a device goes by: the server's as soon as that could be asked, else that of the machine."""

import time
from collections.abc import Callable

SET = 1_000  # ms: a clock of the machine that differs by more since the last look was set
ROUGH = 500  # ms: what an answer of the server may differ by from the time carried on, without being news


def _counter() -> float:
    """Seconds since power-up; goes on while the machine sleeps, and nobody sets it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Hour:
    """Milliseconds since 1970 UTC by `now`. `checked` says that it is the server's.

    Once checked it is carried on by the counter of the machine: whoever sets the machine's clock does not move it.
    """

    def __init__(self, machine: Callable[[], float] = time.time, counter: Callable[[], float] = _counter) -> None:
        self._machine, self.counter = machine, counter
        self.checked = False
        self._ahead = self._machine_ahead()

    def _machine_ahead(self) -> int:
        return round((self._machine() - self.counter()) * 1000)

    def now(self) -> int:
        """The time to go by."""
        return round(self.counter() * 1000) + self._ahead

    def offset(self) -> int | None:
        """Error of the machine's clock, ms; None if it was never checked."""
        return self._machine_ahead() - self._ahead if self.checked else None

    def follow(self) -> int:
        """Until it is checked: how far (ms) the machine's clock was set since the last look. `now` goes along."""
        moved = 0 if self.checked else self._machine_ahead() - self._ahead
        if abs(moved) <= SET:
            return 0
        self._ahead += moved
        return moved

    def check(self, server: int, at: float) -> int:
        """The server's clock said `server` (ms) when the counter said `at` (s). How far `now` moves by that (ms)."""
        moved = server - round(at * 1000) - self._ahead
        if self.checked and abs(moved) <= ROUGH:
            return 0
        self.checked = True
        self._ahead += moved
        return moved
