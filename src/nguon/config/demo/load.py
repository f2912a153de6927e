"""Loading the demonstration through the product's own actions, in one transaction."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from nguon.alerts import duty_actions as duty
from nguon.config import reform
from nguon.devices import actions as devices
from nguon.devices.models import Device, Status
from nguon.kit.clock import LOCAL
from nguon.people import actions as people
from nguon.people.models import Kind, Office, Person
from nguon.places import actions as places
from nguon.places.models import Place
from nguon.places.queries import by_code

FILE = Path(__file__).with_name("tuy_phuoc.yaml")
ACTOR = "nguon demo"
AROUND = 0.0085  # degrees: how far from the middle of a commune its hamlets are drawn, about 900 m


@dataclass(frozen=True)
class Account:
    """One account of the demonstration. `duty` is what the person does and where, in words."""

    username: str
    name: str
    duty: str


class NotEmpty(Exception):
    """The database already holds places or people."""


class NotLoaded(Exception):
    """The demonstration is not in this database."""


def facts() -> dict[str, Any]:
    """The file as it stands."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def paper() -> reform.Paper:
    """The reform of 1 July 2025, ready to be carried out. Raises NotLoaded if its old places are not there."""
    try:
        return reform.read(facts()["reform"])
    except reform.UnknownPlace as error:
        raise NotLoaded from error


@transaction.atomic
def load(*, password: str, now: datetime, beside: bool = False) -> list[Account]:
    """Everything of the file; the accounts made. Raises NotEmpty unless `beside`, and the errors of the actions."""
    if not beside and (Place.objects.exists() or Person.objects.exists()):
        raise NotEmpty
    data, day = facts(), now.astimezone(LOCAL).date()
    _places(data, now)
    offices = _offices(data, now, day)
    accounts = _people(data, offices, password, now, day)
    _devices(data, now, day)
    _duties(data, now, day)
    return accounts


def _places(data: Mapping[str, Any], now: datetime) -> None:
    province = _place(data["province"], None, now)
    district = _place(data["district"], province, now)
    for row in data["communes"]:
        commune = _place(row, district, now)
        names = row["hamlets"]["names"]
        for number, name in enumerate(names):
            spot = around(row["position"], number, len(names))
            _place({"name": name, "kind": row.get("hamlet_kind", "thôn"), "position": spot}, commune, now)


def _place(row: Mapping[str, Any], parent: Place | None, now: datetime) -> Place:
    latitude, longitude = row["position"]
    return places.create_place(
        name=row["name"],
        kind=row["kind"],
        parent=parent,
        codes=row.get("codes"),
        population=row.get("population"),
        latitude=latitude,
        longitude=longitude,
        actor=ACTOR,
        now=now,
    )


def around(centre: Sequence[float], number: int, count: int) -> tuple[float, float]:
    """A position near a centre for one of `count` things: (latitude, longitude) in degrees. Approximate by design."""
    angle = 2 * math.pi * number / count + centre[0]
    reach = AROUND * (1 if count < 6 or number % 2 else 0.55)
    return round(centre[0] + reach * math.sin(angle), 5), round(centre[1] + reach * math.cos(angle), 5)


def _offices(data: Mapping[str, Any], now: datetime, day: date) -> dict[str, Office]:
    made = {
        row["key"]: people.create_office(name=row["name"], place=found(row["place"], day), actor=ACTOR, now=now)
        for row in data["offices"]
    }
    for row in data["communes"]:
        key = f"gso:{row['codes']['gso']}"
        place = found(key, day)
        made[key] = people.create_office(name=f"UBND {place}", place=place, actor=ACTOR, now=now)
    return made


def _people(
    data: Mapping[str, Any], offices: Mapping[str, Office], password: str, now: datetime, day: date
) -> list[Account]:
    accounts = []
    for row in data["people"]:
        person = people.create_person(
            username=row["username"],
            full_name=row["name"],
            title=row["title"],
            office=offices[row["office"]],
            password=password,
            demonstration=True,
            actor=ACTOR,
            now=now,
        ).person
        duties = []
        for kind, where in row["roles"].items():
            place = found(where, day)
            people.give_role(person=person, kind=kind, place=place, first=data["since"], actor=ACTOR, now=now)
            duties.append(f"{Kind(kind).label}, {place}")
        accounts.append(Account(row["username"], row["name"], "; ".join(duties)))
    return accounts


def _devices(data: Mapping[str, Any], now: datetime, day: date) -> None:
    plan = data["devices"]
    vendors, horns = cycle(plan["vendors"]), cycle(plan["horns"])
    made: dict[tuple[str, str], Device] = {}
    for row in data["communes"]:
        key = f"gso:{row['codes']['gso']}"
        hamlets = Place.objects.filter(up_links__parent=found(key, day)).order_by("name")
        for hamlet in hamlets if key in plan["every_hamlet"] else hamlets[: plan["per_commune"]]:
            made[key, hamlet.name] = _device(f"Cụm loa {hamlet}", hamlet, next(vendors), next(horns), now)
    for row in plan["direct"]:
        _device(row["name"], found(row["place"], day), next(vendors), next(horns), now)
    for row in plan["groups"]:
        group = devices.create_group(name=row["name"], place=found(row["place"], day), actor=ACTOR, now=now)
        for name in row["hamlets"]:
            devices.change(device=made[row["place"], name], groups=[group], actor=ACTOR, now=now)


def _device(name: str, place: Place, vendor: str, horns: int, now: datetime) -> Device:
    device = devices.register(
        name=name,
        place=place,
        latitude=place.latitude,
        longitude=place.longitude,
        vendor=vendor,
        horns=horns,
        proof=True,
        simulated=True,
        actor=ACTOR,
        now=now,
    )
    devices.set_status(device=device, status=Status.ACTIVE, reason="Thiết bị mô phỏng", actor=ACTOR, now=now)
    return device


def _duties(data: Mapping[str, Any], now: datetime, day: date) -> None:
    for row in data["duty"]:
        place = found(row["place"], day)
        if "hamlet" in row:
            place = Place.objects.get(up_links__parent=place, name=row["hamlet"])
        hours: dict[str, Any] = {name: time.fromisoformat(row[name]) for name in ("begins", "ends") if name in row}
        kept = {name: row[name] for name in ("name", "position", "phone", "email", "order") if name in row}
        turn = duty.Turn(days=tuple(row.get("days", ())), **kept, **hours)
        duty.add(place_id=place.pk, turn=turn, actor=Person.objects.get(username=row["by"]), now=now)


def found(name: str, day: date) -> Place:
    """The place that a code of the file (`gso:550`) means on a day. Raises NotLoaded."""
    system, _, code = name.partition(":")
    place = by_code(system, code, day)
    if place is None:
        raise NotLoaded(name)
    return place
