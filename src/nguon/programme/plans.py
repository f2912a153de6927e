"""The tables behind the planner: whether something changed since it last compiled."""

from datetime import datetime

from django.db.models import F, Q

from nguon.programme.models import Planning


def touch(now: datetime) -> None:
    """Slots, programmes, policies or devices changed: the planner compiles within a second or two."""
    Planning.objects.update_or_create(pk=1, defaults={"touched_at": now})


def wanted() -> bool:
    """Whether something changed since the planner last compiled, or it never did."""
    state = Planning.objects.filter(pk=1)
    return not state.exists() or state.filter(Q(compiled_at=None) | Q(touched_at__gt=F("compiled_at"))).exists()


def compiled(began: datetime) -> None:
    """Everything that changed before `began` is in the plans now."""
    Planning.objects.update_or_create(pk=1, defaults={"compiled_at": began})
