"""Icons: our own drawings in `ui/icons`, put into the page so that they take its colour and cost no request."""

from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parent / "icons"


class UnknownIcon(LookupError):
    """No drawing has this name; the names are the files in `ui/icons`."""


def names() -> list[str]:
    """The names of all icons."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


@cache
def _source(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise UnknownIcon(name)
    return path.read_text().strip().removeprefix("<svg ")


def svg(name: str, label: str = "") -> SafeString:
    """The drawing as inline SVG: hidden from screen readers, or named by `label`. Raises UnknownIcon."""
    source = mark_safe(_source(name))
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}" {}', label, source)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false" {}', source)
