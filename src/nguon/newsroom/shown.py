"""What channels show of a wording, beside what they say of it. Nothing is saved; no channel is named here."""

import base64
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nguon.media import channels
from nguon.newsroom.models import Version
from nguon.people.models import Office
from nguon.places.models import Place
from nguon.ports.channel import Channel, Preview, Wording


@dataclass(frozen=True)
class Shown:
    """A wording on one channel: the bytes of its page (base64) and how long it is seen, or why there is none.

    `remarks` may keep people from reading it; they bar nothing.
    """

    kind: str
    preview: Preview
    page: str = ""
    duration_ms: int = 0
    remarks: tuple[str, ...] = ()
    refused: str = ""


def seen() -> dict[str, Channel]:
    """The channels that show a wording and let it be seen beforehand, by kind; often none."""
    return {kind: plug for kind, plug in channels.active().items() if plug.preview is not None}


def empty() -> list[Shown]:
    """A place for each of them, before anything is written."""
    return [Shown(kind, plug.preview) for kind, plug in seen().items() if plug.preview]


def on(plug: Channel, wording: Wording) -> Shown | None:
    """The wording as one channel shows it; None if it is only heard there."""
    if plug.preview is None:
        return None
    try:
        page = plug.page(wording)
        if page is None:
            return None
        body = base64.b64encode(page.body).decode()
        return Shown(plug.kind, plug.preview, body, page.duration_ms, plug.judge(wording))
    except ValueError as error:
        return Shown(plug.kind, plug.preview, refused=_(str(error)))


def of(version: Version) -> list[Shown]:
    """A saved wording on every channel that shows it."""
    working, bulletin = seen(), version.bulletin
    if not working:
        return []
    whose = issuer(bulletin.place, bulletin.office)
    wording = Wording(version.title, version.body, bulletin.language, issuer=whose)
    return [shown for plug in working.values() if (shown := on(plug, wording))]


def issuer(place: Place | None, office: Office | None) -> str:
    """Whose word it is, as people know it: the office and its place, or the place alone."""
    where = str(place) if place else ""
    if office is None or not office.name.strip():
        return f"{where[:1].upper()}{where[1:]}"
    return office.name if not where or where.casefold() in office.name.casefold() else f"{office.name}, {where}"
