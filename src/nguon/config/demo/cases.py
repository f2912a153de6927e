"""What people told in the demonstration: taken in, worked on and answered by its own people, over the last months."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from nguon.config.demo.load import found
from nguon.devices.models import Device
from nguon.feedback import actions, answering, moderating, setting_up
from nguon.feedback.models import Case, Field, Severity, Source
from nguon.feedback.rules import State
from nguon.feedback.telling import Told
from nguon.kit.clock import local_day
from nguon.people.models import Office, Person
from nguon.places.models import Place
from nguon.review import actions as reviews

FILE = Path(__file__).with_name("cases.yaml")
EDITOR, APPROVER, KEEPER = "bt.huyen", "duyet.huyen", "quantri"
ASIDE = 0.0012  # degrees from the middle of a hamlet to what is told, about 130 m
BY_OFFICER = (Source.PHONE, Source.PAPER, Source.PERSON)


@transaction.atomic
def make(*, now: datetime) -> int:
    """All of the file; how many cases. Raises the verbs' errors."""
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    _rules(data["routes"], now)
    _templates(data["templates"], now)
    rows = sorted(data["cases"], key=lambda row: -row["at"][0] * 24 - row["at"][1])  # the oldest first
    for row in rows:
        _case(row, now)
    return len(rows)


def _rules(rows: list[Mapping[str, Any]], now: datetime) -> None:
    for row in rows:
        when = {name: row[name] for name in ("fields", "severities", "devices") if name in row}
        office = Office.objects.filter(name__startswith=row["office"]).order_by("name")[:1].get()
        place = found(row["place"], local_day(now))
        values = {"place": place, "name": row["name"], "office": office, "severity": "", "active": True, "when": when}
        setting_up.save_route(route=None, values=values, actor=Person.objects.get(username=KEEPER), now=now)


def _templates(rows: list[Mapping[str, Any]], now: datetime) -> None:
    for row in rows:
        values = {
            "place": found(row["place"], local_day(now)),
            "state": row["state"],
            "title": row["title"],
            "field": Field.objects.filter(key=row["field"]).first(),
            "text": row["text"],
            "active": True,
        }
        setting_up.save_template(template=None, values=values, actor=Person.objects.get(username=KEEPER), now=now)


def _case(row: Mapping[str, Any], now: datetime) -> None:
    editor = Person.objects.get(username=EDITOR)
    days, hours = row["at"]
    begun = now - timedelta(days=days, hours=hours)
    actor = editor if row["source"] in BY_OFFICER else None
    case = actions.take_in(told=_told(row, now), actor=actor, now=begun).case
    for number in range(row.get("too", 0)):
        actions.too(case=case, mark=f"demo-{number}", now=begun + timedelta(hours=number))
    for hour, verb, *words in row.get("steps", ()):
        STEPS[verb](case=case, actor=editor, now=begun + timedelta(hours=hour), words=words)
    if said := row.get("public"):
        case.refresh_from_db()
        at = case.answered_at or case.closed_at or begun
        moderating.publish(case=case, **said, photos=(), actor=editor, now=at + timedelta(minutes=5))
    if said := row.get("content"):
        case.refresh_from_db()
        at = begun + timedelta(hours=said["after"])
        again = said.get("reopen", False)
        actions.say_content(case=case, score=said["score"], words=said["words"], reopen=again, now=at)


def _told(row: Mapping[str, Any], now: datetime) -> Told:
    place = found(row["place"], local_day(now))
    if "hamlet" in row:
        place = Place.objects.get(up_links__parent=place, name=row["hamlet"])
    field = Field.objects.filter(key=row["field"]).first() if "field" in row else None
    device = Device.objects.filter(place=place).first() if row.get("device") else None
    near = row.get("near") and place.latitude is not None and place.longitude is not None
    return Told(
        words=row["words"],
        place_id=place.pk,
        source=row["source"],
        field_id=field.pk if field else None,
        severity=row.get("severity", Severity.ORDINARY),
        where=row.get("where", ""),
        latitude=round((place.latitude or 0) + ASIDE, 6) if near else None,
        longitude=round((place.longitude or 0) - ASIDE, 6) if near else None,
        device_id=device.pk if device else None,
        name=row.get("name", ""),
        phone=row.get("phone", ""),
        consents=frozenset({"contact", "publish"} if "name" in row else {"publish"}),
    )


def _accept(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.accept(case=case, words=words[0] if words else "", actor=actor, now=now)


def _assign(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    office = case.office
    assert office is not None  # every place of the demonstration has one
    actions.assign(case=case, office=office, actor=actor, now=now)


def _begin(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.begin(case=case, actor=actor, now=now)


def _ask(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.ask(case=case, words=words[0], actor=actor, now=now)


def _refuse(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.refuse(case=case, words=words[0], actor=actor, now=now)


def _pass(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.pass_on(case=case, to=words[0], words=words[1], actor=actor, now=now)


def _divert(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.divert(case=case, words=words[0], actor=actor, now=now)


def _draft(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    """An answer that waits for its approval."""
    written = answering.write_answer(case=case, text=words[0], actor=actor, now=now)
    answering.submit(answer=written, actor=actor, now=now)


def _answer(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    """Written, approved by the leader, given."""
    written = answering.write_answer(case=case, text=words[0], actor=actor, now=now)
    review = answering.submit(answer=written, actor=actor, now=now)
    seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    reviews.approve(review=review, actor=Person.objects.get(username=APPROVER), now=now, **seen)
    answering.give(answer=written, actor=actor, now=now)
    case.refresh_from_db()
    assert case.state == State.ANSWERED


def _close(*, case: Case, actor: Person, now: datetime, words: list[str]) -> None:
    actions.close(case=case, actor=actor, now=now)


STEPS: dict[str, Callable[..., None]] = {
    "accept": _accept,
    "assign": _assign,
    "begin": _begin,
    "ask": _ask,
    "refuse": _refuse,
    "pass": _pass,
    "divert": _divert,
    "draft": _draft,
    "answer": _answer,
    "close": _close,
}
