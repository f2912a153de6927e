"""How the newsroom speaks for its versions towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse

from nguon.newsroom import queries, shown
from nguon.newsroom.models import Version
from nguon.review.subjects import Shown, Standing


class BulletinVersion:
    """The subject `newsroom.version`."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """The version's hashes while it is the newest of its bulletin and has its audio."""
        version = Version.objects.select_related("bulletin").filter(pk=pk).first()
        if version is None or version.bulletin.current_id != pk or version.bulletin.withdrawn_at is not None:
            return None
        audio = queries.sha256(version)
        return Standing(version.text_hash, audio, queries.authors(version.bulletin_id)) if audio else None

    def url(self, pk: UUID) -> str:
        """The page of the version's bulletin."""
        return reverse("newsroom:detail", args=[Version.objects.values_list("bulletin", flat=True).get(pk=pk)])

    def shown(self, pk: UUID) -> Shown:
        """The wording, what is said, the sound, and what changed since the last decision."""
        version = Version.objects.select_related("bulletin__office", "bulletin__place", "created_by").get(pk=pk)
        made = queries.rendition(version)
        context = {
            "version": version,
            "bulletin": version.bulletin,
            "rendition": made,
            "aloud": queries.heard(version, made),
            "shown": shown.of(version),
            "text_hash": version.text_hash,
            "media_hash": queries.sha256(version) or "",
            "newer": newer.review if (newer := queries.newest(version.bulletin)).pk != pk else None,
            "comparison": queries.since_decision(version),
        }
        return Shown("newsroom/reviewed.html", context)
