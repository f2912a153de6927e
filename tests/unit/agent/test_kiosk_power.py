"""When the screen is on: hours, emergencies, commands that fail."""

from datetime import time

import msgspec
import pytest

from nguon.agent.kiosk import power
from nguon.agent.kiosk.power import Hours, Power


@pytest.mark.parametrize(
    ("written", "on", "off"),
    [
        ("05:00-22:00", ["05:00", "12:00", "21:59"], ["04:59", "22:00", "00:00"]),
        ("5:30-24:00", ["05:30", "23:59"], ["00:00", "05:29"]),
        ("00:00-12:00", ["00:00", "11:59"], ["12:00", "23:59"]),
        ("20:00-04:00", ["20:00", "23:59", "00:00", "03:59"], ["04:00", "19:59"]),
    ],
)
def test_hours(written: str, on: list[str], off: list[str]) -> None:
    found = power.hours(written)
    assert [at for at in [*on, *off] if found.holds(time.fromisoformat(at))] == on


@pytest.mark.parametrize(
    "written", ["", "5-22", "05:00", "05:00-05:00", "25:00-26:00", "05:60-22:00", "24:00-05:00", "x"]
)
def test_no_hours(written: str) -> None:
    with pytest.raises(ValueError):
        power.hours(written)


class Screen:
    """A screen that is switched, second by second."""

    def __init__(self) -> None:
        self.power, self.now, self.switched = Power(), 0.0, list[tuple[float, bool]]()

    def run(self, seconds: int, *, within: bool, emergency: bool = False, fails: bool = False) -> list[bool]:
        before = len(self.switched)
        for _ in range(seconds):
            self.now += 1
            self.power, switch = power.step(self.power, within, emergency, self.now)
            if switch is not None:
                self.switched.append((self.now, switch))
                self.power = msgspec.structs.replace(self.power, failed=fails)
        return [switch for _, switch in self.switched[before:]]


def test_it_is_switched_once_at_the_start_and_at_each_change() -> None:
    screen = Screen()
    assert screen.run(600, within=True) == [True]
    assert screen.run(600, within=False) == [False]
    assert screen.run(600, within=True) == [True]
    assert Screen().run(600, within=False) == [False]


def test_an_emergency_at_night_switches_it_on_at_once_and_for_a_while() -> None:
    screen = Screen()
    screen.run(600, within=False)
    assert screen.run(1, within=False, emergency=True) == [True]
    assert screen.run(30, within=False, emergency=True) == []
    assert screen.run(50, within=False) == []  # it is said again soon
    screen.run(5, within=False, emergency=True)
    assert screen.run(59, within=False) == []
    assert screen.run(3, within=False) == [False]


def test_an_emergency_at_noon_switches_on_what_somebody_may_have_switched_off() -> None:
    screen = Screen()
    screen.run(600, within=True)
    assert screen.run(60, within=True, emergency=True) == [True]
    assert screen.run(600, within=True) == []


def test_a_command_that_fails_is_tried_again() -> None:
    screen = Screen()
    assert screen.run(600, within=True, fails=True) == [True] * 10
    assert screen.run(60, within=True, emergency=True, fails=True) == [True] * 6
    assert screen.run(60, within=True) == [True]
    assert screen.run(600, within=True) == []


def test_over_midnight() -> None:
    assert power.hours("22:30-01:15") == Hours(time(22, 30), time(1, 15))
