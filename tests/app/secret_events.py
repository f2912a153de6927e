"""An event of the commune that waits for its approver, for the walk along all addresses."""

from typing import Any

from nguon.portal.models import Event, EventWording, Site
from tests.app.desk import Desk

MODELS = (Event, EventWording)
SEEN = ("portal:events:detail",)


def make(desk: Desk, site: Site, secret: str) -> dict[str, dict[str, Any]]:
    """An event of a site that nobody approved."""
    event = Event.objects.create(slug="kin", created_at=desk.now)
    day = desk.now.date()
    said = {"title": f"{secret} sự kiện", "where": f"{secret} nơi", "first": day, "last": day}
    by = {"created_by": desk.editor, "created_at": desk.now, "digest": "x"}
    wording = EventWording.objects.create(event=event, number=1, folded="", **said, **by)
    wording.sites.add(site)
    read = {"portal:aloud": {"kind": "su-kien", "pk": wording.pk}}
    return read | {f"portal:events:{name}": {"pk": event.pk} for name in ("detail", "edit", "cancel", "withdraw")}
