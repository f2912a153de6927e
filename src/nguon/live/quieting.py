"""What whoever wants to speak is told of quiet hours: where nothing is heard, from when, until when, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from nguon.delivery.hush import Hush, held_back
from nguon.delivery.rules import Targets
from nguon.ui import words


@dataclass(frozen=True)
class Quieted:
    """One sentence for each sort of silence. `all_now`: no device would sound from the first word on."""

    said: tuple[str, ...] = ()
    all_now: bool = False


def told(targets: Targets, channel: str, now: datetime, minutes: int) -> Quieted:
    """What holds somebody back who begins now and speaks so many minutes."""
    found = held_back(targets, (channel,), now, now + timedelta(minutes=minutes))
    silent = sum(each.devices for each in found if each.start <= now)
    said = tuple(_now(each, now) if each.start <= now else _later(each, now) for each in found)
    return Quieted(said, bool(found) and silent == found[0].of)


def _now(hush: Hush, now: datetime) -> str:
    if hush.end is None:
        sentence = ngettext(
            "%(where)s (%(count)d cụm loa) đang giờ yên tĩnh theo %(basis)s nên không phát.",
            "%(where)s (%(count)d cụm loa) đang giờ yên tĩnh theo %(basis)s nên không phát.",
            hush.devices,
        )
    else:
        sentence = ngettext(
            "%(where)s (%(count)d cụm loa) đang giờ yên tĩnh đến %(end)s theo %(basis)s nên không phát.",
            "%(where)s (%(count)d cụm loa) đang giờ yên tĩnh đến %(end)s theo %(basis)s nên không phát.",
            hush.devices,
        )
    return sentence % _values(hush, now)


def _later(hush: Hush, now: datetime) -> str:
    sentence = ngettext(
        "%(where)s (%(count)d cụm loa) đến giờ yên tĩnh lúc %(start)s theo %(basis)s: bạn còn nói thì loa cũng im.",
        "%(where)s (%(count)d cụm loa) đến giờ yên tĩnh lúc %(start)s theo %(basis)s: bạn còn nói thì loa cũng im.",
        hush.devices,
    )
    return sentence % _values(hush, now)


def _values(hush: Hush, now: datetime) -> dict[str, object]:
    return {
        "where": hush.where[:1].upper() + hush.where[1:],
        "count": hush.devices,
        "start": words.when(hush.start, now),
        "end": words.when(hush.end, now) if hush.end else "",
        "basis": "; ".join(hush.basis),
    }
