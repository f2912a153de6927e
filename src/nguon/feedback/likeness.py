"""Cases that may be the same thing: near, lately, in similar words. Each with why; nothing is decided."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from nguon.feedback.models import Case, Field
from nguon.feedback.rules import AT_WORK, State
from nguon.kit import clock
from nguon.kit.text import clean, fold

LATELY = timedelta(days=60)
READ = 400  # cases that are compared
SHOWN = 5
EARTH = 6_371_000.0  # metres
SAME_WORDS = 82.0  # of 100: enough where nothing says how near it is
SIMILAR = 55.0  # enough within the radius of its field
USUAL_RADIUS = 150


@dataclass(frozen=True)
class Alike:
    """A case that may be the same, and why."""

    case: Case
    why: str
    score: float = 0.0


def alike(
    words: str,
    place_id: UUID,
    latitude: float | None,
    longitude: float | None,
    field: Field | None,
    *,
    now: datetime | None = None,
    but: UUID | None = None,
    among: QuerySet[Case] | None = None,
) -> list[Alike]:
    """Open and lately answered cases that may be the same as what is being told, the likeliest first.

    `but`: a case that is not compared, for it is the one that is asked about. `among`: only these are compared.
    """
    since = (now or clock.now()) - LATELY
    alive = Q(state__in=[*AT_WORK, State.ANSWERED, State.CLOSED])
    found = (Case.objects.all() if among is None else among).filter(
        alive, received_at__gte=since, held="", duplicate_of=None
    )
    point = _point(latitude, longitude)
    if but is not None:
        found = found.exclude(pk=but)
    near = Q(place=place_id)
    if point:
        reach = max(field.radius_m if field else USUAL_RADIUS, USUAL_RADIUS) / 111_000 * 1.5
        near |= Q(
            latitude__range=(point[0] - reach, point[0] + reach), longitude__range=(point[1] - reach, point[1] + reach)
        )
    folded = _plain(words)
    compared = [_compared(case, folded, point, field) for case in found.filter(near).select_related("field")[:READ]]
    return sorted((one for one in compared if one), key=lambda one: -one.score)[:SHOWN]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two points (latitude, longitude in degrees) are apart on the ground."""
    north, south = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def similar(one: str, other: str) -> float:
    """How alike two folded texts are, 0–100, whatever the order of their words. A short one is not found in all."""
    if not one or not other:
        return 0.0
    shorter, longer = sorted((len(one), len(other)))
    both: float = fuzz.token_set_ratio(one, other)
    whole: float = fuzz.token_sort_ratio(one, other)
    return whole if shorter * 3 < longer else (both + whole) / 2


def _compared(case: Case, folded: str, point: tuple[float, float] | None, field: Field | None) -> Alike | None:
    words = similar(folded, _plain(case.words))
    there, about = _point(case.latitude, case.longitude), field or case.field
    far = metres(point, there) if there and point else None
    radius = about.radius_m if about else USUAL_RADIUS
    if far is not None and far > radius:
        return None
    same_field = field is not None and case.field_id == field.pk
    if far is not None and (same_field or words >= SIMILAR):
        why = _("Cách đó khoảng %(metres)d m.") % {"metres": round(far)}
        if words >= SIMILAR:
            why = _("Cách đó khoảng %(metres)d m, lời kể gần giống.") % {"metres": round(far)}
        return Alike(case, why, words + 50 * (1 - far / max(radius, 1)) + 20 * same_field)
    if words >= SAME_WORDS:
        return Alike(case, _("Cùng địa bàn, lời kể gần giống."), words)
    return None


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return (latitude, longitude) if latitude is not None and longitude is not None else None


def _plain(words: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(clean(words))).split())
