"""The Vietnamese lunar calendar: which lunar day a day is. Pure arithmetic, right for 1900–2199.

A lunar month begins on the day, in Vietnam, in which the moon is new. The month that holds the winter solstice is the
eleventh; in a year of thirteen months the first that holds no middle of a sun sign is a leap month. New moons and the
sun's longitude after J. Meeus, *Astronomical Algorithms* (truncated series, good to a few minutes).
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import floor, pi, sin

_ZONE = 7 / 24  # days: noon of Vietnam against noon of Greenwich
_SYNODIC = 29.530588853  # days from new moon to new moon, in the mean
_EPOCH = 2_415_021.076998695  # the mean new moon of 1 January 1900, as a Julian day
_TO_JULIAN = 1_721_425  # from `date.toordinal` to the Julian day number at noon
_RADIAN = pi / 180


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar. `leap`: the month is a second one of the same number."""

    year: int
    month: int
    day: int
    leap: bool = False


@lru_cache(maxsize=4096)
def lunar(day: date) -> LunarDay:
    """The lunar day of a day."""
    number = day.toordinal() + _TO_JULIAN
    start = _new_moon_by(number)
    eleventh, year = _eleventh_month(day.year), day.year
    if eleventh >= start:
        before = _eleventh_month(year - 1)
        after = eleventh
    else:
        before, after, year = eleventh, _eleventh_month(year + 1), year + 1
    since = floor((start - before) / 29)
    month, leap = since + 11, False
    if after - before > 365:  # thirteen months
        at = _leap_at(before)
        if since >= at:
            month = since + 10
            leap = since == at
    if month > 12:
        month -= 12
    if month >= 11 and since < 4:
        year -= 1
    return LunarDay(year, month, number - start + 1, leap)


def _new_moon_by(number: int) -> int:
    """The last day with a new moon up to this one. Months in the mean tell which one within a day or two, no better."""
    k = floor((number - _EPOCH) / _SYNODIC) + 1
    while (start := _new_moon_day(k)) > number:
        k -= 1
    return start


@lru_cache(maxsize=1024)
def _new_moon_day(k: int) -> int:
    """The Julian day number, in Vietnam, of the k-th new moon since January 1900."""
    t = k / 1236.85
    mean = 2_415_020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * _RADIAN)
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * _RADIAN
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * _RADIAN
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * _RADIAN
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    shift += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    shift += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    slowing = -0.000278 + 0.000265 * t + 0.000262 * t**2  # of the earth's turning
    return floor(mean + shift - slowing + 0.5 + _ZONE)


def _sun_sign(number: int) -> int:
    """In which twelfth of its way the sun stands at the beginning of a day in Vietnam: 0–11, 9 from the solstice on."""
    t = (number - 0.5 - _ZONE - 2_451_545) / 36_525
    mean = 280.46645 + 36_000.76983 * t + 0.0003032 * t**2
    anomaly = (357.52910 + 35_999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * _RADIAN
    centre = (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    seen = mean + centre - 0.00569 - 0.00478 * sin((125.04 - 1934.136 * t) * _RADIAN)
    return floor(seen % 360 / 30)


@lru_cache(maxsize=512)
def _eleventh_month(year: int) -> int:
    """The Julian day number on which the eleventh lunar month of a year begins: the one with the winter solstice."""
    start = _new_moon_by(date(year, 12, 31).toordinal() + _TO_JULIAN)
    return start if _sun_sign(start) < 9 else _new_moon_by(start - 1)


@lru_cache(maxsize=512)
def _leap_at(eleventh: int) -> int:
    """How many months after an eleventh month the leap month stands: the first in which the sun enters no sign."""
    k = floor((eleventh - _EPOCH) / _SYNODIC + 0.5)
    sign = _sun_sign(_new_moon_day(k + 1))
    for months in range(2, 15):
        last, sign = sign, _sun_sign(_new_moon_day(k + months))
        if last == sign:
            return months - 1
    raise ArithmeticError(f"no leap month after {eleventh}")
