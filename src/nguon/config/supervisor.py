"""One tree of services: start in order, wait until each is ready, start again what dies, stop in reverse.

It knows nothing of Django: what to run is given to it. Children die with it, even when it is killed by SIGKILL.
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nguon.kit.processes import die_with_parent

FIRST_DELAY = 0.5  # seconds before the first restart; doubled each time
LONGEST_DELAY = 30.0
GOOD_AFTER = 60.0  # a child that lived so long starts again with the first delay
READY_WITHIN = 60.0
STOP_WITHIN = 10.0
WRITE_AGAIN = 5.0  # seconds until a state file that could not be written is tried again

Ready = Callable[[], Awaitable[bool]]
Print = Callable[[str, str], None]


async def at_once() -> bool:
    """Ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Service:
    """One child: its name, its command line, and how to ask whether it is ready for those that follow."""

    name: str
    argv: Sequence[str]
    ready: Ready = at_once


@dataclass
class Child:
    """What is known of one service now; all of it but the process is written to the state file."""

    service: Service
    process: asyncio.subprocess.Process | None = None
    state: str = "waiting"  # waiting, starting, running, restarting, stopped
    started: float = 0.0  # Unix time
    restarts: int = 0
    last_exit: int | None = None  # minus the signal's number if a signal ended it
    delay: float = FIRST_DELAY

    def report(self) -> dict[str, object]:
        """The child as the status page reads it."""
        pid = self.process.pid if self.process else None
        return {
            "name": self.service.name,
            "state": self.state,
            "pid": pid,
            "started": self.started,
            "restarts": self.restarts,
            "last_exit": self.last_exit,
        }


def exit_words(code: int) -> str:
    """How a process ended, in words."""
    return f"exit {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


@dataclass
class Supervisor:
    """Runs services until asked to stop. `say(name, line)` prints; `state_file` is rewritten at each change."""

    services: Sequence[Service]
    say: Print
    state_file: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    on_ready: Callable[[], None] = lambda: None
    stop_within: float = STOP_WITHIN
    ready_within: float = READY_WITHIN
    settle: float = 0.0  # seconds between the last start and `on_ready`, for the first lines of the services

    def __post_init__(self) -> None:
        self.children = [Child(service) for service in self.services]
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def stop(self) -> None:
        """Ask for the end; `run` returns when all children have ended."""
        self._stopping.set()

    async def run(self) -> int:
        """Start all, keep them running until `stop` or a signal. 0, or 1 if a service never became ready."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        try:
            started = await self._start_all()
            await self._pause(self.settle)
            if started and not self._stopping.is_set():
                self.on_ready()
                await self._until_stop()
            return 0 if started else 1
        finally:
            await self._stop_all()

    async def _start_all(self) -> bool:
        for child in self.children:
            if self._stopping.is_set():
                return True
            self._tasks.append(asyncio.create_task(self._keep(child)))
            if not await self._until_ready(child):
                return self._stopping.is_set()
        return True

    async def _until_ready(self, child: Child) -> bool:
        limit = time.monotonic() + self.ready_within
        while not self._stopping.is_set() and not self._tasks[-1].done():
            if child.state == "running":
                return True
            if child.restarts >= 3 or time.monotonic() > limit:
                self.say("nguon", f"{child.service.name} does not become ready; stopping")
                return False
            await self._pause(0.05)
        return False

    async def _until_stop(self) -> None:
        """Until somebody asks for the stop, or a keeper fails by a mistake of ours (raised again by `_stop_all`)."""
        asked = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({asked, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()

    async def _keep(self, child: Child) -> None:
        while not self._stopping.is_set():
            await self._live_once(child)
            if self._stopping.is_set():
                return
            if time.time() - child.started > GOOD_AFTER:
                child.delay = FIRST_DELAY
            ended = exit_words(child.last_exit or 0)
            self.say("nguon", f"{child.service.name} ended ({ended}); again in {child.delay:g} s")
            child.restarts += 1
            self._change(child, "restarting")
            await self._pause(child.delay)
            child.delay = min(child.delay * 2, LONGEST_DELAY)

    async def _live_once(self, child: Child) -> None:
        """One life of a child, to its end. Its lines are passed on as they come."""
        child.started = time.time()
        try:
            process = await self._spawn(child.service)
        except OSError as error:
            self.say(child.service.name, str(error))
            child.last_exit = 127
            return
        child.process = process
        if self._stopping.is_set():  # asked to stop while it was being born
            process.kill()
        self._change(child, "starting")
        helpers = [
            asyncio.create_task(self._pass_on(child.service.name, process)),
            asyncio.create_task(self._become_ready(child)),
        ]
        child.last_exit = await process.wait()
        child.process = None
        helpers[1].cancel()
        await asyncio.wait(helpers, timeout=1)  # its last lines; a grandchild may hold the pipe for ever
        helpers[0].cancel()

    async def _spawn(self, service: Service) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *service.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(self.env),
            process_group=0,  # Ctrl-C reaches us alone, so that the order of the stop is ours
            preexec_fn=die_with_parent,
            limit=1 << 20,
        )

    async def _become_ready(self, child: Child) -> None:
        pause = 0.05
        while not await child.service.ready():
            await self._pause(pause)
            pause = min(pause * 1.3, 1.0)  # asking costs something, and a failing service logs each time
        self._change(child, "running")

    async def _pass_on(self, name: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than the limit: dropped
                continue
            if not line:
                return
            self.say(name, line.decode(errors="replace").rstrip())

    async def _stop_all(self) -> None:
        self._stopping.set()
        deadline = time.monotonic() + self.stop_within
        for child in reversed(self.children):
            await self._stop_one(child, deadline)
        await asyncio.gather(*self._tasks)
        for child in self.children:
            self._change(child, "stopped")

    async def _stop_one(self, child: Child, deadline: float) -> None:
        process = child.process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), max(deadline - time.monotonic(), 0.1))
        except TimeoutError:
            self.say("nguon", f"{child.service.name} does not stop; killed")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it started itself

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _change(self, child: Child, state: str) -> None:
        child.state = state
        self._write()

    def _write(self) -> None:
        """Tell the status page. A disk that takes nothing ends none of what runs: it is tried again."""
        report = {"pid": os.getpid(), "services": [c.report() for c in self.children]}
        fresh = self.state_file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(report, indent=1))
            fresh.replace(self.state_file)
        except OSError as error:
            self.say("nguon", f"{self.state_file.name} cannot be written: {error}")
            if not self._stopping.is_set():
                asyncio.get_running_loop().call_later(WRITE_AGAIN, self._write)
