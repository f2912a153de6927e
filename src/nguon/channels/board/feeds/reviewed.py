"""How sources speak for their editions towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.channels.board.feeds import preview, queries, words
from nguon.channels.board.feeds.models import Edition
from nguon.channels.board.feeds.rules import terms_of
from nguon.kit import clock
from nguon.review.subjects import Shown, Standing


class SourceEdition:
    """The subject `board.edition`."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest while it is the newest of a source in use. There is no sound: both hashes are that."""
        edition = Edition.objects.select_related("source").filter(pk=pk).first()
        if edition is None or edition.source.current_id != pk or edition.source.ended_at is not None:
            return None
        return Standing(edition.digest, edition.digest, queries.writers(edition))

    def url(self, pk: UUID) -> str:
        """The page of the source."""
        return reverse("board:feeds:detail", args=[Edition.objects.values_list("source", flat=True).get(pk=pk)])

    def shown(self, pk: UUID) -> Shown:
        """The table or the feed as it would stand on a board now, and where it comes from."""
        edition = Edition.objects.select_related("source__place", "written_by").get(pk=pk)
        context = {
            "edition": edition,
            "terms": terms_of(edition.terms),
            "rhythm": words.rhythm(edition),
            "shown": preview.of_edition(edition, clock.now()),
            "text_hash": edition.digest,
            "media_hash": edition.digest,
            "go": _("Mở nguồn này"),
            "back": _("Xem nguồn này và các bản trước"),
        }
        return Shown("board/feeds/reviewed.html", context)
