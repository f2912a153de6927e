"""What the kiosk does about what it sees. Pure. Times are seconds of a clock that only goes forward, sizes bytes."""

from collections.abc import Callable
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from nguon.wire.ladder import Level

FIRST_DELAY = 0.5  # seconds before the browser is started again; doubled each time
LONGEST_DELAY = 60.0
GOOD_AFTER = 60.0  # a browser, or a page, that was well for so long is tried again without delay
FIRST_LOAD = 1.0  # seconds between two tries to load a page that does not come; doubled each time
LONGEST_LOAD = 30.0
CRASHES = 3  # pages that crash one after the other: then it is the browser
BLANKS = 2  # dark pictures one after the other: one may be of the moment between two documents
LOOK_AGAIN = 5.0  # seconds from a dark picture to the next look
GAP = 5.0  # seconds between two steps: if we had no processor for so long, neither had the browser


class Why(StrEnum):
    """Why a page was loaded again, or the browser started again."""

    ENDED = "ended"  # the process was gone
    SLOW = "did not start"
    CLOSED = "window closed"
    FROZEN = "page frozen"
    STILL = "no picture painted"
    CRASHED = "page crashed"
    ELSEWHERE = "another page"
    FAILED = "page did not come"
    BLACK = "black picture"
    MEMORY = "memory"


class Limits(msgspec.Struct, frozen=True):
    """How patient the kiosk is."""

    start: float = 60.0  # from the start of the browser to the first answer of its page
    answer: float = 10.0  # from answer to answer
    frame: float = 20.0  # from picture to picture
    load: float = 30.0  # for a page to come
    look: float = 60.0  # between two looks at what is shown
    memory: int = 1_500_000_000


class Beat(msgspec.Struct, frozen=True):
    """What the page answers each second."""

    url: str = ""
    status: int = 0  # of HTTP, as it was loaded; 0: not known
    frames: int = 0  # pictures painted, of those it was asked for
    go: int = 0  # number of what it shows or is about to show; 0: nothing
    level: int = 0
    started: bool = False
    light: int = 100  # percent: how bright it shows
    wants: str = ""  # id of a photo that it waits for

    @property
    def is_emergency(self) -> bool:
        """Whether an emergency is shown, or about to be; a drill of one counts."""
        return self.go > 0 and self.level >= Level.EMERGENCY


class Picture(msgspec.Struct, frozen=True):
    """What was found when looking. `go`: what the page said it showed before."""

    go: int
    blank: bool


class Seen(msgspec.Struct, frozen=True):
    """What is so at this moment."""

    running: bool = False  # the process
    page: bool = False  # it has a window with a page that we can talk with
    crashed: bool = False  # that page has no process any more
    beat: Beat | None = None  # the newest of this browser
    beats: int = 0  # how many it gave
    picture: Picture | None = None  # given once
    memory: int = 0
    unlit: bool = False  # the screen is switched off: then a browser need paint nothing


class State(msgspec.Struct, frozen=True):
    """What is remembered from step to step."""

    target: str  # the address to be shown
    at: float = 0.0
    up: bool = False  # the browser was started, and not ended by us
    due: float = 0.0  # when to start it
    delay: float = 0.0
    began: float = 0.0  # this browser
    had_page: bool = False
    beats: int = 0
    beat_at: float = 0.0
    frames: int = 0
    frame_at: float = 0.0
    loaded_at: float = 0.0
    load_delay: float = FIRST_LOAD
    crashes: int = 0
    well_since: float | None = None  # the right page answers
    looked_at: float = 0.0
    blanks: int = 0
    black: int = 0  # what was done about a black picture: 0 nothing, 1 loaded again, 2 started again
    restarts: dict[Why, int] = {}
    loads: dict[Why, int] = {}


class Start(msgspec.Struct, frozen=True):
    """Start the browser."""


class Kill(msgspec.Struct, frozen=True):
    """End the browser; it is started again by a later step."""

    why: Why


class Load(msgspec.Struct, frozen=True):
    """Load the page again."""

    why: Why


class Look(msgspec.Struct, frozen=True):
    """Take a small picture of what is shown."""


Action = Start | Kill | Load | Look
Rule = Callable[[State, Seen, Limits], Action | None]


def step(state: State, seen: Seen, now: float, limits: Limits) -> tuple[State, list[Action]]:
    """One look: what to remember, and what to do."""
    gap, state = now - state.at, _put(state, at=now)
    if not seen.running:
        return _down(state)
    state = _noted(state, seen)
    if gap > GAP:
        state = _put(state, beat_at=now, frame_at=now, began=max(state.began, now - limits.start / 2))
    for rule in RULES:
        action = rule(state, seen, limits)
        if action is not None:
            return _acted(state, action), [action]
    return state, []


def _put(state: State, **fields: object) -> State:
    return msgspec.structs.replace(state, **fields)


def _down(state: State) -> tuple[State, list[Action]]:
    if state.up:
        state = _to_be_started(state, Why.ENDED)
    if state.at < state.due:
        return state, []
    now = state.at
    fresh = {"up": True, "had_page": False, "beats": 0, "frames": 0, "crashes": 0, "blanks": 0, "well_since": None}
    times = dict.fromkeys(("began", "beat_at", "frame_at", "loaded_at", "looked_at"), now)
    return _put(state, **fresh, **times), [Start()]


def _to_be_started(state: State, why: Why) -> State:
    """The browser is gone, or goes now. One that lived long is started again without delay."""
    delay = (
        FIRST_DELAY if state.at - state.began > GOOD_AFTER else min(max(state.delay * 2, FIRST_DELAY), LONGEST_DELAY)
    )
    counts = {**state.restarts, why: state.restarts.get(why, 0) + 1}
    return _put(state, up=False, due=state.at + delay, delay=delay, restarts=counts)


def _noted(state: State, seen: Seen) -> State:
    """The state with what was seen."""
    now = state.at
    if seen.page and not state.had_page:
        state = _put(state, had_page=True)
    if seen.beat is not None and seen.beats != state.beats:
        state = _put(state, beats=seen.beats, beat_at=now)
        if seen.beat.frames != state.frames:
            state = _put(state, frames=seen.beat.frames, frame_at=now)
        state = _judged(state, seen)
    if seen.unlit:
        state = _put(state, frame_at=now)
    if seen.picture is not None and seen.beat is not None:
        same = seen.beat.started and seen.picture.go == seen.beat.go
        if not seen.picture.blank:
            state = _put(state, blanks=0, black=0)
        else:
            state = _put(state, blanks=state.blanks + 1 if same else 0)
    return state


def _judged(state: State, seen: Seen) -> State:
    """Whether the right page is well, and since when."""
    if seen.crashed or _missed(state, seen.beat):
        return _put(state, well_since=None)
    if state.well_since is None:
        return _put(state, well_since=state.at)
    if state.at - state.well_since >= GOOD_AFTER and (state.crashes or state.load_delay > FIRST_LOAD):
        return _put(state, crashes=0, load_delay=FIRST_LOAD)
    return state


def _missed(state: State, beat: Beat | None) -> Why | None:
    """What is wrong with where the page is. The same host and path will do: a server may lead from http to https."""
    if beat is None:
        return None
    here, there = urlsplit(beat.url), urlsplit(state.target)
    if here.scheme == "chrome-error" or beat.status >= 400:
        return Why.FAILED
    return None if (here.hostname, here.path) == (there.hostname, there.path) else Why.ELSEWHERE


def _acted(state: State, action: Action) -> State:
    if isinstance(action, Look):
        return _put(state, looked_at=state.at)
    if isinstance(action, Kill):
        black = 2 if action.why is Why.BLACK else state.black
        return _put(_to_be_started(state, action.why), black=black)
    if isinstance(action, Load):
        counts = {**state.loads, action.why: state.loads.get(action.why, 0) + 1}
        changed: dict[str, object] = {"loads": counts, "loaded_at": state.at, "well_since": None, "frame_at": state.at}
        changed["load_delay"] = min(state.load_delay * 2, LONGEST_LOAD)
        if action.why is Why.CRASHED:
            changed |= {"crashes": state.crashes + 1, "beat_at": state.at}
        if action.why is Why.BLACK:
            changed |= {"black": 1, "blanks": 0}
        return _put(state, **changed)
    return state


def _gone(state: State, seen: Seen, limits: Limits) -> Action | None:
    """Its window was closed, or never came."""
    if state.had_page and not seen.page:
        return Kill(Why.CLOSED)
    if state.beats == 0 and state.at - state.began > limits.start:
        return Kill(Why.SLOW)
    return None


def _crashed(state: State, seen: Seen, limits: Limits) -> Action | None:
    if not seen.crashed:
        return None
    if state.crashes >= CRASHES:
        return Kill(Why.CRASHED)
    return Load(Why.CRASHED) if state.crashes == 0 or state.at - state.loaded_at > state.load_delay else None


def _frozen(state: State, seen: Seen, limits: Limits) -> Action | None:
    if state.beats == 0 or seen.crashed:
        return None
    if state.at - state.beat_at > limits.answer:
        return Kill(Why.FROZEN)
    return Kill(Why.STILL) if state.at - state.frame_at > limits.frame else None


def _heavy(state: State, seen: Seen, limits: Limits) -> Action | None:
    """It takes too much memory: the machine would slow down, then kill something. No warning is broken off for it."""
    emergency = seen.beat is not None and seen.beat.is_emergency
    return Kill(Why.MEMORY) if seen.memory > limits.memory and not emergency else None


def _lost(state: State, seen: Seen, limits: Limits) -> Action | None:
    """Another page is there than should be. One that is still on its way is waited for."""
    why = _missed(state, seen.beat)
    if why is None or seen.crashed:
        return None
    wait = state.load_delay if why is Why.FAILED else max(state.load_delay, limits.load)
    return Load(why) if state.at - state.loaded_at > wait else None


def _black(state: State, seen: Seen, limits: Limits) -> Action | None:
    """The page says it shows something, and the picture is one dark colour. Loaded again, then started again; what
    neither cures is a dark picture, and left alone until something bright was seen."""
    if seen.unlit or seen.beat is None or not seen.beat.started:
        return None
    if state.blanks >= BLANKS and state.black < 2:
        return Load(Why.BLACK) if state.black == 0 else Kill(Why.BLACK)
    soon = 0 < state.blanks < BLANKS or state.black == 1
    return Look() if state.at - state.looked_at >= (min(LOOK_AGAIN, limits.look) if soon else limits.look) else None


RULES: tuple[Rule, ...] = (_gone, _crashed, _frozen, _heavy, _lost, _black)
