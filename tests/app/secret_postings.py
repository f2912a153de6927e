"""A bulletin on the site of a commune that its neighbour may neither read nor take down: for the walk of all pages."""

from typing import Any

from nguon.newsroom.models import Bulletin
from nguon.portal.models import Posting, Stood
from tests.app.desk import Desk
from tests.app.postings import site, up

MODELS = (Posting, Stood)


def make(desk: Desk, bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """It is not open yet: what is open is for everybody."""
    where = site(desk.here, "kin-bung", desk.now, name=f"{secret} trang", opened_at=None)
    made = up(desk, where, bulletin)
    return {"posting": {"pk": bulletin.pk}, "posting:act": {"pk": made.pk, "do": "go"}}
