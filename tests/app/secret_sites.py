"""A site that nobody else may see in the office: for the walk along all addresses."""

from typing import Any

from nguon.portal.models import Edition, Paper, Posting, Section, Site
from tests.app import secret_copies, secret_events, secret_postings, secret_surveys
from tests.app.desk import Desk

OTHERS = (*secret_surveys.MODELS, *secret_copies.MODELS, *secret_events.MODELS)
MODELS = (Site, Section, Edition, Paper, Posting, *OTHERS)
# With a secret that whoever may sees.
SEEN = ("portal:site", "portal:section", "portal:edition", "portal:paper", *secret_events.SEEN)
OF_SECTION = ("section", "section-change", "section-move", "section-remove", "write", "preview", "hand-in", "paper-add")


def make(desk: Desk, secret: str) -> dict[str, dict[str, Any]]:
    """A site of the commune that is not open yet, a page of it that is a draft, and a paper."""
    times = {"created_at": desk.now, "updated_at": desk.now}
    site = Site.objects.create(place=desk.here, slug="kin-bung", name=f"{secret} trang", **times)
    page = Section.objects.create(site=site, key="trang", kind="page", title=f"{secret} mục", number=1)
    papers = Section.objects.create(site=site, key="van-ban", kind="papers", title=f"{secret} văn bản", number=2)
    by: dict[str, Any] = {"created_by": desk.editor, "created_at": desk.now, "digest": "d"}
    edition = Edition.objects.create(section=page, number=1, body=f"{secret} lời", **by)
    paper = Paper.objects.create(section=papers, title=f"{secret} trích yếu", url="https://a.example", folded="", **by)
    found: dict[str, dict[str, Any]] = {f"portal:{name}": {"pk": page.pk} for name in OF_SECTION}
    found |= {f"portal:paper{what}": {"pk": paper.pk} for what in ("", "-mend", "-withdraw", "-give", "-file")}
    found |= {"portal": {"pk": site.pk}, "portal:site": {"pk": site.pk}, "portal:edition": {"pk": edition.pk}}
    found |= secret_copies.make(desk, site, secret)
    found |= secret_events.make(desk, site, secret)
    return found | secret_postings.make(desk, site, secret) | secret_surveys.make(desk, site, secret)
