"""The work of an import, file by file. Killed at any point, it goes on where it was: nothing twice, nothing lost.

Beginning and going on write a new ticket, `Batch.run`, and whoever works must hold it. A worker with an older one
cannot end the file it has in hand any more, and stops; what it made of that file is found again by its content. A file
that is in hand when a worker begins was left by one that died with the same ticket.
"""

import errno
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _

from nguon.archive import intake, rules, sources, transcribing
from nguon.archive.describe import Spot
from nguon.archive.errors import Stopped
from nguon.archive.intake import Around, Ready
from nguon.archive.models import Batch, Item, Recording
from nguon.archive.sources import Broken, Found, Skipped
from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.plugs import load
from nguon.places import queries as places
from nguon.places.models import Place

WORK, WATCH = "nguon.archive.jobs.work", "nguon.archive.jobs.watch"  # by path: these stand above
TURN = 5.0  # seconds of one turn of the jobs service: then others may have theirs
ROWS = 500  # files written down at once
QUIET = timedelta(minutes=15)  # without a word for so long, whoever worked is taken for gone
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
ACTOR = "nguon archive"
GOING = (Batch.State.LISTING, Batch.State.RUNNING)
ENDING = (*GOING, Batch.State.PAUSED, Batch.State.CANCELLED)  # the file in hand may still be ended
log = logging.getLogger(__name__)


class _Over(Exception):
    """This ticket counts no more: the import was paused, cancelled, or given to somebody else."""


def enqueue(batch_id: UUID, run: UUID) -> None:
    """Let the jobs service go on with an import, once this transaction is written."""
    transaction.on_commit(partial(load(WORK).enqueue, batch_id.hex, run.hex))


def watch(batch_id: UUID, run: UUID) -> None:
    """Let the jobs service look later whether whoever works in a terminal is still there."""
    later = load(WATCH).using(run_after=clock.now() + QUIET)
    transaction.on_commit(partial(later.enqueue, batch_id.hex, run.hex))


def work(
    *, batch_id: UUID, run: UUID, turn: float | None = TURN, told: Callable[[Item], None] = lambda _: None
) -> bool:
    """Go on with an import for a turn of so many seconds, or to its end; whether there is more to do.

    `told` gets each file that was dealt with.
    """
    began = time.monotonic()
    try:
        batch = _begin(batch_id, run)
        if batch.state == Batch.State.LISTING:
            _list(batch, run)
        around = _around(batch)
        while (item := _next(batch, run, around)) is not None:
            told(item)
            if turn is not None and time.monotonic() - began > turn:
                return True
        _finish(batch, run)
    except _Over:
        return False
    except Stopped as stopped:
        _halt(batch_id, run, str(stopped))
    return False


def adopt(*, batch_id: UUID, run: UUID) -> bool:
    """Whether to look again later: not when it is over, nor when whoever worked is gone and the service goes on."""
    batch = Batch.objects.filter(pk=batch_id, run=run, state__in=GOING).first()
    if batch is None:
        return False
    if batch.beat_at is not None and clock.now() - batch.beat_at < QUIET:
        return True
    enqueue(batch_id, run)
    return False


@contextmanager
def _held(batch_id: UUID, run: UUID, *states: Batch.State) -> Iterator[datetime]:
    """A transaction while this ticket counts, which also says that its holder is there. Raises _Over."""
    with transaction.atomic():
        now = clock.now()
        held = Batch.objects.filter(pk=batch_id, run=run, state__in=states or GOING)
        if not held.update(beat_at=now):
            raise _Over
        yield now


def _begin(batch_id: UUID, run: UUID) -> Batch:
    """A file in hand of one who died waits again; one on which three died is given up."""
    with _held(batch_id, run) as now:
        left = Item.objects.filter(batch=batch_id, state=Item.State.WORKING)
        left.update(tries=F("tries") + 1, state=Item.State.WAITING)
        lost = Item.objects.filter(batch=batch_id, state=Item.State.WAITING, tries__gte=rules.TRIES)
        words = _("Máy chủ ngừng giữa chừng nhiều lần khi xử lý tệp này, nên bỏ lại.")
        lost.update(state=Item.State.FAILED, reason=words, updated_at=now)
        return Batch.objects.get(pk=batch_id)


def _list(batch: Batch, run: UUID) -> None:
    """Write down what lies in the folder. Repeated, it adds what is missing."""
    found = sources.walk(bytes(batch.path))
    while chunk := list(islice(found, ROWS)):
        _write(batch, run, chunk, None)
    with _held(batch.pk, run) as now:
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING, listed=True, updated_at=now)


def _write(batch: Batch, run: UUID, chunk: Sequence[Found], container: Item | None) -> None:
    prefix = b"" if container is None else bytes(container.raw) + b"/"
    with _held(batch.pk, run) as now:
        last = Item.objects.filter(batch=batch).aggregate(last=Max("position"))["last"] or 0
        items = [_item(batch, one, container, prefix, last + n, now) for n, one in enumerate(chunk, 1)]
        Item.objects.bulk_create(items, ignore_conflicts=True)


def _item(batch: Batch, one: Found, container: Item | None, prefix: bytes, position: int, now: datetime) -> Item:
    whole = Found(prefix + one.raw, one.size)
    folder = whole.folder
    if container is not None:
        folder = f"{container.folder}/{container.name}/{one.folder}".strip("/")[:1000]
    return Item(
        batch=batch,
        key=rules.item_key(prefix + one.raw),
        raw=one.raw,
        name=one.name,
        folder=folder,
        size=one.size,
        container=container,
        state=Item.State.SKIPPED if one.reason else Item.State.WAITING,
        reason=one.reason,
        position=position,
        updated_at=now,
    )


def _around(batch: Batch) -> Around:
    today = clock.today()
    scope = places.answered_for([batch.place_id], today)
    named = Place.objects.filter(pk__in=scope)
    return Around(scope, [Spot(place.pk, place.kind, place.name) for place in named], today)


def _next(batch: Batch, run: UUID, around: Around) -> Item | None:
    """Deal with the next file; None if none waits. Raises Stopped, _Over."""
    with _held(batch.pk, run) as now:
        item = Item.objects.filter(batch=batch, state=Item.State.WAITING).select_related("container", "given").first()
        if item is None:
            return None
        Item.objects.filter(pk=item.pk).update(state=Item.State.WORKING, updated_at=now)
    began = time.monotonic()
    try:
        found = _prepared(item, batch, run, around)
    except (Stopped, DatabaseError):
        Item.objects.filter(pk=item.pk, state=Item.State.WORKING, batch__run=run).update(state=Item.State.WAITING)
        raise
    with _held(batch.pk, run, *ENDING) as now:
        if isinstance(found, Ready):
            item.recording, new = intake.keep(ready=found, item=item, batch=batch, now=now)
            item.state = Item.State.DONE if new else Item.State.DUPLICATE
        elif isinstance(found, Recording):
            item.recording, item.state = found, Item.State.DUPLICATE
        else:
            item.state, item.reason = found[0], found[1][:400]
        item.updated_at = now
        item.save(update_fields=["state", "reason", "recording", "updated_at"])
        spent = round((time.monotonic() - began) * 1000)
        Batch.objects.filter(pk=batch.pk).update(worked_ms=F("worked_ms") + spent, updated_at=now)
        if item.state == Item.State.DONE and item.recording is not None:
            transcribing.after_import(item.recording, now)
    return item


def _prepared(item: Item, batch: Batch, run: UUID, around: Around) -> "Ready | Recording | tuple[Item.State, str]":
    """What is ready to be kept, is there already, or what became of the file instead. Raises Stopped, _Over."""
    try:
        if sources.is_zip(item.name):
            return _unpack(item, batch, run)
        return intake.prepare(item=item, batch=batch, around=around, now=clock.now())
    except Skipped as skipped:
        return Item.State.SKIPPED, str(skipped)
    except Broken as broken:
        return Item.State.FAILED, str(broken)
    except OSError as error:
        if error.errno in FULL:
            raise Stopped(_("Ổ đĩa của máy chủ đã đầy. Hãy báo quản trị thêm chỗ rồi bấm Tiếp tục.")) from error
        log.exception("import %s: %s", batch.pk, item.name)
        return Item.State.FAILED, _("Đĩa báo lỗi khi đọc tệp này.")
    except (DatabaseError, Stopped, _Over):
        raise
    except Exception:
        log.exception("import %s: %s", batch.pk, item.name)
        return Item.State.FAILED, _("Máy chủ gặp lỗi khi xử lý tệp này. Xin báo người quản trị.")


def _unpack(item: Item, batch: Batch, run: UUID) -> tuple[Item.State, str]:
    """Write down the members of a zip; they are taken in like files. Raises Broken, Skipped, _Over."""
    if item.container is not None:
        raise Skipped(_("Tệp nén nằm trong tệp nén, không mở tiếp."))
    found: Iterator[Found] = sources.members(item, batch)
    while chunk := list(islice(found, ROWS)):
        _write(batch, run, chunk, item)
    return Item.State.OPENED, ""


def _halt(batch_id: UUID, run: UUID, reason: str) -> None:
    mine = Batch.objects.filter(pk=batch_id, run=run, state__in=GOING)
    mine.update(state=Batch.State.PAUSED, reason=reason[:400], updated_at=clock.now())


def _finish(batch: Batch, run: UUID) -> None:
    with _held(batch.pk, run) as now:
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.DONE, finished_at=now, updated_at=now, reason="")
        for item in batch.items.exclude(staged=""):
            transaction.on_commit(partial(sources.forget, item))
        counts = dict(batch.items.order_by().values_list("state").annotate(Count("pk")))
        named = f"archive.batch:{batch.pk.hex}"
        after = {"title": batch.title, "count": counts.get(Item.State.DONE, 0)}
        record(actor=ACTOR, verb="archive.finish", subject=named, now=now, place=batch.place_id, after=after)
