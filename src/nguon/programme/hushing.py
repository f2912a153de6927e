"""Quiet hours as those hear of them who want to speak: which places, from when, until when, by which decision."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from nguon.delivery import choosing
from nguon.delivery.hush import Hush
from nguon.delivery.rules import Targets, joined
from nguon.devices.models import Device
from nguon.kit.clock import LOCAL
from nguon.places.models import Place
from nguon.programme import gather, hearing
from nguon.programme.policies import Policy, Quiet, QuietHours

AHEAD = timedelta(days=7)  # quiet hours that do not end by then are said to have no end
Span = tuple[datetime, datetime | None, tuple[str, ...]]


def held_back(targets: Targets, channels: tuple[str, ...], start: datetime, end: datetime) -> list[Hush]:
    """What of the choice is or will be in quiet hours in [start, end), by when that begins. See `delivery.hush`."""
    first, last = (moment.astimezone(LOCAL).replace(tzinfo=None) for moment in (start, end))
    on = first.date()
    sets = hearing.by_areas(targets, on, channels=channels)
    known = gather.known(on)
    found: defaultdict[Span, list[UUID]] = defaultdict(list)
    for areas, devices in hearing.alike(known, sets):
        span = silence(known.policies(areas), first, last)
        if span is not None:
            found[span].extend(devices)
    of = hearing.count(sets)
    return [
        Hush(_aware(since), until and _aware(until), _where(targets, devices, of, start), len(devices), of, basis)
        for (since, until, basis), devices in sorted(found.items(), key=lambda pair: (pair[0][0], -len(pair[1])))
        if devices
    ]


def silence(policies: list[Policy], start: datetime, end: datetime) -> Span | None:
    """The first quiet hours that touch [start, end), with those that follow without a pause; local and naive."""
    spans = QuietHours(policies, start, start + AHEAD).spans
    touching = [at for at, span in enumerate(spans) if span.start < end and span.end > start]
    if not touching:
        return None
    chain: list[Quiet] = [spans[touching[0]]]
    for span in spans[touching[0] + 1 :]:
        if span.start > chain[-1].end:
            break
        chain.append(span)
    until = chain[-1].end if chain[-1].end < start + AHEAD else None
    bases = tuple(dict.fromkeys(span.policy.basis for span in chain if span.start < end))
    return max(chain[0].start, start), until, bases


def _where(targets: Targets, devices: list[UUID], of: int, now: datetime) -> str:
    """The choice as it was made, if it is silent as a whole; else the places of the devices that are."""
    if len(devices) == of:
        named = choosing.names(targets, now.astimezone(LOCAL).date())
    else:
        places = Device.objects.filter(pk__in=devices).values("place")
        named = [choosing.spoken(place) for place in Place.objects.filter(pk__in=places).order_by("name")]
    return joined(named, _("và"), more=_("%d nơi khác"))


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=LOCAL)
