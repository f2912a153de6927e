"""What channels show of a wording, beside what they say of it. Nothing is saved; no channel is named here."""

import base64
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.devices import channels
from nguon.media.models import File, Film, State
from nguon.newsroom import films
from nguon.newsroom.models import Version
from nguon.newsroom.showing import kept, wording
from nguon.ports.channel import Channel, Preview, Wording


@dataclass(frozen=True)
class Shown:
    """A wording on one channel: the bytes of its page (base64) and how long it is seen, or why there is none.

    `remarks` may keep people from reading it; they bar nothing. `film`: the address of the film that is shown instead;
    `lacking`: why it cannot be seen yet.
    """

    kind: str
    preview: Preview
    page: str = ""
    duration_ms: int = 0
    remarks: tuple[str, ...] = ()
    refused: str = ""
    film: str = ""
    lacking: str = ""


def seen() -> dict[str, Channel]:
    """The channels that show a wording and let it be seen beforehand, by kind; often none."""
    return {kind: plug for kind, plug in channels.active().items() if plug.preview is not None}


def empty() -> list[Shown]:
    """A place for each of them, before anything is written."""
    return [Shown(kind, plug.preview) for kind, plug in seen().items() if plug.preview]


def on(plug: Channel, words: Wording, film: str = "") -> Shown | None:
    """The wording as one channel shows it; None if it is only heard there. `film`: the address of its film."""
    if plug.preview is None:
        return None
    try:
        page = plug.page(words)
        if page is None:
            return None
        if page.kept:
            return Shown(plug.kind, plug.preview, duration_ms=page.duration_ms, film=film)
        body = base64.b64encode(page.body).decode()
        return Shown(plug.kind, plug.preview, body, page.duration_ms, plug.judge(words))
    except ValueError as error:
        return Shown(plug.kind, plug.preview, refused=_(str(error)))


def without(plug: Channel, film: Film) -> Shown | None:
    """A film that is not made, on one channel."""
    return Shown(plug.kind, plug.preview, lacking=films.unseen(film)) if plug.preview else None


def of(version: Version) -> list[Shown]:
    """A saved wording on every channel that shows it: the page that was made of it, or as it would be made now."""
    working = seen()
    if not working:
        return []
    if version.film is not None and version.film.state != State.READY:
        return [one for plug in working.values() if (one := without(plug, version.film))]
    made, words = kept(version), wording(version)
    if words.film is not None:
        address = reverse("newsroom:version-film", args=[version.bulletin_id, version.number])
        return [one for plug in working.values() if (one := on(plug, words, address))]
    found = (of_file(plug, words, made[kind]) if kind in made else on(plug, words) for kind, plug in working.items())
    return [shown for shown in found if shown]


def of_file(plug: Channel, words: Wording, file: File) -> Shown | None:
    """A page that was made: the very bytes that are approved and fetched."""
    if plug.preview is None:
        return None
    with default_storage.open(file.path) as source:
        body = base64.b64encode(source.read()).decode()
    return Shown(plug.kind, plug.preview, body, file.duration_ms or 0, plug.judge(words))
