"""`nguon archive …`: take folders of old recordings into the archive, and look after imports."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from nguon.archive.models import Batch, Item
    from nguon.places.models import Place

ACTOR = "nguon archive"


@click.group()
def command() -> None:
    """Take folders of old recordings into the archive: levelled, described from their names, duplicates found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--place", "place", required=True, help="Whose recordings they are: a GSO code (21952) or a name.")
@click.option("--title", default="", help="What the import is called; the folder's name if not said.")
@click.option("--denoise", is_flag=True, help="Take the hiss of old tapes away. For speech only; originals stay.")
@click.option("--background", is_flag=True, help="Leave the work to the running server and return at once.")
def import_(folder: Path, place: str, title: str, denoise: bool, background: bool) -> None:
    """Import FOLDER with all that lies below it. Ctrl-C pauses; the same command again goes on where it stopped."""
    from nguon.archive import steering
    from nguon.archive.models import Batch
    from nguon.kit import clock

    where, path = _place(place), os.fsencode(folder.resolve())
    open_ones = Batch.objects.filter(place=where, path=path).exclude(state__in=("done", "cancelled"))
    batch = open_ones.order_by("-created_at").first()
    if batch is None:
        batch = steering.start_folder(
            place=where,
            path=path,
            within=b"",
            title=title or folder.resolve().name,
            denoise=denoise,
            actor=ACTOR,
            now=clock.now(),
        )
    else:
        click.echo(f"Tiếp tục đợt nhập dở: {batch.title}")
        batch = _resumed(batch)
    _go_on(batch, background)


@command.command()
@click.argument("batch_id", metavar="IMPORT", type=click.UUID)
@click.option("--background", is_flag=True, help="Leave the work to the running server and return at once.")
def resume(batch_id: UUID, background: bool) -> None:
    """Go on with a paused or abandoned IMPORT (its id, as `nguon archive list` prints it)."""
    _go_on(_resumed(_batch(batch_id)), background)


@command.command()
@click.argument("batch_id", metavar="IMPORT", type=click.UUID)
def pause(batch_id: UUID) -> None:
    """Pause an IMPORT after the file in hand."""
    from nguon.archive import steering
    from nguon.archive.errors import ArchiveError
    from nguon.kit import clock

    try:
        steering.pause(batch=_batch(batch_id), actor=ACTOR, now=clock.now())
    except ArchiveError as error:
        raise click.ClickException(str(error)) from None


@command.command("list")
def list_() -> None:
    """Print the imports, newest first: id, state, files dealt with of all, name."""
    from nguon.archive import queries
    from nguon.archive.models import Batch

    for batch in Batch.objects.select_related("place"):
        counts = queries.counts(batch)
        click.echo(f"{batch.pk}  {batch.state:<10}  {counts.ended}/{counts.total}  {batch.title} ({batch.place})")


@command.command()
@click.argument("batch_id", metavar="IMPORT", type=click.UUID)
def report(batch_id: UUID) -> None:
    """Print the report of an IMPORT as CSV: every file and what became of it."""
    from nguon.archive.report import sheet

    click.echo("".join(sheet(_batch(batch_id))), nl=False)


def _resumed(batch: "Batch") -> "Batch":
    """The import with a new ticket: whoever else works on it stops after the file in hand."""
    from nguon.archive import steering
    from nguon.archive.errors import ArchiveError
    from nguon.kit import clock

    try:
        if batch.state in ("listing", "running"):
            steering.pause(batch=batch, actor=ACTOR, now=clock.now())
        return steering.resume(batch=batch, actor=ACTOR, now=clock.now())
    except ArchiveError as error:
        raise click.ClickException(str(error)) from None


def _go_on(batch: "Batch", background: bool) -> None:
    from django.db import transaction

    from nguon.archive import importing, steering
    from nguon.kit import clock

    assert batch.run is not None
    if background:
        with transaction.atomic():
            importing.enqueue(batch.pk, batch.run)
        click.echo(f"Đã giao cho máy chủ: nguon archive list ({batch.pk})")
        return

    def interrupt(*_: object) -> None:
        steering.pause(batch=batch, actor=ACTOR, now=clock.now())
        click.echo("Dừng sau tệp đang làm…", err=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        importing.work(batch_id=batch.pk, run=batch.run, turn=None, told=_Told(batch))
    finally:
        signal.signal(signal.SIGINT, before)
    _sum_up(batch)


class _Told:
    """Prints a line for each file: how far it is, its name, and why where something went wrong."""

    def __init__(self, batch: "Batch") -> None:
        self.batch, self.done, self.total = batch, 0, 0

    def __call__(self, item: "Item") -> None:
        from nguon.archive import queries

        if self.done % 50 == 0:
            counts = queries.counts(self.batch)
            self.done, self.total = counts.ended - 1, counts.total
        self.done += 1
        why = f": {item.reason}" if item.reason else ""
        click.echo(f"{self.done}/{self.total}  {item.state:<9}  {item.name}{why}")


def _sum_up(batch: "Batch") -> None:
    from nguon.archive import queries

    batch.refresh_from_db()
    counts = queries.counts(batch)
    click.echo(
        f"{counts.done} vào kho, {counts.duplicate} đã có, {counts.skipped} bỏ qua, {counts.failed} không nhập được, "
        f"{counts.left} còn lại. Bảng kê: nguon archive report {batch.pk}"
    )
    if batch.reason:
        raise click.ClickException(batch.reason)


def _batch(batch_id: UUID) -> "Batch":
    from nguon.archive.models import Batch

    found = Batch.objects.filter(pk=batch_id).first()
    if found is None:
        raise click.ClickException(f"Không có đợt nhập {batch_id}. (Run: nguon archive list)")
    return found


def _place(text: str) -> "Place":
    """The one place in force with this code or name. Raises ClickException for none or several."""
    from nguon.kit import clock
    from nguon.places import queries

    today = clock.today()
    if coded := queries.by_code("gso", text.strip(), today):
        return coded
    found = list(queries.search(text, today)[:5])
    exact = [place for place in found if str(place).casefold() == text.strip().casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    named = "; ".join(map(str, found)) or "không có"
    raise click.ClickException(f"Cần đúng một địa bàn tên “{text}”, tìm thấy: {named}.")
