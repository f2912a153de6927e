"""Who is told when the page of a source became another one, or none."""

import logging

from nguon.channels.board.feeds.models import Source

log = logging.getLogger(__name__)


def changed(source: Source) -> None:
    """The page of this source is another one (`queries.current`). Called in the transaction that made it.

    Whoever shows sources is told here.
    """
    log.debug("source %s has another page: %s", source.pk, source.page_id)
