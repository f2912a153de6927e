"""Text pasted from Word or a web page, made plain. Pure; ordinary text passes through unchanged.

Regular expressions rather than a parser: each runs in time linear in the text, also on a megabyte of broken tags, and
what comes out is only ever treated as text.
"""

import html
import re

_LOOKS_LIKE = re.compile(
    r"</?(?:p|div|span|br|table|t[drh]|tbody|ul|ol|li|h[1-6]|b|i|u|em|strong|font|a|html|body|head|meta|style|script|"
    r"o:p|section|article|img|center|blockquote|pre|iframe|object|svg)(?:\s[^<>]*)?/?>|<!--|<!doctype|"
    r"&(?:nbsp|amp|lt|gt|quot|[aeiouy](?:grave|acute|circ|tilde)|#\d+|#x[\da-f]+);",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|"
    r"<(head|style|script|title|noscript|template|svg|iframe|object)(?:\s[^<>]*)?>.*?(?:</\1\s*>|\Z)|<[!?][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?([a-z][\w:-]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "section", "article", "blockquote", "pre", "center"}
    | {f"h{n}" for n in range(1, 7)}
)
_CELLS = frozenset({"td", "th"})


def is_markup(text: str) -> bool:
    """Whether the text carries HTML. A lone `<` as in `dưới < 10 độ` does not count."""
    return bool(_LOOKS_LIKE.search(text))


def plain(text: str) -> str:
    """The words of HTML, one block a line; anything that is no HTML comes back as it was."""
    if not is_markup(text):
        return text
    shown = _SILENT.sub("", text)
    if any(tag[1].lower() in _BLOCKS for tag in _TAG.finditer(shown)):
        shown = shown.replace("\n", " ")  # there the lines are those of the tags
    bare = html.unescape(_TAG.sub(_mark, shown))
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in bare.split("\n"))
    return "\n".join(line for line in lines if line)


def _mark(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return "\n" if name in _BLOCKS else " " if name in _CELLS else ""
