"""Tags of the newsroom's pages."""

from datetime import timedelta

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from nguon.newsroom import rules
from nguon.newsroom.models import Version
from nguon.newsroom.words import LANGUAGES, RATES, STATES, STEPS
from nguon.ui.templatetags.ui import badge, duration

register = template.Library()


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """`{% state_badge bulletin.state %}`: the state of a bulletin with its shape."""
    words, kind = STATES[state]
    return badge(words, kind)


@register.filter
def step(state: str) -> str:
    """The step a bulletin in this state stands on, for `{% steps %}`; empty when it stands on none."""
    return STEPS.get(rules.State(state), "")


@register.filter
def language(code: str) -> Promise | str:
    """The name of a language."""
    return dict(LANGUAGES).get(code, code)


@register.filter
def pace(rate: int) -> Promise | str:
    """The words for a pace; a pace of before is told in syllables a minute."""
    return dict(RATES).get(rate, str(rate))


@register.filter
def estimate(version: Version) -> int:
    """About how long a version takes to say, in milliseconds."""
    return round(rules.length(version.body, version.rate or rules.DEFAULT_RATE).total_seconds() * 1000)


@register.filter
def opening(text: str | None) -> str:
    """The first sentences of a wording, enough to hear a voice by."""
    return rules.opening(text or "")


@register.filter
def seconds_said(seconds: float) -> str:
    """`{{ aloud.seconds|seconds_said }}`: "1 phút 20 giây"."""
    return duration(round(seconds) * 1000)


@register.filter
def long_to_hear(ms: int | None) -> bool:
    """Whether so many milliseconds are too many for one listening."""
    return ms is not None and rules.too_long(timedelta(milliseconds=ms))
