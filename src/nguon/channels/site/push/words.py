"""What a telephone shows: a title, two or three lines, where a touch leads. Of what is public on the site, no more."""

from typing import TypedDict

from django.conf import settings
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.alerts.public import Warned
from nguon.channels.site import reading
from nguon.kit import clock
from nguon.portal.models import Posting

TITLE, LINES = 120, 400  # characters


class Payload(TypedDict):
    """What the page's worker takes (`worker.js`). `to`: below the site; `tag`: what it replaces on the screen."""

    title: str
    body: str
    to: str
    tag: str
    stays: bool  # until somebody touches it


def warning(one: Warned, topic: str) -> Payload:
    """That a warning is in force, what it says, and until when. Of a drill that it is one, in both parts."""
    headline = _("Diễn tập: %(headline)s") % {"headline": one.headline} if one.it.drill else one.headline
    lines = [_("Đây là diễn tập, không có nguy hiểm thật.")] if one.it.drill else []
    lines.append(" · ".join(part for part in (one.issuer, one.level) if part))
    lines.append(truncatechars(one.paragraphs[0] if one.paragraphs else "", 240))
    local = one.until.astimezone(clock.LOCAL)
    lines.append(
        _("Hiệu lực đến %(hour)s ngày %(day)s.") % {"hour": f"{local:%H:%M}", "day": f"{local.day}/{local.month}"}
    )
    return _payload(headline, lines, _at("warned:in-force") + f"#tin-{one.it.pk.hex}", topic, stays=True)


def ended(one: Warned, topic: str) -> Payload:
    """That a warning is over, in the place of the warning."""
    said = _("Diễn tập đã kết thúc: %(headline)s") if one.it.drill else _("Đã hết: %(headline)s")
    lines = [_("%(issuer)s: tin này %(why)s.") % {"issuer": one.issuer, "why": one.ended}]
    return _payload(said % {"headline": one.headline}, lines, _at("warned:in-force"), topic, stays=False)


def news(posting: Posting, topic: str) -> Payload:
    """That an article stands on the site."""
    lines = [posting.site.name, truncatechars(reading.opening(posting.version), 240)]
    return _payload(posting.version.title, lines, _at("site:article", posting.slug), topic, stays=False)


def _payload(title: str, lines: list[str], to: str, tag: str, *, stays: bool) -> Payload:
    body = truncatechars("\n".join(line for line in lines if line), LINES)
    return Payload(title=truncatechars(title, TITLE), body=body, to=to, tag=tag, stays=stays)


def _at(view: str, *args: str) -> str:
    """The address of a page below its site, without a slash in front."""
    return reverse(view, args=args, urlconf=settings.NGUON_PUBLIC_URLCONF).removeprefix("/")
