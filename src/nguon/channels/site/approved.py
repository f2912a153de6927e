"""The article of a posting: the very document that was approved, never made anew."""

from functools import lru_cache

from django.core.files.storage import default_storage

from nguon.channels.site import document
from nguon.channels.site.document import Article
from nguon.portal.models import Posting

KEPT = 64  # articles in memory: they never change


def of(posting: Posting) -> Article:
    """What stands there. Raises LookupError if nothing was kept for it, or its bytes are gone."""
    if posting.page is None:
        raise LookupError(f"posting {posting.pk} has no article")
    try:
        return _read(posting.page.path)
    except FileNotFoundError as error:
        raise LookupError(f"the article of posting {posting.pk} is gone") from error


@lru_cache(KEPT)
def _read(path: str) -> Article:
    with default_storage.open(path) as source:
        return document.read(source.read())
