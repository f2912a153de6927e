"""Template tags of the interface, loaded in every template. Shown with a snippet each in docs/ui.md."""

from collections.abc import Iterable
from datetime import date, datetime
from zlib import crc32

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nguon.kit import clock
from nguon.ui import drawing, words

register = template.Library()

KINDS = ("ok", "busy", "wait", "warn", "bad", "off", "info")
NOTE_ICONS = {"info": "info", "good": "ok", "warn": "warning", "bad": "error"}
NOTE_OF_LEVEL = {"success": "good", "warning": "warn", "error": "bad"}
STEPS = ("draft", "hear", "review", "approved", "played")


class WrongKind(ValueError):
    """A badge or note was asked for in a kind that does not exist."""


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "play" %}`: an inline drawing, hidden from screen readers unless it has a label."""
    return drawing.svg(name, label)


@register.simple_tag
def badge(state: object, kind: str = "off") -> SafeString:
    """`{% badge "Đang phát" "busy" %}`: words, shape and colour of a state; the shape differs by kind."""
    if kind not in KINDS:
        raise WrongKind(kind)
    return format_html('<span class="badge badge-{}">{}{}</span>', kind, drawing.svg(f"shape-{kind}"), state)


@register.simple_block_tag
def note(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% note "warn" "Tiêu đề" %}…{% endnote %}`: a message in the page; kinds info, good, warn, bad."""
    if kind not in NOTE_ICONS:
        raise WrongKind(kind)
    heading = format_html('<p class="note-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="note note-{}">{}<div>{}{}</div></div>',
        kind,
        drawing.svg(NOTE_ICONS[kind]),
        heading,
        mark_safe(content),
    )


@register.filter
def note_kind(level_tag: str) -> str:
    """The kind of note for the level of a Django message."""
    return NOTE_OF_LEVEL.get(level_tag, "info")


@register.simple_tag
def when(value: date | datetime | None, with_time: bool = True) -> SafeString | str:
    """`{% when dt %}`: "08:15 hôm nay", "08:15 20/11/2026", with the full form as title. Empty for None."""
    if value is None:
        return ""
    said = words.when(value, clock.now(), with_time=with_time)
    return _time(value, said)


@register.simple_tag
def ago(value: datetime | None) -> SafeString | str:
    """`{% ago dt %}`: "5 phút trước", "còn 2 giờ". Empty for None."""
    return "" if value is None else _time(value, words.ago(value, clock.now()))


@register.simple_tag
def duration(ms: int | None) -> str:
    """`{% duration rendition.ms %}`: "1 phút 20 giây" from milliseconds. Empty for None."""
    return "" if ms is None else words.duration(ms)


@register.simple_tag
def size(count: int | None) -> str:
    """`{% size file.size %}`: "1,4 MB" from bytes. Empty for None."""
    return "" if count is None else words.size(count)


@register.simple_tag
def field(bound: BoundField, hint: str = "", rows: int | None = None, label: str = "") -> SafeString:
    """`{% field form.title %}`: label, help, control and errors, tied together for screen readers."""
    hint = hint or str(bound.help_text)
    widget = bound.field.widget
    is_set = isinstance(widget, (CheckboxSelectMultiple, RadioSelect))
    described = [f"{bound.auto_id}-hint"] if hint else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if rows is not None:
        attrs["rows"] = str(rows)
    kind = "set" if is_set else "check" if isinstance(widget, CheckboxInput) else "plain"
    found = {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "described": " ".join(described) if is_set else "",
        "hint": hint,
        "label": label or bound.label,
        "kind": kind,
    }
    return render_to_string("ui/parts/field.html", found)


@register.inclusion_tag("ui/parts/errors.html")
def errors(form: object) -> dict[str, object]:
    """`{% errors form %}`: a summary above a refused form, with a link to each wrong field."""
    return {"form": form}


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, object]:
    """`{% empty "Chưa có bản tin" "Soạn bản tin đầu tiên." url "Soạn bản tin" %}`: what to do when a list is empty."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[object]) -> dict[str, object]:
    """`{% pager page %}`: earlier and later pages of a Paginator page; keeps the other words of the address."""
    request = context.get("request")
    return {"page": page, "query": request.GET if request is not None else QueryDict()}


@register.simple_tag
def tab(url: str, label: str, active: bool = False, count: int | None = None) -> SafeString:
    """`{% tab url "Chờ duyệt" active=True count=3 %}`: one entry inside `<nav class="tabs">`."""
    here = mark_safe(' aria-current="page"') if active else ""
    number = "" if count is None else format_html(' <span class="count">{}</span>', count)
    return format_html('<a href="{}"{}>{}{}</a>', url, here, label, number)


@register.inclusion_tag("ui/parts/steps.html")
def steps(now: str, failed: str = "") -> dict[str, object]:
    """`{% steps "review" %}`: how far a bulletin is, of STEPS; `failed` names a set-back."""
    labels = (_("Soạn"), _("Nghe thử"), _("Chờ duyệt"), _("Đã duyệt"), _("Đã phát"))
    at = STEPS.index(now)
    all_done = now == STEPS[-1]
    rows = [
        {"label": failed if failed and n == at else label, "state": _step_state(n, at, bool(failed), all_done)}
        for n, label in enumerate(labels)
    ]
    return {"rows": rows}


@register.inclusion_tag("ui/parts/player.html")
def player(url: str, title: str = "", ms: int | None = None, lazy: bool = False) -> dict[str, object]:
    """`{% player url "Bản nghe thử" rendition.ms %}`: a sound with its waveform, if its address has one (`…/song`).

    The waveform is asked for when the player comes into sight; the sound before only if its length `ms` is not known,
    and with `lazy` never.
    """
    return {"url": url, "title": title, "ms": ms, "ahead": ms is None and not lazy, "peaks": _waveform(url)}


def _waveform(url: str) -> str:
    """Where the waveform of a sound is: its address with `/song`, where this server has such an address."""
    try:
        resolve(f"{url}/song")
    except Resolver404:
        return ""
    return f"{url}/song"


@register.inclusion_tag("ui/parts/recorder.html")
def recorder(target: str) -> dict[str, object]:
    """`{% recorder "#id_sound" %}`: record with the microphone into the file input that the selector names."""
    return {"target": target, "minutes": settings.NGUON_MAX_AUDIO_MINUTES}


@register.inclusion_tag("ui/parts/given.html")
def given() -> dict[str, object]:
    """`{% given %}`: what stands under a file of sound before it is sent; the frame of every page has it."""
    return {"max_upload": settings.NGUON_MAX_UPLOAD_MB}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    url: str,
    label: str,
    title: str,
    *,
    kind: str = "primary",
    icon: str = "",
    yes: str = "",
    large: bool = False,
    key: str = "",
) -> SafeString:
    """`{% confirm url "Dừng phát" "Dừng ngay?" kind="danger" %}…{% endconfirm %}`: one tap, one confirm.

    The content (words, fields) stands inside a POST form. `yes` is the word on the last button, else `label`;
    `key` tells apart two that have the same address and label on one page.
    """
    name = key or f"confirm-{crc32(f'{url} {label}'.encode()):08x}"
    found = {
        "content": mark_safe(content),
        "url": url,
        "label": label,
        "title": title,
        "kind": kind,
        "icon": icon,
        "yes": yes or label,
        "large": large,
        "name": name,
        "csrf_token": context.get("csrf_token"),
    }
    return render_to_string("ui/parts/confirm.html", found)


@register.simple_tag
def shares(rows: Iterable[tuple[str, int, str]]) -> SafeString:
    """`{% shares rows %}`: one bar cut by (kind, count, words), for instance the targets of a broadcast."""
    counted = [(kind, count, said) for kind, count, said in rows if count > 0]
    total = sum(count for _kind, count, _said in counted)
    pieces, at = [], 0.0
    for kind, count, _said in counted:
        width = 100 * count / total
        pieces.append({"kind": kind, "x": f"{at:.3f}", "width": f"{width:.3f}"})
        at += width
    return render_to_string("ui/parts/shares.html", {"rows": counted, "pieces": pieces, "total": total})


def _time(value: date | datetime, said: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), words.full(value), said)


def _step_state(index: int, at: int, failed: bool, all_done: bool) -> str:
    if index < at or all_done:
        return "done"
    if index == at:
        return "failed" if failed else "now"
    return "later"
