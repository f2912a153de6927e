"""Reading the programme editor: a form of rows, each an item, and what was pressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from nguon.kit.text import clean
from nguon.newsroom.models import Category
from nguon.programme.items import Item, Kind

MOST = 10_000  # a number typed is not larger


@dataclass(frozen=True)
class Draft:
    """What the editor holds. `focus`: the item that was just moved or added."""

    name: str = ""
    shared: bool = False
    kept: tuple[Item, ...] = ()
    seen: str = ""
    do: str = ""
    focus: int = -1
    faults: Mapping[int, str] = field(default_factory=dict)


def read(data: QueryDict) -> Draft:
    """The form as it was sent, with what was pressed already done to its items."""
    kept = [_item(data, key) for key in data.getlist("row")[:200]]
    do, focus = data.get("do", ""), -1
    verb, _dash, rest = do.partition("-")
    if verb == "add" and rest in set(Kind):
        kept.append(_fresh(Kind(rest)))
        focus = len(kept) - 1
    elif rest.isdecimal() and int(rest) < len(kept):
        focus = _moved(kept, verb, int(rest))
    return Draft(
        name=data.get("name", ""),
        shared=data.get("shared") == "on",
        kept=tuple(kept),
        seen=data.get("seen", ""),
        do=do,
        focus=focus,
    )


def _moved(kept: list[Item], verb: str, at: int) -> int:
    """Do it to the list; the place of what should have the focus afterwards."""
    if verb == "remove":
        del kept[at]
        return min(at, len(kept) - 1)
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= to < len(kept):
        kept[at], kept[to] = kept[to], kept[at]
        return to
    return at


def _fresh(kind: Kind) -> Item:
    seconds = {Kind.RELAY: 30 * 60, Kind.PAUSE: 5}.get(kind, 0)
    return Item(kind, seconds=seconds)


def _item(data: QueryDict, key: str) -> Item:
    def text(name: str) -> str:
        return clean(data.get(f"{name}-{key}", "")).strip()

    def number(name: str, otherwise: int) -> int:
        typed = text(name)
        return min(int(typed), MOST) if typed.isdecimal() else otherwise

    kind = Kind(text("kind")) if text("kind") in set(Kind) else Kind.PAUSE
    if kind is Kind.NEWEST:
        category = text("category") if text("category") in Category.values else ""
        return Item(kind, category=category, days=number("days", 0), rest=number("rest", 0), most=number("most", 0))
    if kind is Kind.RELAY:
        lines = tuple(line.strip() for line in text("streams").splitlines() if line.strip())
        return Item(kind, name=text("name")[:120], streams=lines, seconds=60 * number("minutes", 0))
    if kind is Kind.PAUSE:
        return Item(kind, seconds=number("seconds", 0))
    what = text("what").lower()
    fits = len(what) == 32 and all(letter in "0123456789abcdef" for letter in what)
    return Item(kind, what=what if fits else "")


def choices(kept: Sequence[Item], offered: Mapping[str, str], names: Mapping[str, str]) -> list[list[tuple[str, str]]]:
    """For each item of music or bulletin what may be chosen, with what is chosen now even if it is offered no more."""
    found = []
    for item in kept:
        rows: dict[str, Any] = dict(offered)
        if item.what and item.what not in rows:
            rows = {item.what: names.get(item.what, "…"), **rows}
        found.append(list(rows.items()))
    return found
