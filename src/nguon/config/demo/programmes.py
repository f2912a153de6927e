"""The programmes of the demonstration: two sessions a day in each commune, a relay of the district, a policy."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from nguon.config.demo.load import facts, found
from nguon.config.demo.music import DISTRICT, KEEPER
from nguon.delivery.rules import Targets
from nguon.kit.clock import local_day
from nguon.media.models import Music
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.programme import composing, limiting, slotting
from nguon.programme.items import Item, Kind
from nguon.programme.limiting import Limits
from nguon.programme.models import Programme, Slot
from nguon.programme.slotting import Wanted

FILE = Path(__file__).with_name("programmes.yaml")


@transaction.atomic
def make(*, now: datetime) -> int:
    """All of the file, by the editor of the district, from tomorrow on; how many slots. Raises the verbs' errors."""
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    keeper, day = Person.objects.get(username=KEEPER), local_day(now)
    district = found(DISTRICT, day)
    for row in data["policies"]:
        limiting.create(place_id=found(row["place"], day).pk, limits=_limits(row), actor=keeper, now=now)
    jingle = Music.objects.filter(place=district, kind=Music.Kind.JINGLE, ended_at=None).first()
    frame = (Item(Kind.MUSIC, what=jingle.pk.hex),) if jingle else ()
    for row in facts()["communes"]:
        commune = found(f"gso:{row['codes']['gso']}", day)
        for session in data["sessions"]:
            news = Item(Kind.NEWEST, days=30, rest=3, most=session["bulletins"])
            programme = _programme(session["name"], commune, [*frame, news, *frame], keeper, now)
            _slot(programme, commune, session["at"], keeper, now)
    _relay(data["relay"], district, keeper, now)
    return Slot.objects.count()


def _limits(row: Mapping[str, Any]) -> Limits:
    return Limits(
        basis=row["basis"],
        quiet=tuple((time.fromisoformat(first), time.fromisoformat(last)) for first, last in row.get("quiet", ())),
        volumes=tuple(
            (time.fromisoformat(first), time.fromisoformat(last), most) for first, last, most in row.get("volumes", ())
        ),
        longest=60 * row["longest"] if "longest" in row else None,
        most_sessions=row.get("most_sessions"),
    )


def _relay(row: Mapping[str, Any], district: Place, keeper: Person, now: datetime) -> None:
    """The shared relay, in the week of one commune, at rest until somebody gives it a real address."""
    item = Item(Kind.RELAY, name=row["station"], streams=tuple(row["streams"]), seconds=60 * row["minutes"])
    programme = _programme(row["name"], district, [item], keeper, now, shared=True)
    slot = _slot(programme, found(row["place"], local_day(now)), row["at"], keeper, now)
    tomorrow = local_day(now) + timedelta(days=1)
    slotting.suspend(slot=slot, first=tomorrow, last=None, reason=row["resting"], actor=keeper, now=now)


def _programme(
    name: str, place: Place, kept: list[Item], keeper: Person, now: datetime, *, shared: bool = False
) -> Programme:
    return composing.create(place_id=place.pk, name=name, kept=kept, shared=shared, actor=keeper, now=now)


def _slot(programme: Programme, place: Place, at: str, keeper: Person, now: datetime) -> Slot:
    wanted = Wanted(
        place_id=place.pk,
        programme=programme,
        first_day=local_day(now) + timedelta(days=1),
        at=time.fromisoformat(at),
        targets=Targets(places=(place.pk,)),
        rule="FREQ=DAILY",
    )
    return slotting.create(wanted=wanted, actor=keeper, now=now)
