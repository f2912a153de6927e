"""A survey of the commune that waits for its approver, for the walk along all addresses."""

from datetime import timedelta
from typing import Any

from nguon.portal.models import Sheet, Site, Survey
from tests.app.desk import Desk

MODELS = (Survey, Sheet)


def make(desk: Desk, site: Site, secret: str) -> dict[str, dict[str, Any]]:
    """A survey of a site that nobody approved, and a sheet that somebody filled in."""
    survey = Survey.objects.create(
        site=site,
        slug="kin",
        title=f"{secret} phiếu",
        questions=[{"text": f"{secret} câu", "kind": "words", "choices": [], "must": False}],
        opens_at=desk.now - timedelta(days=1),
        closes_at=desk.now + timedelta(days=1),
        digest="x",
        created_by=desk.editor,
        created_at=desk.now,
    )
    sheet = Sheet.objects.create(survey=survey, answers={"0": [f"{secret} ý"]}, mark="x", at=desk.now)
    of_survey = ("detail", "edit", "withdraw", "conclude", "file", "table")
    found: dict[str, dict[str, Any]] = {f"portal:surveys:{name}": {"pk": survey.pk} for name in of_survey}
    return found | {"portal:surveys:hide": {"pk": sheet.pk}}
