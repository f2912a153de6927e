"""Tags of the archive's pages."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nguon.archive import rules
from nguon.archive.models import Batch, Item, Recording
from nguon.archive.rules import Run
from nguon.archive.words import BATCHES, ITEMS
from nguon.ui.templatetags.ui import badge

register = template.Library()


@register.simple_tag
def batch_badge(batch: Batch) -> SafeString:
    """`{% batch_badge batch %}`: the state of an import with its shape."""
    return badge(Batch.State(batch.state).label, BATCHES[batch.state])


@register.simple_tag
def item_badge(item: Item) -> SafeString:
    """`{% item_badge item %}`: what became of a file, with its shape."""
    return badge(Item.State(item.state).label, ITEMS.get(item.state, "off"))


@register.filter
def when_made(recording: Recording) -> str:
    """The day, month, year or period in which it was made; empty if nobody knows."""
    return rules.period(recording.recorded_on, recording.recorded_until)


@register.filter
def marked(runs: list[Run]) -> SafeString:
    """A text with what was searched for marked."""
    return format_html_join("", "{}", ((_run(run),) for run in runs))


@register.filter
def searched(text: str, asked: str) -> SafeString:
    """A text with the words of a search marked; none without a search."""
    return marked(rules.marked(text, rules.asked(asked or "").words))


def _run(run: Run) -> SafeString | str:
    return format_html("<mark>{}</mark>", run.text) if run.hit else run.text


@register.filter
def percent(share: float) -> int:
    """A share of 1 as whole percents."""
    return round(100 * share)


@register.filter
def clock_ms(ms: int) -> str:
    """A place in a sound: `12:05`, `1:02:05`."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
