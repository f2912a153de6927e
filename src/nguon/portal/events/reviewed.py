"""How events speak for themselves towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.portal import markup
from nguon.portal.events import queries, words
from nguon.portal.models import EventWording
from nguon.review.subjects import Shown, Standing


class SiteEvent:
    """The subject `portal.event`: one wording of an event."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest while it is the newest of an event that still stands. There is no sound: both hashes are that."""
        wording = EventWording.objects.select_related("event").filter(pk=pk).first()
        if wording is None or wording.number != queries.last_number(wording.event_id):
            return None
        if wording.event.withdrawn_at is not None or wording.event.cancelled_at is not None:
            return None
        return Standing(wording.digest, wording.digest, queries.hands(wording))

    def url(self, pk: UUID) -> str:
        """The event in the office."""
        return reverse("portal:events:detail", args=[EventWording.objects.values_list("event", flat=True).get(pk=pk)])

    def shown(self, pk: UUID) -> Shown:
        """The event as everybody would read it, and what changed since the wording that is public."""
        wording = EventWording.objects.select_related("event", "created_by").get(pk=pk)
        before = queries.approved_before(wording)
        context = {
            "wording": wording,
            "sites": wording.sites.select_related("place"),
            "when": words.when(wording),
            "page": markup.html(wording.body),
            "before": before,
            "was": words.when(before) if before else "",
            "runs": queries.changed(before, wording),
            "text_hash": wording.digest,
            "media_hash": wording.digest,
            "go": _("Mở sự kiện này"),
            "back": _("Xem sự kiện này và các bản trước"),
        }
        return Shown("portal/events/reviewed.html", context)
