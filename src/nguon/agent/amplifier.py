"""The amplifier of a box: switched on by a command before a sound, and off some time after the last.

Sound comes out at the moment the core names, and never before the amplifier has had its time to warm up.
"""

import asyncio
import os
import shlex
from collections.abc import Callable
from pathlib import Path

from nguon.agent import commands
from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerFailed, PlayerStarted
from nguon.agent.players import Closes, Player, Tell

IDLE = 30.0  # seconds without a sound before it is switched off: items of a programme follow each other


class Amplified:
    """A `Player` behind an amplifier. `now` is the time to go by (ms), `warm_up()` what the amplifier needs (ms).

    Without commands there is nothing to switch, and nothing to wait for but the moment.
    """

    def __init__(
        self, player: Player, now: Callable[[], int], warm_up: Callable[[], int], *, idle: float = IDLE
    ) -> None:
        self._player, self._now, self._warm_up, self._idle = player, now, warm_up, idle
        self._on = shlex.split(os.environ.get("NGUON_AMPLIFIER_ON", ""))
        self._off = shlex.split(os.environ.get("NGUON_AMPLIFIER_OFF", ""))
        self._on_since: float | None = None  # loop time
        self._beginning: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._commands: asyncio.Task[None] | None = None

    def play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        """Begin at `order.at`, or as soon as the amplifier is warm."""
        self._break_off()
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        self._beginning = asyncio.get_running_loop().create_task(self._begin(order, path, tell))

    def stop(self) -> None:
        """Silence at once; the amplifier stays on for a moment."""
        self._break_off()
        self._player.stop()
        self._rest()

    def _break_off(self) -> None:
        if self._beginning is not None:
            self._beginning.cancel()
            self._beginning = None

    async def _begin(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        loop = asyncio.get_running_loop()
        wait = (order.at - self._now()) / 1000
        if self._on:
            if self._on_since is None:
                self._on_since = loop.time()
                self._switch(self._on)
            wait = max(wait, self._on_since + self._warm_up() / 1000 - loop.time())
        if wait > 0:
            await asyncio.sleep(wait)
        self._beginning = None
        try:
            self._player.play(order, path, self._telling(tell))
        except (OSError, ValueError) as error:
            tell(PlayerFailed(order.go, str(error)))

    def _telling(self, tell: Tell) -> Tell:
        """The same words, and rest when they are the last."""

        def told(event: Event) -> None:
            if not isinstance(event, PlayerStarted):
                self._rest()
            tell(event)  # may begin the next sound: then there is no rest

        return told

    def _rest(self) -> None:
        """Switch it off in a while, unless something begins."""
        if self._on_since is None or self._resting is not None:
            return
        self._resting = asyncio.get_running_loop().call_later(self._idle, self._switch_off)

    def _switch_off(self) -> None:
        self._resting = self._on_since = None
        self._switch(self._off)

    def _switch(self, command: list[str]) -> None:
        """One command after the other, in the order they were asked for."""
        if command:
            before = self._commands
            self._commands = asyncio.get_running_loop().create_task(_run(command, before))

    def begin_silent(self) -> None:
        """At the start of the agent: off, whatever a loss of power left."""
        self._switch(self._off)

    async def close(self) -> None:
        """At the end of the agent: silent, and off at once."""
        self.stop()
        if isinstance(self._player, Closes):
            await self._player.close()
        if self._resting is not None:
            self._resting.cancel()
            self._switch_off()
        if self._commands is not None:
            await self._commands


async def _run(command: list[str], before: asyncio.Task[None] | None) -> None:
    """What goes wrong is told in the log: the sound is tried all the same."""
    if before is not None:
        await asyncio.wait({before})
    await commands.succeeds(command, "the amplifier")
