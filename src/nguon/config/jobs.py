"""The jobs service: Django's tasks from the database, tried again with back-off, freed when their worker died."""

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from django.core.management import call_command
from django.db import DatabaseError, connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from nguon.kit import clock

DELAYS = (timedelta(seconds=2), timedelta(seconds=15), timedelta(minutes=1))  # after the first, second, third failure
RECENT = timedelta(hours=1)  # an older failure is left as it is
LONGEST = timedelta(hours=2)  # a task that runs longer is lost, on whatever machine it was
KEEP = timedelta(days=7)  # finished tasks are kept so long
LOOK_EVERY = 1.0  # seconds
POLL_EVERY = 0.2  # seconds
log = logging.getLogger(__name__)
Row: TypeAlias = "DBTaskResult[Any, Any]"


def run() -> None:
    """Work until told to end. A task in hand is finished first."""
    _work("default")


def run_archive() -> None:
    """The same for what may take a night; it leaves the processor to others where they need it."""
    os.nice(10)
    _work("archive")


def _work(queue: str) -> None:
    stop = threading.Event()
    tender = threading.Thread(target=_tend_until, args=(stop,), daemon=True)
    tender.start()
    try:
        call_command(
            "db_worker", queue_name=queue, interval=POLL_EVERY, worker_id=worker_id(), startup_delay=False, reload=False
        )
    finally:
        stop.set()
        tender.join(timeout=5)


def worker_id(pid: int | None = None) -> str:
    """The name of a worker: host, process, and when that process began, so that a reused pid is not taken for it."""
    number = pid or os.getpid()
    return f"{socket.gethostname()[:40]}:{number}:{_began(number)}"


def is_dead(worker: str) -> bool:
    """Whether the worker was on this host and is gone. Of other hosts nothing is known: False."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname()[:40] or not rest.isdecimal():
        return False
    return worker_id(int(rest)) != worker


def _began(pid: int) -> str:
    """When a process began, in clock ticks since the machine started; empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def tend(now: datetime) -> int:
    """Try failed tasks again and free those of dead workers; how many were put back."""
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=now - RECENT)
    back = sum(_again(row, now) for row in failed)
    lost = [row for row in DBTaskResult.objects.running() if _is_lost(row, now)]
    return back + sum(_again(row, now) for row in lost)


def prune(now: datetime) -> None:
    """Forget tasks that ended long ago."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP).delete()


def _is_lost(row: Row, now: datetime) -> bool:
    if row.started_at is not None and row.started_at < now - LONGEST:
        return True
    return bool(row.worker_ids) and is_dead(row.worker_ids[-1])


def _again(row: Row, now: datetime) -> bool:
    """Put a task back, or give it up after the last delay. Compare-and-set: another worker may have done it."""
    unchanged = DBTaskResult.objects.filter(pk=row.pk, status=row.status, worker_ids=row.worker_ids)
    tries = max(len(row.worker_ids), 1)
    if tries <= len(DELAYS):
        changed = unchanged.update(status=TaskResultStatus.READY, run_after=now + DELAYS[tries - 1], finished_at=None)
        if changed:
            log.warning("task %s (%s) again in %s", row.task_path, row.pk, DELAYS[tries - 1])
        return bool(changed)
    if row.status == TaskResultStatus.RUNNING:
        unchanged.update(status=TaskResultStatus.FAILED, finished_at=now, traceback="its worker died each time")
    return False


def _tend_until(stop: threading.Event) -> None:
    rounds = 0
    while not stop.wait(LOOK_EVERY):
        try:
            now = clock.now()
            tend(now)
            if rounds % 3600 == 0:
                prune(now)
            rounds += 1
        except DatabaseError as error:
            log.warning("tasks cannot be looked after: %s", error)
        connection.close()
