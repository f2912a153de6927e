"""A copy of a whole site that nobody else may fetch: for the walk along all addresses."""

from typing import Any

from django.apps import apps

from nguon.media.files import keep_bytes
from nguon.portal.models import Site
from tests.app.desk import Desk

HERE = apps.is_installed("nguon.channels.site")  # its table is the channel's
MODELS = (apps.get_model("site", "Copy"),) if HERE else ()


def make(desk: Desk, site: Site, secret: str) -> dict[str, dict[str, Any]]:
    """A copy that is ready, and its ZIP."""
    if not HERE:
        return {}
    values = {"asked_by": desk.editor, "asked_at": desk.now, "updated_at": desk.now, "until": desk.now}
    file = keep_bytes(secret.encode(), "application/zip", desk.now, {})
    copy = MODELS[0]._default_manager.create(site=site, state="ready", file=file, error=secret, **values)
    found: dict[str, dict[str, Any]] = {f"site-office:copies{what}": {"pk": site.pk} for what in ("", "-progress")}
    return found | {f"site-office:copy-{what}": {"pk": copy.pk} for what in ("cancel", "file")}
