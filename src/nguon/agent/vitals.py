"""How the device is. What this machine does not measure stays None: nothing is invented."""

import logging
import shutil
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx
import msgspec

from nguon.wire.messages import Vitals

log = logging.getLogger(__name__)
THERMAL = Path("/sys/class/thermal")
OFFSET_EVERY = 600.0  # seconds between two looks at the server's clock


class _ServerTime(msgspec.Struct):
    now: int


class Measures:
    """What is measured: free disk, temperature, clock against the server's. Power and signal have no sensor here."""

    def __init__(self, home: Path, server: str, thermal: Path = THERMAL) -> None:
        self._home, self._server, self._thermal = home, server, thermal
        self.offset: int | None = None

    def complete(self, vitals: Vitals) -> Vitals:
        """The vitals of the core with what was measured."""
        return msgspec.structs.replace(
            vitals, disk_free=self._disk_free(), temperature=temperature(self._thermal), clock_offset=self.offset
        )

    def _disk_free(self) -> int | None:
        try:
            return shutil.disk_usage(self._home).free
        except OSError:
            return None

    async def look_at_clock(self, client: httpx.AsyncClient) -> None:
        """Measure the offset (ms, device minus server): the middle of the question against the answer."""
        try:
            before, began = time.time(), time.monotonic()
            response = await client.get(urljoin(self._server, "/api/1/time"))
            took = time.monotonic() - began
            response.raise_for_status()
            answer = msgspec.json.decode(response.content, type=_ServerTime)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            log.info("the server's clock could not be read: %s", error)
            self.offset = None
            return
        self.offset = round((before + took / 2) * 1000) - answer.now


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
