"""The tables behind the planner: whether something changed since it last compiled."""

from django.db.models import Count, F, Max, Sum

from nguon.devices.models import Device, Status
from nguon.media.models import Rendition
from nguon.newsroom.models import Bulletin
from nguon.programme.models import Planning
from nguon.review.models import Review

Sign = tuple[object, ...]


def touch() -> None:
    """Slots, programmes, policies or devices changed, in the caller's transaction: the planner compiles after it."""
    Planning.objects.get_or_create(pk=1)
    Planning.objects.filter(pk=1).update(changes=F("changes") + 1)


def changes() -> int:
    """How often anything changed so far; asked before a compilation reads."""
    return Planning.objects.filter(pk=1).values_list("changes", flat=True).first() or 0


def wanted() -> bool:
    """Whether something changed since the planner last compiled, or it never did."""
    return not Planning.objects.filter(pk=1, compiled=F("changes")).exists()


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


def compiled(seen: int) -> None:
    """So many changes are in the plans now."""
    Planning.objects.update_or_create(pk=1, defaults={"compiled": seen})
