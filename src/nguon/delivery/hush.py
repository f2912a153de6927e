"""Who would be held back by quiet hours. Delivery knows of no policies: whoever keeps them is named in settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from nguon.delivery.rules import Targets
from nguon.kit.plugs import load


@dataclass(frozen=True)
class Hush:
    """Some of the devices chosen are silent from `start` on, until before `end` (None: no end in the days looked at).

    `where`: in words, as in the middle of a sentence. `of`: how many devices were chosen. `basis`: the decisions.
    """

    start: datetime
    end: datetime | None
    where: str
    devices: int
    of: int
    basis: tuple[str, ...]


def held_back(targets: Targets, channels: tuple[str, ...], start: datetime, end: datetime) -> list[Hush]:
    """What of the choice is or will be in quiet hours in [start, end), by when that begins."""
    find: Callable[[Targets, tuple[str, ...], datetime, datetime], list[Hush]] = load(settings.NGUON_HUSH)
    return find(targets, channels, start, end)
