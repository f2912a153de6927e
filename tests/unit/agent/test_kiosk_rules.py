"""The kiosk's rules, second by second: what is seen, what is done about it."""

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.agent.kiosk import rules
from nguon.agent.kiosk.rules import Beat, Kill, Limits, Load, Look, Picture, Seen, Start, State, Why

PAGE = "https://nguon.example.vn/bang/"
SHOWS = Beat(PAGE, 200, go=7, level=40, started=True)
ALARM = Beat(PAGE, 200, go=8, level=90, started=True)


class Box:
    """A browser that does as a test says, and a kiosk that looks at it each second."""

    def __init__(self, **limits: float) -> None:
        self.state, self.limits = State(PAGE), msgspec.structs.replace(Limits(), **limits)
        self.seen, self.now, self.done = Seen(), 1_000.0, list[tuple[float, rules.Action]]()
        self.answers = self.paints = True
        self.beat = Beat(PAGE, 200)
        self.blank: bool | None = None  # what it finds when it looks

    def run(self, seconds: float, tick: float = 1.0) -> list[rules.Action]:
        """Let time go by. What was done meanwhile."""
        before, until = len(self.done), self.now + seconds
        while self.now < until:
            self.now += tick
            if self.seen.page and self.answers:
                self.beat = msgspec.structs.replace(self.beat, frames=self.beat.frames + self.paints)
                self.see(beats=self.seen.beats + 1, beat=self.beat)
            self.state, actions = rules.step(self.state, self.seen, self.now, self.limits)
            self.see(picture=None)
            for action in actions:
                self.done.append((self.now, action))
                self._follow(action)
        return [action for _, action in self.done[before:]]

    def _follow(self, action: rules.Action) -> None:
        if isinstance(action, Start):
            self.beat = msgspec.structs.replace(self.beat, frames=0)
            self.seen = Seen(running=True, page=True)
        elif isinstance(action, Kill):
            self.seen = Seen()
        elif isinstance(action, Look) and self.blank is not None:
            self.see(picture=Picture(self.beat.go, self.blank))
        elif isinstance(action, Load):
            self.see(crashed=False)

    def see(self, **fields: Any) -> None:
        self.seen = msgspec.structs.replace(self.seen, **fields)

    def well(self) -> "Box":
        """Started, and well for a minute and more."""
        assert self.run(100) == [Start()]
        return self


def test_what_is_well_is_left_alone() -> None:
    box = Box().well()
    box.beat = ALARM
    box.blank = False
    assert set(map(type, box.run(3600))) == {Look}
    assert box.state.restarts == {}


def test_a_browser_that_ends_is_started_again_at_once_and_then_with_growing_pauses() -> None:
    box = Box().well()
    at = box.now
    box.seen = Seen()
    assert box.run(2) == [Start()]
    assert box.done[-1][0] - at <= 2
    for _ in range(12):
        box.seen = Seen()
        while box.run(1) != [Start()]:
            assert box.now - at < 3600
    times = [when for when, action in box.done if action == Start()]
    pauses = [later - one for one, later in itertools.pairwise(times)][2:]
    assert pauses == sorted(pauses)
    assert 60 <= pauses[-1] <= 62
    assert box.state.restarts == {Why.ENDED: 13}
    box.run(100)
    box.seen = Seen()
    assert box.run(2) == [Start()]


def test_a_browser_whose_page_never_answers() -> None:
    box = Box()
    box.answers = False
    assert box.run(60) == [Start()]
    assert box.run(3) == [Kill(Why.SLOW), Start()]


def test_a_window_that_was_closed() -> None:
    box = Box().well()
    box.see(page=False)
    assert box.run(1) == [Kill(Why.CLOSED)]


def test_a_page_that_does_not_answer() -> None:
    box = Box().well()
    box.answers = False
    assert box.run(10) == []
    assert box.run(1) == [Kill(Why.FROZEN)]
    box.answers = True
    assert box.run(10) == [Start()]


def test_a_page_that_runs_and_paints_nothing_unless_the_screen_is_off() -> None:
    box = Box().well()
    box.paints = False
    box.see(unlit=True)
    assert box.run(600) == []
    box.see(unlit=False)
    assert box.run(20) == []
    assert box.run(1) == [Kill(Why.STILL)]


def test_a_page_that_crashes_is_loaded_again_and_at_last_the_browser() -> None:
    box = Box().well()
    done = list[rules.Action]()
    for _ in range(4):
        box.see(crashed=True)
        while box.seen.crashed:
            done += box.run(1)
    assert done == [*[Load(Why.CRASHED)] * 3, Kill(Why.CRASHED)]
    assert box.state.loads == {Why.CRASHED: 3}


def test_a_crash_a_day_is_no_reason_to_start_the_browser_again() -> None:
    box = Box().well()
    for _ in range(10):
        box.see(crashed=True)
        assert box.run(1) == [Load(Why.CRASHED)]
        assert box.run(120) == []


@pytest.mark.parametrize(
    "url", ["https://elsewhere.vn/bang/", "https://nguon.example.vn/dang-nhap", "about:blank", "x", "data:,bang"]
)
def test_a_page_that_went_elsewhere(url: str) -> None:
    box = Box().well()
    box.beat = Beat(url, 200)
    assert box.run(1) == [Load(Why.ELSEWHERE)]
    assert box.run(29) == []  # the new one may be on its way
    assert box.run(2) == [Load(Why.ELSEWHERE)]


@pytest.mark.parametrize(
    "url", [PAGE + "?x=1", PAGE + "#a", PAGE.replace("https", "http"), PAGE.replace(".vn", ".vn:8")]
)
def test_the_same_page_by_another_way(url: str) -> None:
    box = Box().well()
    box.beat = Beat(url, 200)
    assert box.run(600) == []


@pytest.mark.parametrize("beat", [Beat("chrome-error://chromewebdata/"), Beat(PAGE, 502), Beat(PAGE, 404)])
def test_a_page_that_does_not_come_is_asked_for_ever_more_slowly(beat: Beat) -> None:
    box = Box()
    box.beat = beat
    box.run(1800)
    times = [when for when, action in box.done if action == Load(Why.FAILED)]
    pauses = [later - one for one, later in itertools.pairwise(times)]
    assert pauses == sorted(pauses)
    assert (times[0] - box.done[0][0], pauses[-1]) == (2, 31)
    assert box.state.restarts == {}
    box.beat = Beat(PAGE, 200)
    assert box.run(100) == []
    box.beat = beat
    assert box.run(5) == [Load(Why.FAILED)] * 2  # as quickly as at first


def test_a_black_picture_while_something_is_shown() -> None:
    box = Box().well()
    box.beat, box.blank = SHOWS, True
    assert [action for action in box.run(8) if action != Look()] == [Load(Why.BLACK)]
    assert [action for action in box.run(12) if action != Look()] == [Kill(Why.BLACK), Start()]
    assert {type(action) for action in box.run(3600)} == {Look}  # nothing helps: the rest of the day it is left alone
    box.blank = False
    box.run(120)
    box.blank = True
    assert Load(Why.BLACK) in box.run(120)


def test_one_black_picture_between_two_documents_is_nothing() -> None:
    box = Box().well()
    box.beat, box.blank = SHOWS, True
    while not any(isinstance(action, Look) for action in box.run(1)):
        pass
    box.blank = False
    assert {type(action) for action in box.run(300)} == {Look}


def test_a_black_picture_of_what_was_shown_before_is_nothing() -> None:
    box = Box().well()
    box.beat = SHOWS
    for _ in range(4):
        box.see(picture=Picture(go=SHOWS.go - 1, blank=True))
        assert {type(action) for action in box.run(1)} <= {Look}


def test_a_black_picture_of_a_board_that_shows_nothing_is_not_even_taken() -> None:
    box = Box().well()
    box.blank = True
    assert box.run(3600) == []
    box.beat = msgspec.structs.replace(SHOWS, started=False)
    assert box.run(600) == []
    box.beat = SHOWS
    box.see(unlit=True)
    assert box.run(600) == []


def test_memory_waits_for_the_end_of_an_emergency() -> None:
    box = Box().well()
    box.beat, box.blank = ALARM, False
    box.see(memory=2_000_000_000)
    assert {type(action) for action in box.run(600)} == {Look}
    box.beat = SHOWS
    assert box.run(1) == [Kill(Why.MEMORY)]


def test_who_had_no_processor_blames_nobody() -> None:
    """The kiosk itself was held up for a minute, as on a machine that was suspended: so was the browser."""
    box = Box().well()
    box.answers = False
    assert box.run(60, tick=60) == []
    assert box.run(5) == []
    box.answers = True
    assert box.run(60) == []


def test_what_is_given_in_a_test_is_heeded() -> None:
    box = Box(answer=2, frame=3).well()
    box.answers = False
    assert box.run(3) == [Kill(Why.FROZEN)]


SIGHTS = st.builds(
    Seen,
    running=st.booleans(),
    page=st.booleans(),
    crashed=st.booleans(),
    beat=st.none() | st.builds(Beat, url=st.sampled_from([PAGE, "x", "chrome-error://x/"]), frames=st.integers(0, 3)),
    beats=st.integers(0, 3),
    picture=st.none() | st.builds(Picture, go=st.integers(0, 1), blank=st.booleans()),
    memory=st.sampled_from([0, 10**10]),
    unlit=st.booleans(),
)


@given(st.lists(st.tuples(SIGHTS, st.floats(0.1, 100)), max_size=60))
def test_whatever_is_seen_one_thing_is_done_at_a_time_and_never_too_often(sights: list[tuple[Seen, float]]) -> None:
    state, now, starts = State(PAGE), 0.0, list[float]()
    for seen, wait in sights:
        now += wait
        state, actions = rules.step(state, seen, now, Limits())
        assert len(actions) <= 1
        assert not seen.running or Start() not in actions
        assert seen.running or actions in ([], [Start()])
        starts += [now] if actions == [Start()] else []
    assert all(later - one >= rules.FIRST_DELAY for one, later in itertools.pairwise(starts))
