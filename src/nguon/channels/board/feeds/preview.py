"""What is seen of a source beforehand, drawn by the board's own renderer in the frame of previews."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from nguon.channels.board import document, findings, readability
from nguon.channels.board.channel import GLASSES, Board
from nguon.channels.board.feeds import documents, timetable
from nguon.channels.board.feeds.models import Edition
from nguon.channels.board.feeds.picking import Taken
from nguon.channels.board.feeds.rules import Feed, Timetable, terms_of
from nguon.kit.clock import local_day
from nguon.media.models import File
from nguon.newsroom.shown import Shown
from nguon.places.models import Place


def of_edition(edition: Edition, now: datetime) -> list[Shown]:
    """An edition as it would stand on a board now: of a feed, what it gave when it was written."""
    terms = terms_of(edition.terms)
    if isinstance(terms, Timetable):
        found = timetable.standing(terms, local_day(edition.written_at), now)
        if not found.rows:
            return [_none(_("Mọi dòng đã qua ngày: bảng không hiện gì."))]
        return [_shown(documents.of_rows(edition, found.rows, terms.head))]
    return [_shown(documents.of_values(edition, edition.sample, edition.written_at))] if edition.sample else []


def of_table(title: str, place: Place, table: Timetable, now: datetime) -> list[Shown]:
    """The same of a table that is not kept yet."""
    found = timetable.standing(table, local_day(now), now)
    if not found.rows:
        return [_none(_("Mọi dòng đã qua ngày: bảng không hiện gì."))]
    head = document.Table(table.head, found.rows)
    return [_shown(document.document(title, "", documents.whose(place), table=head))]


def of_taken(title: str, place: Place, feed: Feed, taken: Taken, now: datetime) -> list[Shown]:
    """The same of what a feed gave just now."""
    values: Mapping[str, Any] = {"head": taken.head, "rows": taken.rows, "lines": taken.lines}
    return [_shown(documents.page(title, place, values, taken.hour or now, feed.credit))]


def of_file(file: File) -> list[Shown]:
    """A page that was kept: the very bytes that boards fetch."""
    with default_storage.open(file.path) as source:
        return [_shown(source.read())]


def _shown(data: bytes) -> Shown:
    made = document.read(data)
    screens = [(glass.width, glass.height) for glass in GLASSES]
    found = tuple(map(findings.say, readability.judged(made, screens)))
    return Shown(Board.kind, Board.preview, base64.b64encode(data).decode(), documents.reading_ms(data), found)


def _none(why: str) -> Shown:
    return Shown(Board.kind, Board.preview, refused=why)
