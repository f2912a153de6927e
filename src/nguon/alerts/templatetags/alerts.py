"""Words of alerts in templates."""

from collections.abc import Iterable
from datetime import timedelta

from django import template
from django.utils.formats import localize
from django.utils.translation import gettext as _

from nguon.alerts.scores import Score
from nguon.devices import channels

register = template.Library()


@register.filter
def seconds(value: float) -> str:
    """`0,4 giây`."""
    return _("%s giây") % localize(round(value, 1))


@register.filter
def hours(value: timedelta) -> str:
    """`6 giờ từ lúc phát`."""
    return _("%d giờ từ lúc phát") % round(value.total_seconds() / 3600)


@register.filter
def of_kinds(others: Iterable[tuple[str, int]]) -> str:
    """`3 bảng tin`: devices of other kinds, counted, as officers call them."""
    return ", ".join(f"{number} {channels.label(kind).lower()}" for kind, number in others)


@register.filter
def kind_label(kind: str) -> str:
    """How officers call a device of this kind, in the middle of a sentence."""
    return channels.label(kind).lower()


@register.filter
def shares(score: Score) -> list[tuple[str, int, str]]:
    """The bar of a scorecard: sounded, received only, nothing heard."""
    words = (_("đã lên tiếng"), _("đã nhận, chưa lên tiếng"), _("chưa nhận"))
    return [(kind, count, said) for (kind, count), said in zip(score.shares, words, strict=True)]
