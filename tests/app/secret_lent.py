"""A requisition that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.devices.models import Breach, Device, Requisition
from tests.app.desk import Desk

MODELS = (Requisition, Breach)


def make(desk: Desk, device: Device, secret: str) -> dict[str, dict[str, Any]]:
    """Of this device; its owner's page is for whoever has the link, so it gets one that was made up."""
    made = Requisition.objects.create(
        device=device,
        owner=f"{secret} chủ bảng",
        basis=f"{secret} quyết định",
        first_day=desk.now.date(),
        last_day=desk.now.date(),
        hours=[["00:00", "00:00"]],
        area=[0, 0, 100, 100],
        created_by=desk.editor,
        created_at=desk.now,
    )
    ending = {"pk": device.pk, "requisition": made.pk}
    return {"devices:requisition-end": ending, "delivery:owner": {"token": f"{made.pk.hex}:gia"}}
