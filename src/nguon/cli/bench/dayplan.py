"""A plan of one day as no officer would make it: sessions that collide, run into quiet hours, are broken into."""

from collections.abc import Sequence
from hashlib import sha256
from random import Random

from nguon.wire.ladder import Level
from nguon.wire.messages import Content, Limit, Plan, Play, Span, Stream

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
DAY = 24 * HOUR
AREA = "a" * 32


def make_plan(rng: Random, day: int, sessions: int = 6) -> Plan:
    """The plan of the day that begins at `day` (ms), made before it. The same `rng` gives the same plan."""
    quiet = [Span(start=day - 3 * HOUR, end=day + 5 * HOUR), Span(start=day + 21 * HOUR, end=day + 29 * HOUR)]
    if rng.random() < 0.5:
        noon = day + 11 * HOUR + rng.randint(0, 90) * MINUTE
        quiet.append(Span(start=noon, end=noon + rng.randint(5, 90) * MINUTE))
    plays: list[Play] = []
    for _ in range(sessions):
        start = day + rng.choice((5 * HOUR, 17 * HOUR, rng.randint(0, DAY // MINUTE - 1) * MINUTE))
        plays += _session(rng, day, start, len(plays))
    for _ in range(rng.randint(0, 4)):  # what breaks in
        level = rng.choice((Level.PRIORITY, Level.LIVE, Level.EMERGENCY))
        plays.append(_play(rng, day, rng.randint(0, DAY // SECOND - 1) * SECOND + day, level, len(plays)))
    if rng.random() < 0.7:  # what is meant to end with the day
        length = rng.randint(1, 40) * MINUTE
        plays.append(_play(rng, day, day + 21 * HOUR - length, Level.ORDINARY, len(plays), length))
    limits = [Limit(start=day + 5 * HOUR, end=day + 6 * HOUR, most=rng.randint(20, 60))]
    return Plan(
        made=day - 14 * HOUR,
        until=day + 2 * DAY,
        plays=tuple(plays),
        quiet=tuple(quiet),
        limits=tuple(limits),
        fetch=(Span(start=day - 10 * HOUR, end=day - 4 * HOUR),),
    )


def _session(rng: Random, day: int, start: int, count: int) -> Sequence[Play]:
    made: list[Play] = []
    for _ in range(rng.randint(1, 8)):
        level = rng.choice((Level.ORDINARY, Level.ORDINARY, Level.ORDINARY, Level.PRIORITY, Level.RELAY, Level.FILLER))
        play = _play(rng, day, start, level, count + len(made))
        made.append(play)
        start += play.duration + rng.choice((0, 0, 0, 20 * SECOND))
    return made


def _play(rng: Random, day: int, start: int, level: Level, number: int, length: int = 0) -> Play:
    lengths = rng.randint(2, 30) * SECOND, rng.randint(1, 10) * MINUTE, rng.randint(10, 40) * MINUTE
    length = length or rng.choice(lengths)
    grace = rng.choice((30 * SECOND, 5 * MINUTE, 15 * MINUTE))
    stream = level in (Level.RELAY, Level.LIVE) and rng.random() < 0.7
    mark = f"{number}:{rng.randint(0, 9)}" if length > MINUTE else f"jingle {length}"
    digest = sha256(mark.encode()).hexdigest()
    file = Content(url=f"/api/1/content/{digest}", sha256=digest, size=length // 10, duration=length)
    return Play(
        id=sha256(f"{day} {number} {start} {level} {length}".encode()).hexdigest()[:32],
        at=day - 20 * HOUR,
        start=start,
        begin_by=start + grace,
        expires=start + length + max(grace, rng.choice((0, 1, 10)) * MINUTE),
        level=level,
        content=None if stream else file,
        stream=Stream(urls=("http://127.0.0.1/x",), duration=length) if stream else None,
        cut=level in (Level.RELAY, Level.FILLER),
        areas=(AREA,),
        title=mark,
    )
