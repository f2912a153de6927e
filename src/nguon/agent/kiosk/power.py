"""When the screen is on. Pure, and the command that switches it."""

import re
from datetime import time

import msgspec

AGAIN = 60.0  # seconds after a command that failed
AGAIN_SOON = 10.0  # the same while an emergency is shown
LINGER = 60.0  # seconds that the screen stays on after an emergency: it is said again
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class Hours(msgspec.Struct, frozen=True):
    """From when to when, each day, as a clock on the wall says it; over midnight if `off` comes before `on`."""

    on: time
    off: time

    def holds(self, at: time) -> bool:
        """Whether the screen is on at this time of the day."""
        if self.on <= self.off:
            return self.on <= at < self.off
        return at >= self.on or at < self.off


def hours(written: str) -> Hours:
    """From words like 05:00-22:00; 24:00 is the end of the day. Raises ValueError."""
    found = _HOURS.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"not hours like 05:00-22:00: {written}")
    first, second, third, fourth = map(int, found.groups())
    made = Hours(time(first, second), time.max if (third, fourth) == (24, 0) else time(third, fourth))
    if made.on == made.off:
        raise ValueError(f"the screen would never be on, or never off: {written}")
    return made


class Power(msgspec.Struct, frozen=True):
    """What is known of the screen. Times are seconds of a clock that only goes forward."""

    on: bool | None = None  # as it was last asked for; None: not yet
    asked_at: float = 0.0
    failed: bool = False  # the last command
    emergency: bool = False
    lit_until: float = 0.0  # by an emergency


def step(power: Power, within: bool, emergency: bool, now: float) -> tuple[Power, bool | None]:
    """What to remember, and whether to switch the screen: True on, False off, None not at all.

    `within`: the hour says on. An emergency switches it on even if it should be on already: somebody may have
    switched it off by hand.
    """
    lit_until = now + LINGER if emergency else power.lit_until
    wanted = within or now < lit_until
    begins = emergency and not power.emergency
    waited = now - power.asked_at >= (AGAIN_SOON if emergency else AGAIN)
    kept = msgspec.structs.replace(power, emergency=emergency, lit_until=lit_until)
    if wanted == power.on and not begins and not (power.failed and waited):
        return kept, None
    return msgspec.structs.replace(kept, on=wanted, asked_at=now, failed=False), wanted
