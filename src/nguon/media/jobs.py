"""Work done beside the web: the jobs service runs it, and runs it again if its worker died."""

from uuid import UUID

from django_tasks import task

from nguon.kit import clock
from nguon.media import actions


@task()
def render_rendition(rendition_id: str) -> None:
    """Make the sound of a rendition, named by its id."""
    actions.render(rendition_id=UUID(rendition_id), now=clock.now())
