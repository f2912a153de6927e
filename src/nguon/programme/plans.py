"""The tables behind the planner: whether something changed since it last compiled."""

from datetime import datetime

from django.db.models import Count, F, Max, Q, Sum

from nguon.devices.models import Device, Status
from nguon.media.models import Rendition
from nguon.newsroom.models import Bulletin
from nguon.programme.models import Planning
from nguon.review.models import Review

Sign = tuple[object, ...]


def touch(now: datetime) -> None:
    """Slots, programmes, policies or devices changed: the planner compiles within a second or two."""
    Planning.objects.update_or_create(pk=1, defaults={"touched_at": now})


def wanted() -> bool:
    """Whether something changed since the planner last compiled, or it never did."""
    state = Planning.objects.filter(pk=1)
    return not state.exists() or state.filter(Q(compiled_at=None) | Q(touched_at__gt=F("compiled_at"))).exists()


def sign() -> Sign:
    """A value that differs when anything else changed that plans are made from. A few small questions.

    Devices that came, went or moved (each counts up its settings), bulletins that were changed, approved or withdrawn,
    sounds that were made.
    """
    devices = Device.objects.filter(status=Status.ACTIVE).aggregate(a=Count("pk"), b=Sum("settings_version"))
    return (
        *devices.values(),
        Bulletin.objects.aggregate(newest=Max("updated_at"))["newest"],
        Review.objects.aggregate(newest=Max("decided_at"))["newest"],
        Rendition.objects.filter(state="ready").count(),
    )


def compiled(began: datetime) -> None:
    """Everything that changed before `began` is in the plans now."""
    Planning.objects.update_or_create(pk=1, defaults={"compiled_at": began})
