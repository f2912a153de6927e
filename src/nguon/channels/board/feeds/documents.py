"""The document of a board made of a timetable, or of what a feed gave. The same values give the same bytes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from nguon.channels.board import document
from nguon.channels.board.document import Table
from nguon.channels.board.feeds.models import Edition
from nguon.channels.board.feeds.rules import Feed, terms_of
from nguon.kit.clock import LOCAL
from nguon.newsroom.showing import issuer
from nguon.places.models import Place


def of_rows(edition: Edition, rows: tuple[tuple[str, ...], ...], head: tuple[str, ...]) -> bytes:
    """A timetable with these rows."""
    return document.document(edition.title, "", whose(edition.source.place), table=Table(head, rows))


def of_values(edition: Edition, values: Mapping[str, Any], as_of: datetime) -> bytes:
    """What a feed gave, with its hour."""
    terms = terms_of(edition.terms)
    credit = terms.credit if isinstance(terms, Feed) else ""
    return page(edition.title, edition.source.place, values, as_of, credit)


def page(title: str, place: Place, values: Mapping[str, Any], as_of: datetime, credit: str) -> bytes:
    """The same of what is not kept yet. Raises ValueError (`document.TooLarge`) if a board does not take it."""
    rows = tuple(map(tuple, values["rows"]))
    table = Table(tuple(values["head"]), rows) if rows else None
    said = "\n\n".join(values["lines"])
    return document.document(title, said, whose(place, credit), table=table, as_of=said_hour(as_of))


def whose(place: Place, credit: str = "") -> str:
    """Whose word it is: the place, and whose values it shows."""
    return " · ".join(part for part in (issuer(place, None), credit) if part)


def said_hour(moment: datetime) -> str:
    """`Cập nhật 14:05 26/11`: in Vietnamese whatever the office works in, since residents read it."""
    with translation.override("vi"):
        return _("Cập nhật %(hour)s") % {"hour": moment.astimezone(LOCAL).strftime("%H:%M %d/%m")}


def reading_ms(data: bytes) -> int:
    """How long (ms) a page must be seen to be read once."""
    made = document.read(data)
    cells = document.cells(made.table) if isinstance(made.table, Table) else ()
    return document.reading_ms(made.title, (*made.text, *cells))
