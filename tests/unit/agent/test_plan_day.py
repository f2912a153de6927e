"""A day without a network, time run fast; and that the judge of it sees what is wrong."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.agent import plans, sound, waiting
from nguon.agent.agenda import Agenda
from nguon.agent.turn import Turn
from nguon.agent.units import HOUR
from nguon.cli.bench.dayjudge import Verdict, judge
from nguon.cli.bench.dayplan import make_plan
from nguon.cli.bench.planday import MIDNIGHT, a_box, live_a_day, run
from nguon.wire.messages import Stage


@given(st.randoms(use_true_random=False), st.integers(0, 9), st.integers(0, 3), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_nothing_missed_nothing_twice_nothing_at_night(rng: Random, number: int, losses: int, sessions: int) -> None:
    plan = make_plan(rng, MIDNIGHT, sessions)
    box = live_a_day(plan, a_box(rng, number), rng, losses)
    assert judge(plan, box).wrong == []


def test_the_figures_of_twenty_devices() -> None:
    found = run(20, 7)
    wrong = ("missed", "double", "in_quiet_hours", "two_at_once", "too_loud", "not_within_a_second")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert found["finished"] > 100
    assert found["power_losses"] > 5
    assert {"expired busy", "expired quiet", "expired off", "finished"} <= set(found["ends"])


def _days(count: int = 8) -> list[Verdict]:
    verdicts = []
    for number in range(count):
        rng = Random(f"judge {number}")
        plan = make_plan(rng, MIDNIGHT)
        verdicts.append(judge(plan, live_a_day(plan, a_box(rng, number), rng, number % 3)))
    return verdicts


def _broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A core with one thing wrong."""
    match name:
        case "sounds go on into quiet hours":
            monkeypatch.setattr(sound, "_be_quiet", lambda turn: None)
        case "quiet hours are not looked at":
            monkeypatch.setattr(waiting, "in_quiet", lambda held, state, at: None)
        case "what is over is forgotten":
            end = Turn.end

            def forget(turn: Turn, broadcast: str, stage: Stage, *args: Any, **more: Any) -> None:
                end(turn, broadcast, stage, *args, **more)
                if stage is Stage.FINISHED:
                    turn.put(over={}, taken=turn.now - HOUR)

            monkeypatch.setattr(Turn, "end", forget)
        case "nothing is taken from the plan":
            monkeypatch.setattr(plans, "_take", lambda turn, order, made: None)
        case "what was broken into does not go on":
            monkeypatch.setattr(waiting, "moment", _not_again)
        case "it begins late":
            due = waiting.due
            monkeypatch.setattr(waiting, "due", lambda held, state: due(held, state) + 1_500)
        case "the hour's volume is not kept":
            monkeypatch.setattr(Agenda, "loudest", lambda agenda, now: 100)


_moment = waiting.moment


def _not_again(held: Any, state: Any, now: int) -> int | None:
    return None if held.since else _moment(held, state, now)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sounds go on into quiet hours", "quiet"),
        ("quiet hours are not looked at", "quiet"),
        ("what is over is forgotten", "double"),
        ("nothing is taken from the plan", "missed"),
        ("what was broken into does not go on", "missed"),
        ("it begins late", "late"),
        ("the hour's volume is not kept", "loud"),
    ],
)
def test_the_judge_sees(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that cannot fail is none: a core broken on purpose is found out."""
    assert not any(verdict.wrong for verdict in _days())
    _broken(name, monkeypatch)
    assert any(getattr(verdict, kind) for verdict in _days())
