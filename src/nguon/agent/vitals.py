"""How the device is. What this machine does not measure stays None: nothing is invented."""

import logging
import shutil
from pathlib import Path
from urllib.parse import urljoin

import httpx
import msgspec

from nguon.agent.hour import Hour
from nguon.agent.signal import Signal
from nguon.wire.messages import Millis, Vitals

log = logging.getLogger(__name__)
THERMAL = Path("/sys/class/thermal")
ANSWER_WITHIN = 10.0  # seconds; the time in a slower answer is not worth knowing


class _ServerTime(msgspec.Struct):
    now: Millis


class Measures:
    """What is measured: free disk, temperature, signal, clock against the server's. Power has no sensor here."""

    def __init__(
        self, home: Path, server: str, hour: Hour, thermal: Path = THERMAL, signal: Signal | None = None
    ) -> None:
        self._home, self._server, self._hour, self._thermal = home, server, hour, thermal
        self._signal = signal or Signal()
        self._dbm: int | None = None

    async def measure_signal(self) -> int | None:
        """dBm now, kept for the vitals; None if nothing here measures it."""
        self._dbm = await self._signal.measure()
        return self._dbm

    def complete(self, vitals: Vitals) -> Vitals:
        """The vitals of the core with what was measured."""
        return msgspec.structs.replace(
            vitals,
            disk_free=self._disk_free(),
            temperature=temperature(self._thermal),
            signal=self._dbm,
            clock_offset=self._hour.offset(),
        )

    def _disk_free(self) -> int | None:
        try:
            return shutil.disk_usage(self._home).free
        except OSError:
            return None

    async def ask_the_time(self, client: httpx.AsyncClient) -> int | None:
        """Go by the server's clock, read in the middle of the call. How far that moves us (ms); None if not told."""
        try:
            began = self._hour.counter()
            response = await client.get(urljoin(self._server, "/api/1/time"), timeout=ANSWER_WITHIN)
            took = self._hour.counter() - began
            response.raise_for_status()
            answer = msgspec.json.decode(response.content, type=_ServerTime)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            log.info("the server's clock could not be read: %s", error)
            return None
        return self._hour.check(answer.now, began + took / 2)


def temperature(thermal: Path = THERMAL) -> float | None:
    """Degrees Celsius of the first thermal zone that tells a likely figure, else None."""
    for zone in sorted(thermal.glob("thermal_zone*/temp")):
        try:
            degrees = int(zone.read_text()) / 1000
        except (OSError, ValueError):
            continue
        if -60 < degrees < 200:
            return degrees
    return None
