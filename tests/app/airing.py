"""Programmes, slots and policies for tests: made by the product's own verbs, on a desk of two communes."""

from datetime import date, datetime, time
from typing import Any

from nguon.delivery.rules import Targets
from nguon.kit import clock
from nguon.programme import composing, limiting, slotting
from nguon.programme.items import Item, Kind
from nguon.programme.limiting import Limits
from nguon.programme.models import Policy, Programme, Slot
from nguon.programme.slotting import Wanted
from tests.app.desk import Desk

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=clock.LOCAL)  # the Sunday before
STREAM = "https://phat.example.vn/thoi-su.mp3"


def relay(minutes: int = 30) -> Item:
    return Item(Kind.RELAY, name="Đài Tiếng nói Việt Nam", streams=(STREAM,), seconds=60 * minutes)


def pause(seconds: int = 30) -> Item:
    return Item(Kind.PAUSE, seconds=seconds)


def newest() -> Item:
    return Item(Kind.NEWEST, category="local", days=30, rest=3, most=1)


def programme(desk: Desk, name: str = "Bản tin sáng", *kept: Item, **given: Any) -> Programme:
    """A programme of the commune, of a relay of half an hour if nothing else is said."""
    values: dict[str, Any] = {"place_id": desk.here.pk, "actor": desk.both, "now": NOW} | given
    return composing.create(name=name, kept=kept or (relay(),), **values)


def wanted(desk: Desk, what: Programme, **given: Any) -> Wanted:
    """Daily at 5 o'clock in all the commune, if nothing else is said."""
    values: dict[str, Any] = {
        "place_id": desk.here.pk,
        "first_day": MONDAY,
        "at": time(5, 0),
        "rule": "FREQ=DAILY",
        "targets": Targets(places=(desk.here.pk,)),
    }
    return Wanted(programme=what, **(values | given))


def slot(desk: Desk, what: Programme | None = None, **given: Any) -> Slot:
    return slotting.create(wanted=wanted(desk, what or programme(desk), **given), actor=desk.both, now=NOW)


def policy(desk: Desk, **given: Any) -> Policy:
    """Quiet from 21 to 5 o'clock in the commune, if nothing else is said."""
    values: dict[str, Any] = {"basis": "Quyết định 12/QĐ-UBND", "quiet": ((time(21), time(5)),)}
    return limiting.create(place_id=desk.here.pk, limits=Limits(**(values | given)), actor=desk.both, now=NOW)
