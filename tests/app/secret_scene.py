"""A layout of boards that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.channels.board.models import Glass, Item, Layout, Region, Told
from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk, device

MODELS = (Layout, Region, Item, Glass, Told)


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
    layouts = {f"board:layout{what}": {"pk": made.pk} for what in ("", "-edit", "-drawn", "-delete")}
    items: dict[str, dict[str, Any]] = {"board:item": {"pk": row.pk}, "board:item-act": {"pk": row.pk, "do": "go"}}
    return {**layouts, **items, "board:item-new": {"pk": region.pk}, "board:board": {"pk": board.pk}}
