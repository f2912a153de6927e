"""Work done beside the web."""

from uuid import UUID

from django_tasks import task

from nguon.channels.site.copies import making


@task(queue_name="archive", priority=10)
def make(copy_id: str) -> None:
    """Make a copy of a site. It takes minutes: no sound waits behind it, and it goes before old recordings."""
    making.make(copy_id=UUID(copy_id))
