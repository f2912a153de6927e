"""Music for app tests: made here, added by an officer, and heard as the jobs service makes it."""

import io
import math
import wave
from array import array
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nguon.media import actions as media
from nguon.media import music_actions
from nguon.media.models import Music, Rendition, State
from nguon.newsroom import queries
from nguon.newsroom.models import Version
from nguon.people.models import Person
from tests.app.desk import Desk


def tune(hertz: float = 440, seconds: float = 1.5) -> bytes:
    """A WAV of a tone that dies away."""
    held, rate = io.BytesIO(), 8000
    shape = (math.sin(2 * math.pi * hertz * at / rate) * math.exp(-at / rate) for at in range(round(rate * seconds)))
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array("h", (round(12000 * one) for one in shape)).tobytes())
    return held.getvalue()


def add(desk: Desk, name: str = "Nhạc hiệu", **changes: Any) -> Music:
    data = changes.pop("data", None) or tune(440 + sum(map(ord, name)) % 300)
    given: dict[str, Any] = {"place_id": desk.here.pk, "kind": Music.Kind.JINGLE, "name": name}
    given |= {"actor": desk.editor, "now": desk.now}
    return music_actions.add(upload=SimpleUploadedFile("x.wav", data), **given | changes)


def heard(version: Version, desk: Desk) -> Rendition:
    asked = queries.rendition(version)
    assert asked is not None
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    assert (asked.state, asked.error) == (State.READY, "")
    return asked


def client(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


def silence() -> bytes:
    """A WAV in which nothing is heard."""
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(32000))
    return held.getvalue()
