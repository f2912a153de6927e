"""What an officer wrote, checked, and all that whoever signs it agrees to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from nguon.alerts.errors import AlertError, Unsaid
from nguon.alerts.models import Alert
from nguon.alerts.queries import targets_of
from nguon.alerts.rules import State
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group
from nguon.kit.text import clean
from nguon.places.models import Place

LONGEST = 1_200  # characters of a text: nobody keeps more in mind
LASTS = (timedelta(minutes=10), timedelta(days=3))


@dataclass(frozen=True)
class Draft:
    """What an officer wrote. `area`: a polygon that was drawn, as (latitude, longitude)."""

    hazard: str
    kind: str
    headline: str
    text: str
    targets: Targets
    lasts: timedelta
    level: int | None = None
    drill: bool = False
    source: str = ""
    area: tuple[tuple[float, float], ...] = ()
    staged: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


def fields_of(draft: Draft) -> dict[str, Any]:
    """The fields of an alert. Raises Unsaid, AlertError."""
    headline, text = " ".join(clean(draft.headline).split()), clean(draft.text).strip()
    if not headline or not text:
        raise Unsaid(_("Tin cảnh báo cần có tiêu đề và nội dung."))
    if len(text) > LONGEST:
        raise Unsaid(_("Nội dung dài quá %(most)d chữ cái, bà con không nhớ hết. Hãy rút gọn.") % {"most": LONGEST})
    if not LASTS[0] <= draft.lasts <= LASTS[1]:
        raise Unsaid(_("Thời gian hiệu lực phải từ 10 phút đến 3 ngày."))
    if not draft.targets:
        raise AlertError(_("Hãy chọn nơi nhận."))
    return {
        "hazard": draft.hazard,
        "kind": draft.kind,
        "level": draft.level,
        "drill": draft.drill,
        "headline": headline[:300],
        "text": text,
        "source": " ".join(clean(draft.source).split())[:300],
        "staged": draft.staged,
        "facts": dict(draft.facts),
        "area": [list(corner) for corner in draft.area] or None,
        "lasts": draft.lasts,
    }


def target(alert: Alert, targets: Targets) -> None:
    """Write down where it goes."""
    alert.places.set(Place.objects.filter(pk__in=targets.places))
    alert.groups.set(Group.objects.filter(pk__in=targets.groups))
    alert.devices.set(Device.objects.filter(pk__in=targets.devices))


def content(alert: Alert) -> dict[str, Any]:
    """All that a signer agrees to: nothing in it may change without asking them again."""
    targets = targets_of(alert)
    return {
        "place": alert.place_id.hex,
        "follows": alert.follows_id.hex if alert.follows_id else "",
        "hazard": alert.hazard,
        "kind": alert.kind,
        "level": alert.level,
        "drill": alert.drill,
        "headline": alert.headline,
        "text": alert.text,
        "sound": alert.sound_id.hex if alert.sound_id else "",
        "places": sorted(pk.hex for pk in targets.places),
        "groups": sorted(pk.hex for pk in targets.groups),
        "devices": sorted(pk.hex for pk in targets.devices),
        "staged": alert.staged,
        "lasts": alert.lasts.total_seconds(),
        "prepared": [ready.text for ready in alert.followers.filter(prepared=True, state=State.WAITING)],
    }
