"""What a commune gives to large boards of others, and takes for its own, for the walk along all addresses."""

from datetime import timedelta
from typing import Any

from nguon.channels.board.upper.models import BoardClass, Entry, FarBoard, FarShown, Grant, UpperItem, UpperSource
from nguon.media.models import File
from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk

MODELS = (BoardClass, Entry, Grant, FarBoard, FarShown, UpperSource, UpperItem)


def make(desk: Desk, _bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """A class of the commune with an entry and who takes it, and a source of the hamlet beside with a page of it."""
    by: dict[str, Any] = {"created_by": desk.editor, "created_at": desk.now}
    given = BoardClass.objects.create(place=desk.here, name=f"{secret} loại", changed_at=desk.now, **by)
    bulletin, file = Bulletin.objects.earliest("pk"), File.objects.earliest("pk")
    entry = Entry.objects.create(board_class=given, bulletin=bulletin, rank=1, added_by=desk.editor, added_at=desk.now)
    grant = Grant.objects.create(place=desk.here, name=f"{secret} nơi", digest=secret, **by)
    grant.classes.set([given])
    far = {"grant": grant, "board_class": given}
    board = FarBoard.objects.create(number=entry.pk, name=f"{secret} bảng", online=True, at=desk.now, **far)
    FarShown.objects.create(board=board.number, entry=entry.pk, day=desk.now.date(), times=1, last_at=desk.now, **far)
    source = UpperSource.objects.create(
        place=desk.two,
        name=f"{secret} cấp trên",
        address="https://tren.example/bang/tren/x.json",
        until=desk.now + timedelta(days=1),
        keys=["x"],
        **by,
    )
    UpperItem.objects.create(
        source=source, number=entry.pk, rank=0, title=f"{secret} trang", file=file, seconds=9, terms={}
    )
    pk = {"pk": given.pk}
    taken = {f"board:upper-{what}": {"pk": source.pk} for what in ("detail", "edit", "agree", "look", "end")}
    classes = {f"board:upper-{what}": pk for what in ("playlist", "class", "class-edit", "class-end", "entry-new")}
    entries = {f"board:upper-entry{what}": {"pk": entry.pk} for what in ("", "-move", "-remove")}
    grants = {f"board:upper-grant{what}": {"pk": grant.pk} for what in ("", "-revoke")}
    return {**taken, **classes, **entries, **grants, "board:upper-page": {"sha256": file.sha256}}
