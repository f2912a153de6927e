"""Reading sites aloud: what became public gets its sound, what is public no more loses it. The work is a job's.

The same words are spoken once, wherever they stand: a sound is found by the hash of what is said.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from nguon import speech
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.media import actions as media
from nguon.media import queries as voices
from nguon.media.models import State
from nguon.media.readings.queries import for_text
from nguon.newsroom.rules import DEFAULT_RATE
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal import spoken
from nguon.portal.errors import PortalError
from nguon.portal.spoken import Spoken

AT_ONCE = 10  # sounds under way: whatever else is to be made comes between


def turn(*, now: datetime) -> None:
    """Ask for what is missing, give up what is over."""
    on, free = local_day(now), AT_ONCE - spoken.under_way()
    for kind in spoken.KINDS:
        wanted = spoken.wanting(kind, on)[: max(free, 0)]
        for row in wanted:
            ask(row=row, now=now)
        free -= len(wanted)
        for row in spoken.outdated(kind, on):  # after it: the same words may be said by what took its place
            _let_go(row)


@transaction.atomic
def ask(*, row: Spoken, now: datetime) -> None:
    """Ask for the sound of something public, or keep why it cannot be had. Always in Vietnamese, as it is read."""
    row.sound, row.unsaid = None, ""
    with translation.override("vi"):
        words = spoken.words_of(row)
    try:
        row.sound = media.request_speech(
            text=words, spoken=_read(row, words, now), voice=_voice(), rate=DEFAULT_RATE, now=now, aside=True
        )
    except (media.MediaError, PortalError) as error:
        row.unsaid = str(error)[:400]
    row.save(update_fields=["sound", "unsaid"])


@transaction.atomic
def again(*, row: Spoken, actor: Person, now: datetime) -> None:
    """Try once more what could not be read. Raises Forbidden."""
    place = spoken.place_of(row)
    scope.require(actor, Right.SITE, place, on=local_day(now))
    if row.sound is not None and row.sound.state == State.FAILED:
        media.retry(rendition_id=row.sound.pk, now=now)
    elif row.unsaid:
        ask(row=row, now=now)
    else:
        return
    subject = f"portal.{spoken.kind_of(row)}:{row.pk.hex}"
    record(actor=actor, verb="portal.read-again", subject=subject, now=now, place=place)


@transaction.atomic
def _let_go(row: Spoken) -> None:
    sound, row.sound, row.unsaid = row.sound_id, None, ""
    row.save(update_fields=["sound", "unsaid"])
    if sound is not None:
        media.forget(rendition_id=sound)


def _read(row: Spoken, words: str, now: datetime) -> str:
    """The words as they are said, with the readings of the place. Raises PortalError where there are none."""
    if not words:
        raise PortalError(_("Trang chỉ có bảng, không có lời để đọc."))
    return speech.read(words, readings=for_text(spoken.place_of(row), words, local_day(now))).text


def _voice() -> str:
    """The first voice of the server itself. Raises PortalError if it has none."""
    found = next((one.name for one in voices.voices() if not one.network), "")
    if not found:
        raise PortalError(_("Máy chủ chưa có giọng đọc nào. Hãy báo người quản trị hệ thống."))
    return found
