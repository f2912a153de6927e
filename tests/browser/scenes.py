"""Scenes of a board for tests: items and regions with a few words, and random ones."""

import hashlib
import json
import random
from typing import Any

import msgspec

from nguon.channels.board.scene import Item, Kind, Region
from nguon.wire.messages import Area, Document
from tests.browser.board import a_document

DAY = 86_400_000
WHOLE = (0, 0, 100, 100)


def a_page(title: str, *text: str, **more: Any) -> tuple[bytes, Document]:
    """A page and the name by which it is fetched."""
    data = json.dumps(a_document(title, *text, **more), ensure_ascii=False).encode()
    digest = hashlib.sha256(data).hexdigest()
    return data, Document(url=f"/api/1/content/{digest}", sha256=digest, size=len(data))


def an_item(page: Document, length: int = 10_000, **more: Any) -> Item:
    return Item(page=page, length=length, **more)


def a_region(kind: str, area: tuple[int, int, int, int] = WHOLE, *items: Item, lines: tuple[str, ...] = ()) -> Region:
    left, top, width, height = area
    return Region(kind=Kind(kind), area=Area(left=left, top=top, width=width, height=height), items=items, lines=lines)


def told(regions: tuple[Region, ...]) -> list[dict[str, Any]]:
    """As the board has them: nothing left out."""
    return [
        {
            "kind": str(region.kind),
            "area": msgspec.to_builtins(region.area),
            "lines": list(region.lines),
            "items": [item_told(item) for item in region.items],
        }
        for region in regions
    ]


def item_told(item: Item) -> dict[str, Any]:
    """One item as the board has it."""
    named = ("length", "priority", "weekdays", "begins", "ends", "since", "until")
    return {"page": msgspec.to_builtins(item.page)} | {name: getattr(item, name) for name in named}


def any_items(chance: random.Random, now: int) -> tuple[Item, ...]:
    """Items of all kinds around a moment."""
    _, page = a_page("Tin")
    found = []
    for _ in range(chance.randint(0, 6)):
        begins, ends = chance.choice(((0, 0), (chance.randrange(1440), chance.randrange(1440)), (600, 660)))
        weekdays = tuple(sorted(chance.sample(range(7), chance.choice((0, 0, 1, 3, 7)))))
        since, until = chance.choice((0, now - DAY, now, now + 1)), chance.choice((0, 0, now, now + 1, now + DAY))
        times = {"begins": begins, "ends": ends, "since": since, "until": until, "weekdays": weekdays}
        found.append(an_item(page, chance.randint(1, 90_000), priority=chance.choice((0, 0, 1, 9)), **times))
    return tuple(found)
