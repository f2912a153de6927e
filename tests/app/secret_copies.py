"""A copy and a broken link of a site that are nobody else's: for the walk along all addresses."""

from typing import Any

from django.apps import apps

from nguon.media.files import keep_bytes
from nguon.portal.models import Site
from tests.app.desk import Desk

HERE = apps.is_installed("nguon.channels.site")  # its table is the channel's
MODELS: tuple[Any, ...] = (apps.get_model("site", "Copy"), apps.get_model("site", "Broken")) if HERE else ()


def make(desk: Desk, site: Site, secret: str) -> dict[str, dict[str, Any]]:
    """A copy that is ready, and its ZIP."""
    if not HERE:
        return {}
    values = {"asked_by": desk.editor, "asked_at": desk.now, "updated_at": desk.now, "until": desk.now}
    file = keep_bytes(secret.encode(), "application/zip", desk.now, {})
    days = {"first_on": desk.now.date(), "last_on": desk.now.date(), "foreign": False}
    MODELS[1]._default_manager.create(site=site, where=secret, words=secret, address=f"/{secret}", **days)
    copy = MODELS[0]._default_manager.create(site=site, state="ready", file=file, error=secret, **values)
    found: dict[str, dict[str, Any]] = {f"site-office:copies{what}": {"pk": site.pk} for what in ("", "-progress")}
    found["site-office:broken"] = {"pk": site.pk}
    return found | {f"site-office:copy-{what}": {"pk": copy.pk} for what in ("cancel", "file")}
