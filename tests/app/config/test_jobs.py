"""Tasks are tried again with back-off, and freed when the process that ran them is gone."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from nguon.config import jobs

pytestmark = pytest.mark.django_db(transaction=True)  # the worker closes its connections, as it does in earnest
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@task()
def fails() -> None:
    raise OSError("no disk")


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, worker_id=jobs.worker_id(), verbosity=0)


def only() -> "DBTaskResult[..., object]":
    return DBTaskResult.objects.get()


def dead_worker() -> str:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = jobs.worker_id(process.pid)
        process.kill()
    return name


def running(worker: str, *, started: datetime = NOW, before: int = 0) -> None:
    fails.enqueue()
    workers = [f"earlier:{n}:1" for n in range(before)] + [worker]
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=started, worker_ids=workers)


def test_a_failing_task_is_tried_four_times_later_each_time() -> None:
    fails.enqueue()
    waits = []
    for _ in range(4):
        work()
        assert only().status == TaskResultStatus.FAILED
        at = datetime.now(UTC)
        if jobs.tend(at):
            waits.append(only().run_after - at)
            assert not DBTaskResult.objects.ready().filter(run_after__lte=at).exists()
            DBTaskResult.objects.update(run_after=at - timedelta(seconds=1))
    assert tuple(waits) == jobs.DELAYS
    assert only().status == TaskResultStatus.FAILED
    assert "no disk" in only().traceback
    assert len(only().worker_ids) == 4


def test_an_old_failure_is_left_alone() -> None:
    fails.enqueue()
    work()
    assert jobs.tend(datetime.now(UTC) + jobs.RECENT * 2) == 0


def test_the_task_of_a_dead_worker_is_put_back() -> None:
    running(dead_worker())
    assert jobs.tend(NOW) == 1
    assert only().status == TaskResultStatus.READY


def test_the_task_of_a_living_worker_and_of_another_host_is_left() -> None:
    for worker in (jobs.worker_id(), "another-host:1:2"):
        DBTaskResult.objects.all().delete()
        running(worker)
        assert jobs.tend(NOW) == 0
        assert only().status == TaskResultStatus.RUNNING


def test_a_task_that_runs_for_ever_is_put_back_wherever_it_is() -> None:
    running("another-host:1:2", started=NOW - jobs.LONGEST - timedelta(seconds=1))
    assert jobs.tend(NOW) == 1


def test_a_task_that_kills_its_worker_each_time_is_given_up() -> None:
    running(dead_worker(), before=3)
    assert jobs.tend(NOW) == 0
    assert only().status == TaskResultStatus.FAILED


def test_finished_tasks_are_forgotten_after_a_week() -> None:
    fails.enqueue()
    work()
    now = datetime.now(UTC)
    jobs.prune(now + jobs.KEEP - timedelta(minutes=1))
    assert DBTaskResult.objects.exists()
    jobs.prune(now + jobs.KEEP + timedelta(minutes=1))
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("name", ["", "x", "a:b:c", "vm::", "random32characters"])
def test_a_foreign_name_is_never_called_dead(name: str) -> None:
    assert not jobs.is_dead(name)
