"""Choosing values from what came by simple dotted paths (`current.temperature`, `gia.0.ban`). Pure.

An officer is shown what stands where, and picks; nobody writes a path by hand.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from nguon.channels.board.document import MOST_CELL, ROWS
from nguon.channels.board.feeds.rules import LONGEST_TITLE, MOST_LETTERS, MOST_TITLES, Broken, Feed, Pick, Trouble
from nguon.kit.clock import LOCAL
from nguon.kit.text import fold, line

MOST_OFFERED, DEEPEST, SAMPLE = 120, 6, 40
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_VIETNAMESE = ("%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%H:%M:%S %d/%m/%Y")
Scalar = str | int | float


@dataclass(frozen=True)
class Offer:
    """A place in what came, and the beginning of what stands there."""

    path: str
    sample: str


@dataclass(frozen=True)
class Taken:
    """What a board shows of what came: a table, or lines. `hour`: of which moment it says it is, if asked for."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    hour: datetime | None = None


def leaves(data: Any) -> list[Offer]:
    """The single values of what came, in their order; of a list the first alone."""
    found: list[Offer] = []
    for path, value in _walk(data, ""):
        said = words(value)
        if said:
            found.append(Offer(path, said[:SAMPLE]))
        if len(found) >= MOST_OFFERED:
            break
    return found


def _walk(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    if path.count(".") >= DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if _is_key(key):
                yield from _walk(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for at, value in enumerate(data[:1]):
            yield from _walk(value, f"{path}.{at}" if path else str(at))
    elif path:
        yield path, data


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and bool(key) and "." not in key and len(key) <= MOST_CELL


def lists(data: Any) -> list[str]:
    """The paths of the lists of things in what came; "" is the whole of it."""
    found: list[str] = []

    def look(value: Any, path: str) -> None:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found.append(path)
        elif isinstance(value, dict) and path.count(".") < DEEPEST:
            for key, inner in value.items():
                if _is_key(key):
                    look(inner, f"{path}.{key}" if path else key)

    look(data, "")
    return found


def at(data: Any, path: str) -> Any:
    """What stands at a path; None if nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and len(part) < 7:
            data = data[int(part)] if int(part) < len(data) else None
        else:
            return None
    return data


def words(value: Any) -> str:
    """A single value as it is written here; nothing for what is none: 28.5 is `28,5`, 85000 `85.000`."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if isinstance(value, float):
        whole, _point, part = f"{value:,.2f}".partition(".")
        tail = part.rstrip("0")
        said = whole.replace(",", ".")
        return f"{said},{tail}" if tail else said
    return line(html.unescape(value)) if isinstance(value, str) else ""


def take(feed: Feed, form: str, data: Any) -> Taken:
    """What a board shows of what came. Raises Broken if it is not as it was when the officer chose."""
    if form != feed.form:
        raise Broken(Trouble.FORM)
    hour = _hour(data, feed.hour) if feed.hour else None
    if feed.shape == "titles":
        return Taken(lines=_titles(data), hour=hour)
    if feed.shape == "values":
        return Taken(rows=tuple(_value(data, pick) for pick in feed.picks), hour=hour)
    return Taken(tuple(pick.name for pick in feed.picks), _rows(feed, data), hour=hour)


def _value(data: Any, pick: Pick) -> tuple[str, str]:
    said = _cell(at(data, pick.path), pick.name)
    if not said:
        raise Broken(Trouble.EMPTY, pick.name)
    return pick.name, _fits(f"{said} {pick.unit}".strip(), pick.name)


def _rows(feed: Feed, data: Any) -> tuple[tuple[str, ...], ...]:
    things = at(data, feed.rows)
    if not isinstance(things, list):
        raise Broken(Trouble.EMPTY, feed.rows)
    found = []
    for thing in things:
        row = tuple(_of_row(thing, pick, signed=pick.name == feed.change) for pick in feed.picks)
        if row[0]:  # what has no name says nothing
            found.append(row)
        if len(found) == ROWS["max_length"]:
            break
    for place, pick in enumerate(feed.picks):
        if not any(row[place] for row in found):
            raise Broken(Trouble.EMPTY, pick.name)
    if sum(len(cell) for row in found for cell in row) > MOST_LETTERS:
        raise Broken(Trouble.LONG, feed.rows)
    return tuple(found)


def _of_row(thing: Any, pick: Pick, *, signed: bool) -> str:
    value = at(thing, pick.path)
    said = more_or_less(value) if signed else _cell(value, pick.name)
    return _fits(f"{said} {pick.unit}".strip(), pick.name) if said else ""


def more_or_less(value: Any) -> str:
    """A change with the sign of its way: `▲ 500`, `▼ 1.200`, `–` for none; words that are no figure stay."""
    number = value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip().replace("−", "-").replace(" ", "")):
        plain = value.strip().replace("−", "-").replace(" ", "")
        thousands = re.search(r"[.,]\d{3}\Z", plain)  # 1.200 and 1,200 are that here
        number = int(re.sub(r"[.,]", "", plain)) if thousands else float(plain.replace(",", "."))
    if isinstance(number, bool) or not isinstance(number, int | float):
        return _cell(value, "")
    if number == 0:
        return "–"
    return f"{'▲' if number > 0 else '▼'} {words(abs(number))}"


def _cell(value: Any, name: str) -> str:
    said = words(value)
    if _MARKUP.search(said):
        raise Broken(Trouble.MARKUP, name)
    return _fits(said, name)


def _fits(said: str, name: str) -> str:
    if len(said) > MOST_CELL:
        raise Broken(Trouble.LONG, name)
    return said


def _titles(data: Any) -> tuple[str, ...]:
    """The first titles, as words; a long one is cut after a word."""
    found = []
    for one in data if isinstance(data, list) else []:
        said = words(_MARKUP.sub(" ", html.unescape(str(one.get("title", ""))))) if isinstance(one, dict) else ""
        if said and said not in found:
            found.append(_cut(said))
    if not found:
        raise Broken(Trouble.EMPTY)
    return tuple(found[:MOST_TITLES])


def _cut(said: str) -> str:
    if len(said) <= LONGEST_TITLE:
        return said
    head = said[:LONGEST_TITLE]
    return f"{head.rpartition(' ')[0] or head}…"


def _hour(data: Any, path: str) -> datetime:
    value = at(data, path)
    found = moment(value)
    if found is None:
        raise Broken(Trouble.HOUR if words(value) else Trouble.EMPTY, words(value)[:60])
    return found


def moment(value: Any) -> datetime | None:
    """The moment a value names: ISO 8601, seconds or milliseconds since 1970, or as it is written here; else None.

    Without a zone it is ours. A day without an hour is no moment: nobody knows how old that is.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / (1000 if value > 1e11 else 1), UTC)
        if not isinstance(value, str) or ":" not in value:
            return None
        return _aware(_written(value.strip()))
    except (ValueError, OverflowError, OSError):
        return None


def _written(text: str) -> datetime:
    for shape in _VIETNAMESE:
        try:
            return datetime.strptime(text, shape)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def _aware(found: datetime) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)


def guessed(offers: list[Offer], marks: tuple[str, ...]) -> str:
    """The first path whose last part sounds like one of these words; empty if none does."""
    for mark in marks:
        for offer in offers:
            if mark in fold(offer.path.rpartition(".")[2]):
                return offer.path
    return ""
