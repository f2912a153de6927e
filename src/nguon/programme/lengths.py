"""How long programmes are, as far as that is known before their day."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Max

from nguon.media.models import Music, Rendition
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.programme import items
from nguon.programme.items import Item, Kind
from nguon.programme.models import Programme, Session

USUAL_BULLETIN = timedelta(minutes=2)  # what a rule will choose, until it has chosen


def of(programmes: Iterable[Programme]) -> dict[UUID, timedelta]:
    """The length of each: its items as they are now, or its longest session to come if that is longer."""
    kept = {programme.pk: items.of_json(programme.items) for programme in programmes}
    every = [item for each in kept.values() for item in each]
    sounds = _musics(every) | _bulletins(every)
    planned = _sessions(kept)
    return {
        pk: max(sum((_length(item, sounds) for item in each), timedelta()), planned.get(pk, timedelta()))
        for pk, each in kept.items()
    }


def of_items(kept: Iterable[Item]) -> list[timedelta]:
    """The length of each item as it is now."""
    every = list(kept)
    sounds = _musics(every) | _bulletins(every)
    return [_length(item, sounds) for item in every]


def priority_bulletins(programmes: Iterable[Programme]) -> frozenset[str]:
    """The bulletins of the priority class in these programmes, by hexadecimal id."""
    chosen = {
        item.what
        for programme in programmes
        for item in items.of_json(programme.items)
        if item.kind is Kind.BULLETIN and item.what
    }
    found = Bulletin.objects.filter(pk__in=map(UUID, chosen), priority=PriorityClass.PRIORITY)
    return frozenset(pk.hex for pk in found.values_list("pk", flat=True))


def _length(item: Item, sounds: Mapping[str, timedelta]) -> timedelta:
    if item.kind in (Kind.RELAY, Kind.PAUSE):
        return timedelta(seconds=item.seconds)
    if item.kind is Kind.NEWEST:
        return USUAL_BULLETIN * item.most
    return sounds.get(item.what, timedelta())


def _musics(every: Iterable[Item]) -> dict[str, timedelta]:
    wanted = [UUID(item.what) for item in every if item.kind is Kind.MUSIC and item.what]
    rows = Music.objects.filter(pk__in=wanted).values_list("pk", "file__duration_ms")
    return {pk.hex: timedelta(milliseconds=length or 0) for pk, length in rows}


def _bulletins(every: Iterable[Item]) -> dict[str, timedelta]:
    """By the sound of the newest wording, or of an earlier one as long as that has none."""
    wanted = [UUID(item.what) for item in every if item.kind is Kind.BULLETIN and item.what]
    rows = Rendition.objects.filter(variants__version__bulletin__in=wanted, file__isnull=False)
    lengths = rows.order_by("variants__version__number").values_list(
        "variants__version__bulletin_id", "file__duration_ms"
    )
    return {pk.hex: timedelta(milliseconds=length or 0) for pk, length in lengths}


def _sessions(kept: Iterable[UUID]) -> dict[UUID, timedelta]:
    rows = Session.objects.filter(slot__programme__in=list(kept)).values("slot__programme")
    longest = rows.annotate(longest=Max("length_ms")).values_list("slot__programme", "longest")
    return {pk: timedelta(milliseconds=length) for pk, length in longest}
