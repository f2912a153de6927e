"""A layout as it is handed to the frame in which a board draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from msgspec.structs import replace

from nguon.channels.board import hanging, layouts, scene
from nguon.channels.board.models import Layout
from nguon.kit import clock
from nguon.media.models import File

MOST_BYTES = 2_000_000  # of pages in a page of the office: a list longer than that is seen in part


@dataclass(frozen=True)
class Staged:
    """`told` is the message for the frame; `width` and `height`: pixels of a usual screen of its shape."""

    told: dict[str, Any]
    width: int
    height: int


def staged(layout: Layout, at: datetime | None = None) -> Staged:
    """A layout with its pages as they are now. `at`: the moment it is seen at; none: now, and on."""
    regions = hanging.regions_of(hanging.filled(layout, clock.now()))
    pages = _pages([item.page.sha256 for region in regions for item in region.items])
    seen = tuple(
        replace(region, items=tuple(item for item in region.items if item.page.sha256 in pages)) for region in regions
    )
    width, height = layouts.SHAPES[layout.shape]
    told = {"scene": scene.scene(seen).decode(), "pages": pages, "at": clock.ms(at) if at else None}
    return Staged(told, width, height)


def _pages(hashes: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_BYTES
    files = File.objects.in_bulk(set(hashes))
    for sha256 in hashes:
        if sha256 in found or files[sha256].size > left:
            continue
        with default_storage.open(files[sha256].path) as source:
            found[sha256] = source.read().decode()
        left -= files[sha256].size
    return found
