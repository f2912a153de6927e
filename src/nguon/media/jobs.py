"""Work done beside the web: the jobs service runs it, and runs it again if its worker died."""

from uuid import UUID

from django_tasks import task

from nguon.kit import clock
from nguon.media import actions, drawing, films
from nguon.media.models import File


@task()
def render_rendition(rendition_id: str) -> None:
    """Make the sound of a rendition, named by its id."""
    actions.render(rendition_id=UUID(rendition_id), now=clock.now())


@task(queue_name="archive", priority=5)
def render_aside(rendition_id: str) -> None:
    """The same of one that nobody waits for: after films, before old recordings, and no bulletin waits behind it."""
    actions.render(rendition_id=UUID(rendition_id), now=clock.now())


@task()
def draw_waveform(sha256: str) -> None:
    """Draw the waveform of a file that is too long for it to be done while one waits."""
    if file := File.objects.filter(pk=sha256, peaks=None).first():
        drawing.draw(file=file)


@task(queue_name="archive", priority=10)
def make_film(sha256: str) -> None:
    """Make what screens show of a film, named by what was given.

    It takes minutes: no sound is to wait behind it, and it goes before old recordings.
    """
    films.make(sha256=sha256, now=clock.now())
