"""The document of a board, version 1: what is to be read, and nothing of how it looks. Laid out where it is shown.

Pure: the same words give the same bytes, so a page is made once, has one hash, and is approved by it.
"""

import math
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
import segno
from msgspec import UNSET, Meta, UnsetType

from nguon.kit.text import line, paragraphs

MIME = "application/json"
MOST_BYTES = 256 * 1024  # of a page without pictures: a board with little memory holds it whole
MOST_WITH_PICTURES = 2 * 1024 * 1024
MOST_PICTURES = 4
PICTURE_MS = 6_000  # to look at a picture, beside reading the words
MOST_ADDRESS = 500  # letters: a longer address makes squares that no telephone reads from afar
SYLLABLES_A_SECOND = 2.5  # half the pace of reading a paper: people look up late, from afar, some of them old
LONGEST_SYLLABLE = 7  # letters (nghiêng): a longer row of letters is read as several
SHORTEST_MS = 8_000  # less, and who looks up has missed it
MOST_COLUMNS, MOST_CELL = 6, 80  # letters of a cell
ROWS: dict[str, Any] = {"min_length": 1, "max_length": 200}

Colour = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]
Cell = Annotated[str, Meta(max_length=MOST_CELL)]
Point = tuple[float, float]
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*\Z", re.IGNORECASE)


class Shape(msgspec.Struct, frozen=True):
    """One line or area of a map; points are (x, y) in the map's own units, y down."""

    kind: Literal["area", "outline", "sea"]
    points: tuple[Point, ...]


class Name(msgspec.Struct, frozen=True):
    """The name of a place on a map: `x` is its middle, `y` the foot of its letters."""

    name: str
    x: float
    y: float


class Map(msgspec.Struct, frozen=True):
    """Where a warning holds: shapes in a picture of `width` × `height` units.

    `lines` (rivers, roads) and `names` help to know the place again; boards of before they were know neither.
    """

    width: Annotated[int, Meta(ge=1, le=10_000)]
    height: Annotated[int, Meta(ge=1, le=10_000)]
    shapes: tuple[Shape, ...]
    lines: tuple[tuple[Point, ...], ...] = ()
    names: tuple[Name, ...] = ()


class Link(msgspec.Struct, frozen=True):
    """Where to read on. `qr`: rows of modules, 1 is dark, without the quiet zone."""

    label: str
    url: str
    qr: tuple[Annotated[str, Meta(pattern="^[01]+$")], ...]


class Alert(msgspec.Struct, frozen=True):
    """What makes a page a warning. `level` 0: the law ranks it by none. `issued`: local time, in words."""

    level: Annotated[int, Meta(ge=0, le=5)]
    colour: Colour
    ink: Colour
    word: str
    hazard: str
    issued: str
    map: Map | None = None


class Table(msgspec.Struct, frozen=True):
    """Rows under the names of their columns, equally wide. `head` is empty where the values speak for themselves."""

    head: Annotated[tuple[Cell, ...], Meta(max_length=MOST_COLUMNS)]
    rows: Annotated[tuple[Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=MOST_COLUMNS)], ...], Meta(**ROWS)]


class Picture(msgspec.Struct, frozen=True):
    """A picture of the page: its size in pixels, what is on it in words, its bytes (base64 in the document)."""

    mime: Literal["image/webp", "image/jpeg", "image/png"]
    width: Annotated[int, Meta(ge=1, le=4096)]
    height: Annotated[int, Meta(ge=1, le=4096)]
    alt: Annotated[str, Meta(min_length=1, max_length=400)]
    data: Annotated[bytes, Meta(min_length=1)]


Pictures = Annotated[tuple[Picture, ...], Meta(min_length=1, max_length=MOST_PICTURES)]


class Document(msgspec.Struct, frozen=True):
    """A page of a board. `text` is its paragraphs, `table` comes after them. `as_of`: of which hour it is, in words.

    What has no table, hour or picture does not name them: its bytes are those of before there were any.
    """

    v: Literal[1]
    look: Literal["notice", "alert"]
    lang: str
    title: str
    text: tuple[str, ...]
    issuer: str
    link: Link | None = None
    alert: Alert | None = None
    table: Table | UnsetType = UNSET  # not written where there is none: a page without one keeps its bytes
    as_of: Annotated[str, Meta(max_length=MOST_CELL)] | UnsetType = UNSET
    pictures: Pictures | UnsetType = UNSET


class TooLarge(ValueError):
    """The document has more bytes than a board takes."""


def document(
    title: str,
    body: str,
    issuer: str,
    *,
    lang: str = "vi",
    link: Link | None = None,
    alert: Alert | None = None,
    table: Table | None = None,
    as_of: str = "",
    pictures: Sequence[Picture] = (),
) -> bytes:
    """The page as boards fetch it. Raises TooLarge, and ValueError: no map, no table, too many pictures."""
    if len(pictures) > MOST_PICTURES:
        raise ValueError(f"{len(pictures)} pictures, at most {MOST_PICTURES}")
    made = Document(
        v=1,
        look="notice" if alert is None else "alert",
        lang=lang,
        title=line(title),
        text=paragraphs(body),
        issuer=line(issuer),
        link=link,
        alert=alert,
        table=table or UNSET,
        as_of=line(as_of) or UNSET,
        pictures=tuple(pictures) or UNSET,
    )
    _check(made)
    data = msgspec.json.encode(made)
    _bounded(data, made)
    return data


def read(data: bytes) -> Document:
    """The document of these bytes. Raises ValueError (msgspec.ValidationError) if they are none, or too many."""
    if len(data) > MOST_WITH_PICTURES:
        raise TooLarge(f"{len(data)} bytes, at most {MOST_WITH_PICTURES}")
    found = msgspec.json.decode(data, type=Document)
    _bounded(data, found)
    _check(found)
    return found


def link(label: str, url: str) -> Link:
    """Where to read on, with the squares a telephone reads. Raises ValueError if it is no address of the web."""
    if not _ADDRESS.match(url) or len(url) > MOST_ADDRESS:
        raise ValueError(f"no address of the web: {url[:80]!r}")
    rows = segno.make(url, error="m", micro=False).matrix
    return Link(line(label), url, tuple("".join(str(module) for module in row) for row in rows))


def pictures(shown: Document) -> tuple[Picture, ...]:
    """The pictures of a page; often none."""
    return () if shown.pictures is UNSET else shown.pictures


def _bounded(data: bytes, shown: Document) -> None:
    """Raises TooLarge. Pictures have room of their own: the words beside them are bounded as ever."""
    held = pictures(shown)
    if len(data) > MOST_WITH_PICTURES:
        raise TooLarge(f"{len(data)} bytes, at most {MOST_WITH_PICTURES}")
    words = len(data) - sum(4 * -(-len(one.data) // 3) for one in held)
    if words > MOST_BYTES:
        raise TooLarge(f"{words} bytes without pictures, at most {MOST_BYTES}")


def reading_ms(title: str, text: Sequence[str], pictures: int = 0) -> int:
    """How long a page must be shown to be read once and its pictures seen, in milliseconds: whole seconds."""
    seconds = math.ceil(sum(map(syllables, (title, *text))) / SYLLABLES_A_SECOND)
    return max(SHORTEST_MS, seconds * 1000 + pictures * PICTURE_MS)


def cells(table: Table) -> tuple[str, ...]:
    """All that is read in a table, row by row."""
    return tuple(cell for row in (table.head, *table.rows) for cell in row if cell)


def syllables(text: str) -> int:
    """How many syllables, as they are read: a figure counts as one, a long row of letters as several."""
    return sum(len(word) if word.isdigit() else math.ceil(len(word) / LONGEST_SYLLABLE) for word in _WORD.findall(text))


def _check(made: Document) -> None:
    """Raises ValueError for what its types do not say: a map or a table that is none."""
    if made.alert is not None and made.alert.map is not None:
        _check_map(made.alert.map)
    if made.table is not UNSET:
        _check_table(made.table)


def _check_table(table: Table) -> None:
    """Raises ValueError if it is larger than a table may be, or its rows are not equally wide."""
    msgspec.convert(msgspec.to_builtins(table), Table)
    if len({len(row) for row in (*table.rows, table.head) if row}) != 1:
        raise ValueError("the rows of a table are not equally wide")


def _check_map(shown: Map) -> None:
    """Raises ValueError if a shape is not one, or a point is not in or near the picture."""
    drawn = [*(shape.points for shape in shown.shapes), *shown.lines]
    if any(len(points) < 2 for points in drawn):
        raise ValueError("a shape of less than two points")
    for x, y in [*(point for points in drawn for point in points), *((each.x, each.y) for each in shown.names)]:
        near = -shown.width <= x <= 2 * shown.width and -shown.height <= y <= 2 * shown.height
        if not near:  # NaN and infinities are not near either
            raise ValueError(f"a point outside the picture: {x}, {y}")
