"""The bulletins of the demonstration, written, heard, submitted and approved by its own people."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from nguon.config.demo.load import found
from nguon.kit.clock import local_day
from nguon.media import actions as media
from nguon.media.models import State as Rendering
from nguon.newsroom import actions as newsroom
from nguon.newsroom import sounding
from nguon.newsroom.errors import NewsroomError
from nguon.newsroom.models import Bulletin
from nguon.newsroom.rules import Draft
from nguon.people.models import Office, Person
from nguon.review import actions as reviews

FILE = Path(__file__).with_name("bulletins.yaml")
STEPS = ("draft", "submitted", "approved")


def write(*, now: datetime) -> list[str]:
    """All of them, each as far as its state says; the titles of those that stayed drafts for want of a voice.

    The audio is made here and now, so that the newcomer finds something to approve and to send.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [row["title"] for row in rows if not _write(row, now)]


def _write(row: dict[str, Any], now: datetime) -> bool:
    author = Person.objects.select_related("office").get(username=row["author"])
    office = Office.objects.get(place=found(row["place"], local_day(now))) if "place" in row else author.office
    if office is None:
        raise LookupError(row["author"])
    now -= timedelta(hours=row.get("age", 0))
    details = newsroom.Details(place_id=office.place_id, category=row["category"], office_id=office.pk)
    draft = Draft(title=row["title"], body=row["body"])
    version = newsroom.create(draft=draft, details=details, actor=author, now=now)
    if STEPS.index(row["state"]) == 0:
        return True
    if not _sound(version.bulletin, author, now):
        return False
    review = newsroom.submit(bulletin=version.bulletin, seen=version.number, actor=author, now=now)
    if row["state"] == "approved":
        approver = Person.objects.get(username=row["approver"])
        seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
        reviews.approve(review=review, actor=approver, now=now, **seen)
    return True


def _sound(bulletin: Bulletin, author: Person, now: datetime) -> bool:
    """Whether the newest version got its audio."""
    try:
        rendition = sounding.hear(bulletin=bulletin, actor=author, now=now).rendition
    except NewsroomError:
        return False
    if rendition is None:
        return False
    media.render(rendition_id=rendition.pk, now=now)
    rendition.refresh_from_db()
    return rendition.state == Rendering.READY
