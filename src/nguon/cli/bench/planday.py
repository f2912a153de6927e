"""24 hours without a network, by the real core of the device and its own clock, time run fast; and what must not be."""

import time
from collections import Counter
from random import Random
from typing import Any

from nguon.agent.agenda import lay_out
from nguon.cli.bench.daybox import Box
from nguon.cli.bench.dayjudge import Verdict, judge
from nguon.cli.bench.dayplan import DAY, HOUR, MINUTE, SECOND, make_plan
from nguon.wire.messages import Plan, Settings

MIDNIGHT = 1_795_798_800_000  # 28 November 2026, where people live
PLANS = 20  # different ones: each is shared by the devices of an area


def run(devices: int, seed: int) -> dict[str, Any]:
    """The day of `devices` boxes: what was planned, heard, explained; and how often what must not be."""
    began = time.perf_counter()
    plans = [make_plan(Random(f"{seed} plan {number}"), MIDNIGHT) for number in range(min(PLANS, devices))]
    verdicts, steps, losses = [], 0, 0
    for number in range(devices):
        rng = Random(f"{seed} device {number}")
        plan = plans[number % len(plans)]
        box = live_a_day(plan, a_box(rng, number), rng, losses=rng.choice((0, 0, 1, 2, 3)))
        verdicts.append(judge(plan, box))
        steps += box.steps
        losses += len(box.off)
    return _figures(verdicts, seed, steps, losses, time.perf_counter() - began)


def a_box(rng: Random, number: int) -> Box:
    """A device of the swarm: each tenth has a clock without a battery."""
    settings = Settings(
        id="5" * 32,
        at=0,
        version=1,
        areas=("a" * 32,),
        warm_up=rng.choice((0, 500, 1_500)),
        stagger=rng.choice((0, 400, 2_000)),
    )
    return Box(f"{number + 1:032x}", rng, number % 10 != 9, settings, now=MIDNIGHT - 14 * HOUR)


def live_a_day(plan: Plan, box: Box, rng: Random, losses: int) -> Box:
    """The plan comes and is fetched; then the network is away for a day, and the power `losses` times for a while."""
    box.give(lay_out(plan, "b" * 64))
    box.live(MIDNIGHT - MINUTE)
    box.network = False
    moments = sorted(rng.randint(0, DAY // SECOND) * SECOND for _ in range(losses))
    for moment in moments:
        at = MIDNIGHT + moment
        if at <= box.now + box.behind:
            continue
        box.live(at)
        box.lose_power(at + rng.choice((rng.randint(1, 60) * SECOND, rng.randint(1, 180) * MINUTE)))
    box.live(MIDNIGHT + DAY)
    box.network = True
    box.check_clock()
    box.live(MIDNIGHT + DAY + 9 * HOUR)  # so that what began before midnight comes to its end
    return box


def _figures(verdicts: list[Verdict], seed: int, steps: int, losses: int, wall: float) -> dict[str, Any]:
    lateness = sorted(each for verdict in verdicts for each in verdict.lateness)
    ends = sum((verdict.ends for verdict in verdicts), Counter[str]())
    wrong = [words for verdict in verdicts for words in verdict.wrong]
    return {
        "devices": len(verdicts),
        "seed": seed,
        "planned": sum(verdict.plays for verdict in verdicts),
        "finished": sum(verdict.whole for verdict in verdicts),
        "ends": dict(sorted(ends.items())),
        "power_losses": losses,
        "missed": sum(len(verdict.missed) for verdict in verdicts),
        "double": sum(len(verdict.double) for verdict in verdicts),
        "in_quiet_hours": sum(len(verdict.quiet) for verdict in verdicts),
        "two_at_once": sum(len(verdict.at_once) for verdict in verdicts),
        "too_loud": sum(len(verdict.loud) for verdict in verdicts),
        "not_within_a_second": sum(len(verdict.late) for verdict in verdicts),
        "lateness_ms_p95": lateness[len(lateness) * 95 // 100] if lateness else None,
        "lateness_ms_most": lateness[-1] if lateness else None,
        "examples": wrong[:5],
        "steps": steps,
        "wall_s": round(wall, 2),
        "days_a_second": round(len(verdicts) / wall, 1),
    }
