"""What is shown of a version, on the channels that show: made once, and the same as long as its words are."""

import logging
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.devices import channels
from nguon.media.files import keep_bytes
from nguon.media.models import File
from nguon.newsroom import films, pictures
from nguon.newsroom.errors import NewsroomError
from nguon.newsroom.models import Variant, Version
from nguon.people.models import Office
from nguon.places.models import Place
from nguon.ports.channel import Channel, Page, Wording

log = logging.getLogger(__name__)


def wording(version: Version) -> Wording:
    """The words of a version as channels that show take them."""
    bulletin = version.bulletin
    whose = issuer(bulletin.place, bulletin.office)
    return Wording(
        version.title,
        version.body,
        bulletin.language,
        issuer=whose,
        pictures=pictures.of(version),
        link_url=version.link_url,
        link_label=version.link_label,
        film=films.of(version),
    )


def issuer(place: Place | None, office: Office | None) -> str:
    """Whose word it is, as people know it: the office and its place, or the place alone."""
    where = str(place) if place else ""
    if office is None or not office.name.strip():
        return capfirst(where)
    return office.name if not where or where.casefold() in office.name.casefold() else f"{office.name}, {where}"


def kept(version: Version) -> dict[str, File]:
    """The pages that were made of it, by kind of channel."""
    rows = version.variants.exclude(page=None).select_related("page")
    return {variant.channel: variant.page for variant in rows if variant.page is not None}


def pages(version: Version, now: datetime) -> dict[str, File]:
    """What each channel that shows has of it, by kind: made now where it is not there yet. Raises NewsroomError."""
    found = kept(version)
    for kind, channel in channels.active().items():
        if kind not in found and (page := _made(version, channel, now)) is not None:
            found[kind] = page
    return found


def driven(version: Version, now: datetime) -> dict[str, File]:
    """The same of those channels only that have devices, for what goes out to these."""
    return {kind: page for kind, page in pages(version, now).items() if kind in channels.driven()}


def at_once(words: Wording, about: str, now: datetime) -> dict[str, File]:
    """What each channel with devices that show has of words that cannot wait, by kind. `about` names them in the log.

    A channel that fails is left out and logged.
    """
    found = {}
    for kind, channel in channels.driven().items():
        try:
            page = channel.page(words)
        except Exception:  # whatever is wrong with what is seen: nobody who is heard waits for it
            log.exception("the channel %s cannot show %s", kind, about)
            continue
        if page is not None:
            found[kind] = _file(page, now)
    return found


def _file(page: Page, now: datetime) -> File:
    if page.kept:
        return File.objects.get(pk=page.kept)
    return keep_bytes(page.body, page.mime, now, {"duration_ms": page.duration_ms})


def _made(version: Version, channel: Channel, now: datetime) -> File | None:
    try:
        page = channel.page(wording(version))
    except ValueError as error:
        raise NewsroomError(_(str(error))) from error
    if page is None:
        return None
    file = _file(page, now)
    variant, _new = Variant.objects.get_or_create(
        version=version, channel=channel.kind, defaults={"page": file, "created_at": now}
    )
    return variant.page
