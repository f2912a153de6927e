"""Work done beside the web, by a service of its own: an import may take a night, no bulletin waits for it."""

from uuid import UUID

from django_tasks import task

from nguon.archive import importing, transcribing

QUEUE = "archive"


@task(queue_name=QUEUE)
def work(batch_id: str, run: str) -> None:
    """A turn of an import; then the next one stands at the end of the queue."""
    if importing.work(batch_id=UUID(batch_id), run=UUID(run)):
        work.enqueue(batch_id, run)


@task(queue_name=QUEUE)
def watch(batch_id: str, run: str) -> None:
    """Go on with an import that somebody began in a terminal which is gone."""
    if importing.adopt(batch_id=UUID(batch_id), run=UUID(run)):
        importing.watch(UUID(batch_id), UUID(run))


@task(queue_name=QUEUE, priority=-10)
def transcribe(recording_id: str) -> None:
    """Write down what is said in a recording."""
    transcribing.transcribe(recording_id=UUID(recording_id))
