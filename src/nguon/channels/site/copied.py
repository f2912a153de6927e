"""Pages made fit to stand without their server: links found and changed, forms and scripts taken out. Pure."""

import re
from collections.abc import Callable
from datetime import datetime
from html import escape, unescape
from html.parser import HTMLParser
from posixpath import relpath

from django.utils.translation import gettext as _

from nguon.kit.clock import LOCAL

LINKS = ("href", "src", "srcset", "poster")  # a `srcset` here names one file, without a size
_ATTRIBUTE = re.compile(r"""(\s)(href|src|srcset|poster)=("[^"]*"|'[^']*')""")
_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
DATA = "application/ld+json"  # a script that is none


def relative(page: str, to: str) -> str:
    """From one file of a folder to another; both from the folder."""
    return relpath(to, page.rpartition("/")[0] or ".")


def links(page: str) -> list[str]:
    """What a page leads to, and what it is made of; not what its forms do."""
    found = _Links()
    found.feed(page)
    return found.links


def css_links(style: str) -> list[str]:
    """What a style sheet is made of."""
    return [link for _quote, link in _URL.findall(style)]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" or given.get("rel") == "canonical":
            return
        self.links += [given[name] or "" for name in LINKS if given.get(name)]

    handle_startendtag = handle_starttag


class Changing:
    """Rewrites pages and style sheets; `change` says where a link leads in the copy."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change

    def css(self, style: str) -> str:
        """A style sheet with its addresses changed."""
        return _URL.sub(lambda found: f'url("{self.change(found[2])}")', style)

    def page(self, text: str, root: str, now: datetime) -> str:
        """A page with its addresses changed, and a line that says of when it is. `root`: the address of the site."""
        writer = _Writer(self.change, _said(root, now), _instead(root))
        writer.feed(text)
        writer.close()
        return "".join(writer.out)


def _said(root: str, now: datetime) -> str:
    local = now.astimezone(LOCAL)
    words = _("Bản lưu lúc %(hour)s ngày %(day)s. Tin mới và cảnh báo đang có hiệu lực ở:") % {
        "hour": f"{local:%H:%M}",
        "day": f"{local.day}/{local.month}/{local.year}",
    }
    return f'<p class="note">{escape(words)} <a href="{escape(root)}">{escape(root)}</a></p>'


def _instead(root: str) -> str:
    words = _("Bản lưu này không gửi, không tìm được. Hãy làm việc đó ở:")
    return f'<p class="note">{escape(words)} <a href="{escape(root)}">{escape(root)}</a></p>'


class _Writer(HTMLParser):
    """Writes a page again as it is, but for its links, forms and scripts."""

    def __init__(self, change: Callable[[str], str], said: str, instead: str) -> None:
        super().__init__(convert_charrefs=False)
        self.change, self.said, self.instead = change, said, instead
        self.out: list[str] = []
        self.without = ""  # the tag that is left out, until it ends

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.without:
            return
        given = dict(attrs)
        if tag == "script" and given.get("type") != DATA:
            self.without = tag
        elif tag == "form":
            self._put("" if given.get("role") == "search" else self.instead)
            self.without = tag
        else:
            raw = self.get_starttag_text() or ""
            self._put(raw if given.get("rel") == "canonical" else _ATTRIBUTE.sub(self._changed, raw))
            self._put(self.said if tag == "body" else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.without:
            self._put(_ATTRIBUTE.sub(self._changed, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if self.without == tag:
            self.without = ""
        else:
            self._put(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._put(data)

    def handle_entityref(self, name: str) -> None:
        self._put(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._put(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._put(f"<!{decl}>")

    def _changed(self, found: re.Match[str]) -> str:
        return f'{found[1]}{found[2]}="{escape(self.change(unescape(found[3][1:-1])))}"'

    def _put(self, text: str) -> None:
        if not self.without:
            self.out.append(text)
