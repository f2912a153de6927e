"""How strong the signal is, in dBm: from a maker's file, the kernel's list of Wi-Fi, or a modem. None: not measured.

The first that counts: the file, if one was named; else the card through which the machine reaches the world.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

WEAKEST, STRONGEST = -150, 0  # dBm: what the protocol takes; everything else is no measure
STALE = 900.0  # seconds: a file nobody has written for so long says nothing of now
ASK_MODEM = 300.0  # seconds between two questions to a modem: each wakes it
ANSWER_WITHIN = 5.0  # seconds for the program that asks it
MODEMS = ("ww", "ppp", "rmnet", "usb")  # how the names of mobile cards begin
RADIOS = (("5g", "rsrp"), ("lte", "rsrp"), ("umts", "rscp"), ("umts", "rssi"), ("gsm", "rssi"))  # the newest counts


class Signal:
    """Measures on this machine. `file`: where a maker's own program writes dBm, one whole number."""

    def __init__(self, file: Path | None = None, proc: Path = Path("/proc/net")) -> None:
        self._file, self._proc = file, proc
        self._modem: int | None = None
        self._asked: float | None = None

    async def measure(self) -> int | None:
        """dBm now; of a modem, what it said within the last minutes."""
        if self._file is not None:
            return from_file(self._file, time.time())
        card = way_out(_read(self._proc / "route"))
        wifi = of_wifi(_read(self._proc / "wireless"), card)
        if wifi is not None or (card is not None and not card.startswith(MODEMS)):
            return wifi
        now = time.monotonic()
        if self._asked is None or now - self._asked >= ASK_MODEM:
            self._modem, self._asked = await _ask_modem(first=self._asked is None), now
        return self._modem


def likely(dbm: float) -> int | None:
    """A figure that can be a strength, whole."""
    return round(dbm) if WEAKEST <= dbm < STRONGEST else None


def from_file(path: Path, now: float) -> int | None:
    """What a maker's program wrote, if it is fresh. `now`: seconds since 1970."""
    try:
        if abs(now - path.stat().st_mtime) > STALE:
            return None
        return likely(float(path.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


def way_out(routes: str) -> str | None:
    """The card of the default route in the words of /proc/net/route, the one of the least metric; None: unknown."""
    found = []
    for line in routes.splitlines()[1:]:
        parts = line.split()
        if len(parts) > 7 and parts[1] == parts[7] == "00000000" and parts[6].isdigit():
            found.append((int(parts[6]), parts[0]))
    return min(found)[1] if found else None


def of_wifi(cards: str, card: str | None) -> int | None:
    """The level of this card in the words of /proc/net/wireless; of the strongest one, if the card is not known."""
    levels = []
    for line in cards.splitlines()[2:]:
        name, colon, rest = line.partition(":")
        parts = rest.split()
        if not colon or len(parts) < 3 or card not in (None, name.strip()):
            continue
        with contextlib.suppress(ValueError):
            level = float(parts[2].rstrip("."))
            levels.append(likely(level - 256 if level > 63 else level))  # some drivers give the byte without its sign
    return max((level for level in levels if level is not None), default=None)


def of_modem(answer: bytes) -> int | None:
    """The strength in the JSON of `mmcli --signal-get`: what is not measured is "--" there."""
    try:
        signal: Any = msgspec.json.decode(answer)["modem"]["signal"]
        for radio, figure in RADIOS:
            found = signal.get(radio)
            said = found.get(figure, "--") if isinstance(found, Mapping) else "--"
            if said != "--" and (dbm := likely(float(said))) is not None:
                return dbm
    except (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


async def _ask_modem(*, first: bool) -> int | None:
    """ModemManager's own program, if it stands here. It measures only after it was told to, once."""
    program = shutil.which("mmcli")
    if program is None:
        return None
    if first:
        await _said(program, "-m", "any", f"--signal-setup={ASK_MODEM:.0f}")
    return of_modem(await _said(program, "-J", "-m", "any", "--signal-get"))


async def _said(*command: str) -> bytes:
    """What a program says, at the latest after ANSWER_WITHIN; empty if it fails."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return b""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            said, _ = await process.communicate()
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return said if process.returncode == 0 else b""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
