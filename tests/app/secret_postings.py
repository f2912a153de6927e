"""A bulletin on the site of a commune that its neighbour may neither read nor take down: for the walk of all pages."""

from typing import Any

from nguon.newsroom.models import Version
from nguon.portal.models import Posting, Site
from tests.app.desk import Desk


def make(desk: Desk, where: Site, secret: str) -> dict[str, dict[str, Any]]:
    """It stands on a site that is not open yet: what is open is for everybody. As a row: the channel may be off."""
    bulletin = desk.approved()
    Version.objects.filter(bulletin=bulletin).update(title=f"{secret} tin", body=f"{secret} nội dung")
    version = Version.objects.filter(bulletin=bulletin).latest("number")
    assert version.review is not None
    kept = {
        "bulletin": bulletin,
        "version": version,
        "review": version.review,
        "slug": "kin",
        "created_by": desk.editor,
    }
    made = Posting.objects.create(site=where, publish_at=desk.now, created_at=desk.now, **kept)
    found: dict[str, dict[str, Any]] = {f"portal:post{what}": {"pk": bulletin.pk} for what in ("", "ings")}
    return found | {"portal:posting-act": {"pk": made.pk, "do": "go"}}
