"""The process of the browser: found, started with a line to it, ended with all it started."""

import asyncio
import contextlib
import logging
import os
import shlex
import shutil
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from nguon.agent.files import write_whole
from nguon.agent.kiosk.cdp import LARGEST, Heard, Line, Refused
from nguon.kit.processes import die_with_parent

log = logging.getLogger(__name__)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
END_WITHIN = 5.0  # seconds for a browser that is asked to end
LAST_LINES = 8  # of what it said, told if it ends by itself
# The protocol's pipe is at 3 and 4, where the browser wants it: what asyncio gives as 0 and 1 is moved there.
MOVED = 'exec "$@" 3<&0 4>&1 </dev/null >&2'
FLAGS = (
    "--kiosk",
    "--remote-debugging-pipe",
    "--autoplay-policy=no-user-gesture-required",
    # nothing asks, nothing lies over the page
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--deny-permission-prompts",
    "--password-store=basic",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    # it never slows down because it believes that nobody looks
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-hang-monitor",
    # it asks nobody but the server
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--no-pings",
    "--disable-features=MediaRouter,ChromeWhatsNewUI,OptimizationHints,AutofillServerCommunication,CalculateNativeWinOcclusion",
    "--disk-cache-size=104857600",
)
PREFERENCES: Mapping[str, Any] = {
    "translate": {"enabled": False},  # it would offer a translation, over the page
    "intl": {"accept_languages": "vi", "selected_languages": "vi"},
    "profile": {"exit_type": "Normal", "exited_cleanly": True},  # it would offer what was open when it was killed
}


def find(wanted: str | None) -> str:
    """The path of the browser to use. Raises FileNotFoundError."""
    names = (wanted,) if wanted else NAMES
    for name in names:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(f"no such browser: {', '.join(names)} (apt install chromium, or --browser PATH)")


def command(program: str, url: str, profile: Path, size: tuple[int, int] | None) -> list[str]:
    """The command line. NGUON_BROWSER_OPTIONS: more options, after ours.

    A window as usual, which --kiosk strips of everything: with --app Chromium breaks under Wayland.
    """
    sized = [f"--window-size={size[0]},{size[1]}", "--window-position=0,0"] if size else []
    desktop = ["--ozone-platform=wayland"] if "WAYLAND_DISPLAY" in os.environ else []  # by itself it looks for X
    more = shlex.split(os.environ.get("NGUON_BROWSER_OPTIONS", ""))
    return [program, *FLAGS, *desktop, f"--user-data-dir={profile}", *sized, *more, url]


def prepare(profile: Path) -> None:
    """Make the profile ready for a start after whatever end. Raises OSError.

    The lock of a browser that was killed counts no more: we are alone in this home. It would ask whether it may be
    broken, on a screen nobody answers, if the machine has another name by now.
    """
    profile.mkdir(parents=True, exist_ok=True, mode=0o700)
    profile.chmod(0o700)
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (profile / name).unlink(missing_ok=True)
    settings = profile / "Default" / "Preferences"
    try:
        kept = msgspec.json.decode(settings.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        kept = {}  # none yet, or none that it could read
    settings.parent.mkdir(exist_ok=True, mode=0o700)
    write_whole(settings, msgspec.json.encode(_with(kept, PREFERENCES)), 0o600)


def _with(kept: dict[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a browser with ours among them."""
    made = dict(kept)
    for name, value in wanted.items():
        old = made.get(name)
        made[name] = _with(old if isinstance(old, dict) else {}, value) if isinstance(value, Mapping) else value
    return made


class Browser:
    """One that runs. `line` talks with it."""

    def __init__(self, process: asyncio.subprocess.Process, hear: Callable[[Heard], None]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self.line = Line(process.stdout, process.stdin, hear)
        self._said: deque[str] = deque(maxlen=LAST_LINES)
        self._tasks = [asyncio.create_task(work) for work in (self.line.listen(), self._read())]

    @classmethod
    async def start(cls, argv: Sequence[str], hear: Callable[[Heard], None]) -> Self:
        """Start it. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", MOVED, "sh", *argv),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LANGUAGE": "vi"},
            process_group=0,
            preexec_fn=die_with_parent,
            limit=LARGEST,
        )
        return cls(process, hear)

    @property
    def pid(self) -> int:
        """Its process, and the group of all it started."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended: minus the signal's number if a signal ended it."""
        return self._process.returncode

    def last_words(self) -> str:
        """What it said last."""
        return " | ".join(self._said) or "nothing"

    async def end(self, *, gently: bool) -> None:
        """End it and all it started; `gently`: it may put its things away first."""
        if gently and self.is_running:
            with contextlib.suppress(Refused, TimeoutError):
                async with asyncio.timeout(END_WITHIN):
                    await self.line.ask("Browser.close", within=END_WITHIN)
                    await self._process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:  # longer than the limit: dropped
                continue
            if not line:
                return
            self._said.append(line.decode(errors="replace").strip()[:200])
            log.debug("%s", self._said[-1])


def memory(pid: int, proc: Path = Path("/proc")) -> int:
    """Bytes of memory of their own that a process and all its descendants have."""
    parents: dict[int, int] = {}
    for folder in proc.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    tree, waiting = {pid}, [pid]
    while waiting:
        parent = waiting.pop()
        children = {child for child, of in parents.items() if of == parent} - tree
        tree |= children
        waiting += children
    return sum(_own(proc / str(one)) for one in tree)


def _own(folder: Path) -> int:
    try:
        _, resident, shared = (int(pages) for pages in (folder / "statm").read_text().split()[:3])
    except (OSError, ValueError):
        return 0
    return (resident - shared) * os.sysconf("SC_PAGESIZE")
