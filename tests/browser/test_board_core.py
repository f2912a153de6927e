"""The core of a board is the core of every device: whatever happens, it becomes and asks the same, in real Chromium."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.browser.board import run, served
from tests.browser.board_core import Words, watched
from tests.browser.screen import chromium
from tests.unit.agent import test_core_properties as orders
from tests.unit.agent import test_core_right as rights
from tests.unit.agent import test_plan_chaos as chaos
from tests.unit.agent.world import after_power_loss, connected

pytestmark = [pytest.mark.browser]
PIECE = 400  # steps told to the browser at once

REPLAY = """const { step, dueAt } = await wire("../core/core");
const { hear } = await wire("../core/hear");
const agendas = new Map(Object.entries(argument.agendas));
const named = new Map([...agendas].map(([name, one]) => [one, name]));
const plan = (one) => (one === null ? null : agendas.get(one.agenda));
const told = (state) => {
  const agenda = state.agenda && { agenda: named.get(state.agenda) };
  return { ...state, asked: state.asked.toSorted(), agenda };
};
const words = (effect) =>
  effect.message?.type === "refusal" ? { ...effect, message: { ...effect.message, id: "" } } : effect;
const found = [];
for (const one of argument.steps) {
  const before = JSON.stringify(one.state);
  const state = { ...one.state, agenda: plan(one.state.agenda) };
  let event = one.event;
  if (event.type === "heard") event = await hear(state.ring, bytes(event.data), one.now);
  if (event.type === "plan-came") event = { ...event, agenda: plan(event.agenda) };
  const made = step(Object.freeze(state), event, one.now);
  if (JSON.stringify(one.state) !== before) throw new Error("the state was changed in its place");
  const effects = made.effects.filter((each) => each.do !== "log").map(words);
  found.push({ after: told(made.state), effects, due: dueAt(made.state, one.now) });
}
return found;"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        found = browser.new_page()
        found.goto(f"{url}/wire/bytes.js")
        yield found


def lives_of_orders() -> None:
    """Orders, stops, files that come or do not, players that fail, links that break, acknowledgements, lost power."""

    @given(orders.stories, st.sampled_from((0, 60_000)), st.integers(0, 1_000))
    @settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def live(story: orders.Story, dark: int, chosen: int) -> None:
        given_orders, happenings = story
        world = connected()
        for kind, value in happenings:
            orders.happen(world, given_orders, kind, value)
        if world.saved:
            world = after_power_loss(world.saved[chosen % len(world.saved)], world.now + dark)
            world.hear(*given_orders.values())
            world.play_out()

    live()


def lives_of_plans() -> None:
    """Plans of three days, replaced, with orders, quiet hours, clocks that jump, budgets, files that go."""

    @given(st.integers(0, 400), st.booleans(), st.lists(chaos.HAPPENINGS, max_size=30))
    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def live(seed: int, battery: bool, happenings: list[tuple[str, Any]]) -> None:
        chaos.test_whatever_happens.hypothesis.inner_test(seed, battery, happenings)  # type: ignore[attr-defined]

    live()


def lives_on_a_lent_screen() -> None:
    """Orders while the right to the screen begins, ends, is taken away and given again."""

    @given(orders.stories, st.lists(st.tuples(st.integers(-120, 300), st.integers(0, 200)), max_size=3))
    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def live(story: orders.Story, hours: list[tuple[int, int]]) -> None:
        rights.test_whatever_happens_nothing_shows_outside.hypothesis.inner_test(story, hours)  # type: ignore[attr-defined]

    live()
    rights.test_a_right_that_is_taken_away_ends_what_shows()
    rights.test_a_plan_shows_only_what_lies_in_its_hours()


def lives_in_noise() -> None:
    """Bytes that are no message, and messages that nobody believes."""

    @given(st.lists(orders.hostile(), max_size=5))
    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def live(heard: list[bytes]) -> None:
        orders.test_no_bytes_make_it_fall.hypothesis.inner_test(heard)  # type: ignore[attr-defined]

    live()


@pytest.mark.parametrize(
    ("lives", "one_in"), [(lives_of_orders, 1), (lives_of_plans, 31), (lives_in_noise, 1), (lives_on_a_lent_screen, 1)]
)
def test_the_same_becomes_of_it(
    page: Page, monkeypatch: pytest.MonkeyPatch, lives: Callable[[], None], one_in: int
) -> None:
    words = Words()
    with watched(words, monkeypatch, most=1_500, one_in=one_in) as steps:
        lives()
    assert len(steps) > 300
    for first in range(0, len(steps), PIECE):
        piece = steps[first : first + PIECE]
        used = {name for each in piece for name in _plans(each)}
        given_plans = {name: words.agendas[name] for name in used}
        found = run(page, REPLAY, {"steps": piece, "agendas": given_plans})
        for ours, theirs in zip(piece, found, strict=True):
            for what in ("effects", "after", "due"):
                assert theirs[what] == ours[what], (what, ours["event"], ours["now"])


def _plans(step: dict[str, Any]) -> Iterator[str]:
    for each in (step["state"], step["after"], step["event"]):
        if each.get("agenda"):
            yield each["agenda"]["agenda"]
