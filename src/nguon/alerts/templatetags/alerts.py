"""Words of alerts in templates."""

from datetime import timedelta

from django import template
from django.utils.formats import localize
from django.utils.translation import gettext as _

from nguon.alerts.scores import Score

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
def shares(score: Score) -> list[tuple[str, int, str]]:
    """The bar of a scorecard: sounded, received only, nothing heard."""
    words = (_("đã lên tiếng"), _("đã nhận, chưa lên tiếng"), _("chưa nhận"))
    return [(kind, count, said) for (kind, count), said in zip(score.shares, words, strict=True)]
