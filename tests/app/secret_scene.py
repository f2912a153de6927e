"""A layout of boards that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.channels.board.models import Glass, Item, Layout, Page, Region, Tally, Told
from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk, device

MODELS = (Layout, Region, Item, Glass, Told, Page, Tally)


def make(desk: Desk, bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """Of the hamlet beside, with a board of its own."""
    made = Layout.objects.create(place=desk.two, name=f"{secret} bố cục", created_by=desk.editor, created_at=desk.now)
    region = Region.objects.create(layout=made, number=0, kind="main", left=0, top=0, width=100, height=100)
    row = Item.objects.create(
        region=region, number=0, source="bulletin", subject=bulletin.pk, added_by=desk.editor, added_at=desk.now
    )
    board = device(f"{secret} bảng", desk.two, desk.now)
    board.channel = "board"
    board.save()
    days = {"day": desk.now.date(), "first_at": desk.now, "last_at": desk.now, "told_at": desk.now}
    Tally.objects.create(device=board, sha256="a" * 64, times=1, ms=1, **days)
    asked: dict[str, dict[str, Any]] = {"api:shown": {"day": desk.now.date().isoformat()}}
    layouts = {f"board:layout{what}": {"pk": made.pk} for what in ("", "-edit", "-drawn", "-delete")}
    items: dict[str, dict[str, Any]] = {"board:item": {"pk": row.pk}, "board:item-act": {"pk": row.pk, "do": "go"}}
    return {**layouts, **items, **asked, "board:item-new": {"pk": region.pk}, "board:board": {"pk": board.pk}}
