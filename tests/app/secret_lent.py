"""A requisition and a photo of a screen that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.devices.models import Breach, Device, Requisition, ScreenPhoto
from nguon.kit import ids
from tests.app.desk import Desk

MODELS = (Requisition, Breach, ScreenPhoto)


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
    photo = ScreenPhoto.objects.create(
        pk=ids.new(), device=device, taken_at=desk.now, received_at=desk.now, title=f"{secret} tin", seen="none"
    )
    asking: dict[str, dict[str, Any]] = {
        "devices:photo": {"pk": device.pk, "photo": photo.pk},
        "api:photo": {"photo": photo.pk.hex},
    }
    return asking | {"devices:requisition-end": ending, "delivery:owner": {"token": f"{made.pk.hex}:gia"}}
