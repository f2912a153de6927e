"""Plain text with a few light marks, as officers write it, to safe HTML.

Known: paragraphs, `#` headings, lists, **bold**, *italic*, quotes, lines, tables, links to http(s), mailto and tel.
Anything else, HTML above all, stays the letters it is. A page has its own first heading, so `#` begins at the second.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MOST = 60_000  # characters of one page
_ALLOWED = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
_OFF = ("image", "html_block", "html_inline", "code", "fence", "backticks", "lheading", "reference", "entity")


class _Marks(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return bool(_ALLOWED.fullmatch(url))


def _lower(tokens: Sequence[Token]) -> None:
    """Headings begin at the second, end at the fourth; the heads of a table say what they head."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, int(token.tag[1]) + 1)}"
        elif token.type in ("th_open", "td_open"):
            token.attrs.pop("style", None)  # a style in the page is refused by the policy of pages
            if token.type == "th_open":
                token.attrSet("scope", "col")


def _table_open(_self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    return '<div class="scroll-x">' + RendererHTML().renderToken(tokens, index, options, {})


def _table_close(_self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    return RendererHTML().renderToken(tokens, index, options, {}).rstrip() + "</div>\n"


def _made() -> MarkdownIt:
    made = _Marks("commonmark", {"html": False, "breaks": True}).enable("table").disable(list(_OFF))
    made.core.ruler.push("lower", lambda state: _lower(state.tokens))
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    return made


_MARKS = _made()


def words(text: str) -> list[str]:
    """The words without the marks, one for each paragraph, heading and item; what stands in tables is left out."""
    found, tables = list[str](), 0
    for token in _MARKS.parse(text[:MOST]):
        tables += (token.type == "table_open") - (token.type == "table_close")
        if token.type == "inline" and not tables:
            found.append("".join("\n" if one.type == "softbreak" else one.content for one in token.children or ()))
    return [one for one in found if one.strip()]


def html(text: str) -> SafeString:
    """The text as HTML: only the elements above, every letter of the writer escaped."""
    return mark_safe(str(_MARKS.render(text[:MOST])))  # the renderer escapes; HTML of the writer is off
