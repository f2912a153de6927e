"""How sites speak for their pages and papers towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.portal import markup, office
from nguon.portal.models import Edition, Paper
from nguon.review.subjects import Shown, Standing


class PageEdition:
    """The subject `portal.edition`: the wording of a page."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest while it is the newest of its page. The page is made of the text alone: both hashes are that."""
        edition = Edition.objects.select_related("section").filter(pk=pk).first()
        newest = edition.section.editions.first() if edition else None
        if edition is None or newest is None or newest.pk != pk:
            return None
        return Standing(edition.digest, edition.digest, office.writers(edition))

    def url(self, pk: UUID) -> str:
        """The section in the office."""
        return reverse("portal:section", args=[Edition.objects.values_list("section", flat=True).get(pk=pk)])

    def shown(self, pk: UUID) -> Shown:
        """The page as everybody would read it, and what changed since the one that is public."""
        edition = Edition.objects.select_related("section__site__place", "created_by").get(pk=pk)
        before = office.approved_before(edition)
        context = {
            "edition": edition,
            "page": markup.html(edition.body),
            "before": before,
            "runs": office.changed(before, edition),
            "text_hash": edition.digest,
            "media_hash": edition.digest,
            "go": _("Mở mục này"),
            "back": _("Xem mục này và các bản trước"),
        }
        return Shown("portal/reviewed_edition.html", context)


class SitePaper:
    """The subject `portal.paper`: a document in a section."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest and its file while it is not withdrawn."""
        paper = Paper.objects.filter(pk=pk, withdrawn_at=None).first()
        return Standing(paper.digest, paper.file_id or paper.digest, office.hands(paper)) if paper else None

    def url(self, pk: UUID) -> str:
        """The paper in the office."""
        return reverse("portal:paper", args=[pk])

    def shown(self, pk: UUID) -> Shown:
        """What is said of it, and the file itself."""
        paper = Paper.objects.select_related("section__site__place", "created_by", "file").get(pk=pk)
        context = {
            "paper": paper,
            "text_hash": paper.digest,
            "media_hash": paper.file_id or paper.digest,
            "go": _("Mở văn bản này"),
            "back": _("Xem văn bản này trong trang"),
        }
        return Shown("portal/reviewed_paper.html", context)
