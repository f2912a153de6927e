"""Something secret of a commune about an alert, for whoever walks the walls."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from nguon.alerts.models import Alert, Duty, Reached, Silence, Telling
from nguon.devices.models import Device
from tests.app.desk import Desk

MODELS = (Alert, Duty, Silence, Telling, Reached)
OPEN = {"alerts:compose", "alerts:preview"}  # a danger is no secret: whoever may warn somewhere sees its form
OPEN |= {  # for every program, and refused as that contract says
    f"open311:{name}" for name in ("discovery", "services", "definition", "requests", "request", "token")
}
FOR_ALL = {"warned:in-force"}  # what went out is for everybody
NO_BANNER = "tests.app.secret_alert.none"  # and stands above every page for them, which the walk does not look for


def none(place: UUID | None) -> tuple[()]:
    """No warning above any page."""
    del place
    return ()


def make(desk: Desk, device: Device, secret: str) -> dict[str, dict[str, Any]]:
    """A live alert of the commune for the hamlet beside, a silent cluster, somebody on duty, and who was told."""
    alert = Alert.objects.create(
        place=desk.here,
        hazard="lu",
        kind="warning",
        headline=f"{secret} cảnh báo",
        text=f"{secret} lời",
        digest="d",
        state="live",
        lasts=timedelta(hours=1),
        created_by=desk.editor,
        created_at=desk.now,
        live_at=desk.now,
        expires_at=desk.now + timedelta(hours=1),
    )
    alert.places.set([desk.two])
    duty = Duty.objects.create(place=desk.two, name=f"{secret} trực", phone="0900000199")
    silence = Silence.objects.create(alert=alert, device=device, place=desk.two, at=desk.now)
    telling = Telling.objects.create(
        alert=alert, place=desk.two, duty=duty, name=f"{secret} trực", way="log", created_at=desk.now
    )
    telling.silences.set([silence])
    Reached.objects.create(alert=alert, place=desk.two, person=desk.editor, at=desk.now, note=secret)
    of_duty = {f"duty:{what}": {"pk": duty.pk} for what in ("edit", "remove")}
    of_alert = {"pk": alert.pk, "place": desk.two.pk}
    return {"alerts": {"pk": alert.pk, "hazard": "lu"}, "duty": of_alert, **of_duty}
