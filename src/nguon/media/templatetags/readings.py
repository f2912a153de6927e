"""Tags of what is said beside what was written. Written out here, as a blank between two pieces would be read."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.media.readings import words
from nguon.media.readings.beside import Change, Row
from nguon.ui import drawing

register = template.Library()
BUTTON = mark_safe(' role="button" aria-haspopup="dialog"')
DOUBTFUL = mark_safe(" data-doubtful")


@register.simple_tag
def written_half(row: Row, editable: bool = False) -> SafeString:
    """`{% written_half row %}`: a sentence as written, its changes marked; what is not said can be stopped at."""
    return format_html_join(
        "",
        "{}",
        (
            (
                piece.text
                if piece.change is None
                else _half(piece.change, piece.text)
                if piece.change.said
                else _stop(piece.change, piece.text, editable),
            )
            for piece in row.written
        ),
    )


@register.simple_tag
def said_half(row: Row, editable: bool = False) -> SafeString:
    """`{% said_half row %}`: the sentence as said; every change is a stop, in the editor a button."""
    return format_html_join(
        "",
        "{}",
        ((piece.text if piece.change is None else _stop(piece.change, piece.text, editable),) for piece in row.said),
    )


def _half(change: Change, text: str) -> SafeString:
    return format_html('<span class="{}" data-change="{}">{}</span>', _classes(change), change.number, text)


def _stop(change: Change, text: str, editable: bool) -> SafeString:
    """A change with all a script needs to correct it, and in words for who does not see the marks."""
    why = capfirst(str(words.why(change.rule)))
    return format_html(
        '<span class="{}" data-change="{}" data-stop tabindex="-1"{} data-written="{}" data-said="{}" '
        'data-ordinal="{}" data-why="{}" title="{}"{}>{}<span class="sr-only"> ({})</span></span>{}',
        _classes(change),
        change.number,
        BUTTON if editable else "",
        change.written,
        change.said,
        change.ordinal,
        why,
        why,
        DOUBTFUL if change.doubtful else "",
        text,
        _told(change),
        _doubt() if change.doubtful else "",
    )


def _classes(change: Change) -> str:
    found = ["change"]
    found += ["change-doubtful"] if change.doubtful else []
    found += ["change-own"] if change.own else []
    found += [] if change.said else ["change-unsaid"]
    return " ".join(found)


def _told(change: Change) -> str:
    parts = [_("viết: %s") % change.written if change.said else _("không đọc")]
    parts += [_("chưa chắc")] if change.doubtful else []
    parts += [_("cách đọc riêng")] if change.own else []
    return ", ".join(parts)


def _doubt() -> SafeString:
    """The mark of doubt: shape, colour and words. A screen reader has it in the stop already."""
    drawn = drawing.svg("shape-warn")
    return format_html('<span class="doubt" aria-hidden="true">{}{}</span>', drawn, _("chưa chắc"))
