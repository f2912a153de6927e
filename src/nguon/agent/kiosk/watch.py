"""The kiosk: the browser, what is seen of it and what is done, in one asyncio loop."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from nguon.agent import commands
from nguon.agent.files import alone, write_whole
from nguon.agent.kiosk import ask, browser, camera, picture, power, rules
from nguon.agent.kiosk.browser import Browser
from nguon.agent.kiosk.cdp import Refused, Silent
from nguon.agent.kiosk.page import Page
from nguon.kit import clock

log = logging.getLogger(__name__)
TICK = 1.0  # seconds between two steps, and between two questions to the page
MEASURE_EVERY = 10.0  # seconds
PHOTOS = 24  # kept
STILL_AFTER = 5.0  # seconds without a picture painted: then what is seen may be old
EVENTS = 20  # remembered, for whoever asks
PAGE = "/bang/"


class Options(msgspec.Struct, frozen=True):
    """What the operator chose. Commands are words; empty: there is none."""

    server: str
    program: str | None = None
    size: tuple[int, int] | None = None
    hours: power.Hours | None = None  # none: always on
    screen_on: Sequence[str] = ()
    screen_off: Sequence[str] = ()
    photo_every: float = 0.0  # seconds; 0: only when asked
    limits: rules.Limits = rules.Limits()

    @property
    def url(self) -> str:
        """The page that is the board."""
        return self.server.rstrip("/") + PAGE


@dataclass
class Life:
    """One browser, from its start to its end, and what was seen of it."""

    browser: Browser
    page: Page
    since: str
    beat: rules.Beat | None = None
    beats: int = 0
    picture: rules.Picture | None = None
    memory: int = 0
    looking: bool = False
    given: str = ""  # id of the newest photo it was given
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Kiosk:
    """The board of this machine. Raises FileNotFoundError without a browser. `run` until cancelled."""

    def __init__(self, home: Path, options: Options) -> None:
        self.home, self.options = home, options
        self._program = browser.find(options.program)
        self._state = rules.State(options.url)
        self._power = power.Power()
        self.life: Life | None = None
        self._since = _written_now()
        self._all_beats = 0
        self._events: deque[str] = deque(maxlen=EVENTS)
        self._last_photo = ""

    async def run(self) -> None:
        """Show the board. Ends in good order when cancelled. Raises OSError, also if one runs here."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.home.chmod(0o700)
        with alone(self.home, "kiosk"):
            async with ask.answering(self.home, self._answer):
                try:
                    await self._live()
                finally:
                    await self._end(gently=True)

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as group:
            for work in (self._watch, self._listen, self._measure, self._light, self._photograph):
                group.create_task(work())

    async def _watch(self) -> None:
        while True:
            life = self.life
            self._state, actions = rules.step(self._state, self._seen(), time.monotonic(), self.options.limits)
            for action in actions:
                await self._do(action, life)
            await asyncio.sleep(TICK)

    def _seen(self) -> rules.Seen:
        life = self.life
        if life is None or not life.browser.is_running:
            return rules.Seen()
        shown, life.picture = life.picture, None
        unlit = self._power.on is False
        there, crashed = life.page.is_there, life.page.crashed
        return rules.Seen(True, there, crashed, life.beat, life.beats, shown, life.memory, unlit)

    async def _do(self, action: rules.Action, life: Life | None) -> None:
        match action:
            case rules.Start():
                await self._start()
            case rules.Kill(why):
                self._happened(f"{why}: the browser is started again")
                await self._end(gently=why is rules.Why.MEMORY)
            case rules.Load(why) if life is not None:
                self._happened(f"{why}: the page is loaded again")
                self._beside(life, life.page.load(self.options.url, self.options.limits.load))
            case rules.Look() if life is not None and not life.looking:
                self._beside(life, self._look(life))

    async def _start(self) -> None:
        if self.life is not None:  # it ended by itself
            log.warning("the browser said last: %s", self.life.browser.last_words())
            self._happened(f"the browser ended (exit {self.life.browser.exit_code})")
            await self._end(gently=False)
        page, profile = Page(), self.home / "profile"
        argv = browser.command(self._program, self.options.url, profile, self.options.size)
        try:
            browser.prepare(profile)
            started = await Browser.start(argv, page.hear)
        except OSError as error:
            self._happened(f"the browser could not be started: {error}")
            return
        self.life = Life(started, page, _written_now())
        log.info("the browser was started (process %d)", started.pid)
        self._beside(self.life, page.open(started.line))

    async def _end(self, *, gently: bool) -> None:
        life, self.life = self.life, None
        if life is None:
            return
        for task in life.tasks:
            task.cancel()
        await life.browser.end(gently=gently)

    def _beside(self, life: Life, work: Coroutine[Any, Any, None]) -> None:
        """Done without waiting; the browser may refuse it, and it ends with the browser."""
        task = asyncio.get_running_loop().create_task(_told(work))
        life.tasks.add(task)
        task.add_done_callback(life.tasks.discard)

    async def _look(self, life: Life) -> None:
        go, life.looking = (life.beat or rules.Beat()).go, True
        try:
            png = await life.page.thumbnail()
            light = (life.beat or rules.Beat()).light
            blank = await asyncio.to_thread(picture.is_blank, png, light)
            life.picture = rules.Picture(go, blank)
        except ValueError as error:
            log.warning("the picture of the screen cannot be read: %s", error)
        finally:
            life.looking = False

    async def _listen(self) -> None:
        while True:
            life = self.life
            if life is not None and life.page.is_there:
                with contextlib.suppress(Silent):  # the rules see that no answer comes
                    beat = await life.page.beat(self.options.limits.answer)
                    life.beats, life.beat = life.beats + 1, beat or life.beat
                    self._all_beats += 1
                    if beat is not None and beat.wants not in ("", life.given):
                        life.given = beat.wants
                        self._beside(life, self._give(life, beat))
            await asyncio.sleep(TICK)

    async def _give(self, life: Life, beat: rules.Beat) -> None:
        """The page wants a photo: it sends it itself, we only take it."""
        still = time.monotonic() - self._state.frame_at > STILL_AFTER
        found = await camera.take(life.page, beat, off=self._power.on is False, still=still)
        await life.page.give(beat.wants, found.seen, found.jpeg)

    async def _measure(self) -> None:
        while True:
            life = self.life
            if life is not None and life.browser.is_running:
                life.memory = await asyncio.to_thread(browser.memory, life.browser.pid)
            await asyncio.sleep(MEASURE_EVERY)

    async def _light(self) -> None:
        """Switch the screen by the hour."""
        options = self.options
        while options.screen_on or options.screen_off:
            at = clock.now().astimezone(clock.LOCAL).time()
            within = options.hours is None or options.hours.holds(at)
            beat = self.life.beat if self.life is not None else None
            emergency = beat is not None and beat.is_emergency
            self._power, switch = power.step(self._power, within, emergency, time.monotonic())
            if switch is not None:
                await self._switch(on=switch)
            await asyncio.sleep(TICK)

    async def _switch(self, *, on: bool) -> None:
        command = self.options.screen_on if on else self.options.screen_off
        if not command:
            return
        self._happened(f"the screen is switched {'on' if on else 'off'}")
        if not await commands.succeeds(command, "the screen"):
            self._power = msgspec.structs.replace(self._power, failed=True)

    async def _photograph(self) -> None:
        while self.options.photo_every > 0:
            await asyncio.sleep(self.options.photo_every)
            try:
                await self.photo()
            except (Refused, OSError) as error:
                log.warning("no photo could be taken: %s", error)

    async def photo(self) -> Path:
        """Take a photo of what is shown; its file. Raises Refused, OSError."""
        if self.life is None:
            raise Silent("the browser is being started")
        data = await self.life.page.photo()
        folder = self.home / "photos"
        folder.mkdir(exist_ok=True, mode=0o700)
        made = folder / f"{clock.now():%Y%m%dT%H%M%S.%fZ}.jpg"
        write_whole(made, data, 0o600)
        for old in sorted(folder.glob("*.jpg"))[:-PHOTOS]:
            old.unlink()
        self._last_photo = str(made)
        return made

    async def _answer(self, what: str) -> dict[str, Any]:
        if what == "status":
            return self.report()
        if what != "photo":
            raise ask.NoKiosk(f"the kiosk does not know: {what}")
        try:
            return {"photo": str(await self.photo())}
        except (Refused, OSError) as error:
            raise ask.NoKiosk(str(error)) from error

    def report(self) -> dict[str, Any]:
        """What is known of the browser and its page. Times are UTC."""
        life = self.life
        beat = (life.beat if life else None) or rules.Beat()
        lit = "not switched by us" if self._power.on is None else "on" if self._power.on else "off"
        return {
            "running since": self._since,
            "page": self.options.url,
            "shown address": beat.url,
            "browser": life.browser.pid if life else 0,
            "browser since": life.since if life else "",
            "memory MB": round(life.memory / 1e6) if life else 0,
            "answers of the page": self._all_beats,
            "level shown": beat.level if beat.started else 0,
            "screen": lit,
            "restarts": {str(why): count for why, count in self._state.restarts.items()},
            "loads": {str(why): count for why, count in self._state.loads.items()},
            "last photo": self._last_photo,
            "events": list(self._events),
        }

    def _happened(self, words: str) -> None:
        log.warning("%s", words)
        self._events.append(f"{_written_now()} {words}")


async def _told(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Refused as refused:
        log.info("the browser does not do it: %s", refused)


def _written_now() -> str:
    return f"{clock.now():%Y-%m-%d %H:%M:%S} UTC"
