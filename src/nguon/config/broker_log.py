"""What mosquitto says of itself: passed on without its chatter, and whom it did not let in is counted.

It names neither the user nor the password that was tried, only that somebody was refused; the address told is that of
the connection opened last before, which under a crowd may be a neighbour's.
"""

import re
import sys
import threading
from typing import IO

_OPENED = re.compile(r"New connection from (?P<host>\S+?):\d+ on port")
_REFUSED = re.compile(r"not authori[sz]ed", re.IGNORECASE)
_CHATTER = re.compile(
    r"New connection|New client connected|closed its connection|^Client \S+ disconnected"
    r"|now deprecated and will be removed|should not be run as root"
)


class Ear(threading.Thread):
    """Reads a broker's words to their end; it must not wait, or the broker would."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(name="broker-log", daemon=True)
        self._stream = stream
        self._lock = threading.Lock()
        self._count, self._host, self._last = 0, "", ""

    def run(self) -> None:
        for line in self._stream:
            self.hear(line.decode(errors="replace").rstrip())

    def hear(self, line: str) -> None:
        """Take in one line."""
        if opened := _OPENED.search(line):
            self._last = opened["host"]
        elif _REFUSED.search(line):
            with self._lock:
                self._count, self._host = self._count + 1, self._last
        elif not _CHATTER.search(line):
            print(line, file=sys.stderr, flush=True)

    def refused(self) -> tuple[int, str]:
        """How many were not let in since this was last asked, and from where the last of them came."""
        with self._lock:
            found, self._count = (self._count, self._host), 0
        return found
