"""A whole site as static files: to keep, to open from a disk, to stand elsewhere.

The pages are asked for as a reader would, every link followed; then links are made relative. What needs a server
(forms, feedback) leads to the site's own address.
"""

import io
import mimetypes
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_urlconf, set_urlconf
from django.utils.translation import gettext as _

from nguon.channels.site import copied, sitemap
from nguon.media import files
from nguon.portal.middleware import PATH
from nguon.portal.models import Site

MOST = 20_000  # addresses
STARTS = ("", "sitemap.xml", "robots.txt")
ALONE = ("phan-anh/",)  # below a site, but nothing without its server
PLAIN = re.compile(r"[\w./-]+", re.ASCII)
ENDINGS = {"text/html": ".html"} | {kind: f".{ending}" for kind, ending in files.ENDINGS.items()}


class ExportError(Exception):
    """Why a site cannot be exported, in words."""


@dataclass
class Exported:
    """What came of it: how many pages and other files; `missing`: links that led nowhere, with the page they are on."""

    pages: int = 0
    files: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)


def export(*, site: Site, folder: Path, now: datetime, told: Callable[[str], None] | None = None) -> Exported:
    """Write all of an open site into an empty folder, made if it is not there. `told` is called with each address.

    Raises ExportError if the folder holds something, or the site is not open.
    """
    if site.opened_at is None or site.opened_at > now:
        raise ExportError(_("%(name)s chưa mở cho dân nên chưa có gì để lưu.") % {"name": site.name})
    if folder.exists() and any(folder.iterdir()):
        raise ExportError(_("Thư mục %(folder)s đã có tệp. Hãy chọn thư mục trống.") % {"folder": folder})
    folder.mkdir(parents=True, exist_ok=True)
    crawl = _Crawl(site, folder, told or (lambda _address: None))
    urlconf = get_urlconf()
    try:
        crawl.fetch_all()
    finally:
        set_urlconf(urlconf)  # asking for pages turned to the addresses of the site
    return crawl.write_pages(now)


class _Crawl:
    """All addresses of a site: asked for first, written as soon as it is known which others there are."""

    def __init__(self, site: Site, folder: Path, told: Callable[[str], None]) -> None:
        public = urlsplit(settings.NGUON_PUBLIC_URL)
        self.prefix = "/" if site.host else f"{PATH}{site.slug}/"
        self.host = site.host or public.netloc or "localhost"
        self.scheme = public.scheme or "http"
        self.folder, self.told = folder, told
        self.handler = WSGIHandler()
        self.pages: dict[str, str] = {}  # of the address: HTML or CSS whose links are still to be changed
        self.names: dict[str, str] = {}  # of the address: where it is in the folder
        self.moved: dict[str, str] = {}  # of an address: the one it leads to
        self.made = Exported()

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    def fetch_all(self) -> None:
        """Ask for the front page, the map of the site, and whatever they lead to."""
        waiting = deque((f"{self.prefix}{start}", "") for start in STARTS)
        seen = {address for address, _page in waiting}
        while waiting:
            address, page = waiting.popleft()
            for link in self._fetch(address, page):
                if link not in seen and len(seen) < MOST:
                    seen.add(link)
                    waiting.append((link, address))

    def _fetch(self, address: str, page: str) -> list[str]:
        """Ask for one address, and keep it. The addresses it leads to."""
        self.told(address)
        if address.startswith(settings.STATIC_URL):
            return self._fetch_static(address, page)
        response = self._ask(address)
        if response.status_code in (301, 302):
            return self._led(address, response.headers["Location"])
        if response.status_code != 200:
            self.made.missing.append((address, page))
            return []
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if "no-store" in response.headers.get("Cache-Control", ""):
            return []  # one person's: it stays with the server
        self.names[address] = self._name(address, kind)
        body = _bytes(response)
        if kind == "text/html":
            self.pages[address] = body.decode()
            return self._all_inside(address, copied.links(self.pages[address]))
        self._write(self.names[address], body)
        self.made.files += 1
        return self._all_inside(address, _listed(body)) if address.endswith("/sitemap.xml") else []

    def _led(self, address: str, to: str) -> list[str]:
        """An address that only leads to another; to one outside, links go there by themselves."""
        found = self._inside(address, to)
        if found:
            self.moved[address] = found
        return [found] if found else []

    def _fetch_static(self, address: str, page: str) -> list[str]:
        """One of the program's own files: style sheets, pictures."""
        path = finders.find(unquote(address.partition("?")[0]).removeprefix(settings.STATIC_URL))
        if not isinstance(path, str):
            self.made.missing.append((address, page))
            return []
        self.names[address] = self._name(address, "")
        data = Path(path).read_bytes()
        if path.endswith(".css"):
            self.pages[address] = data.decode()
            return self._all_inside(address, copied.css_links(self.pages[address]))
        self._write(self.names[address], data)
        self.made.files += 1
        return []

    def _all_inside(self, address: str, links: Iterable[str]) -> list[str]:
        return [found for link in links if (found := self._inside(address, link))]

    def _ask(self, address: str) -> HttpResponseBase:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.host.partition(":")[0],
            "SERVER_PORT": "443" if self.scheme == "https" else "80",
            "HTTP_HOST": self.host,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": self.scheme,
            "HTTP_X_FORWARDED_PROTO": self.scheme,
        }
        return self.handler.get_response(WSGIRequest(environ))

    def _inside(self, page: str, link: str) -> str:
        """The address of a link as it is asked for, if it belongs to the copy; else nothing."""
        whole = urldefrag(urljoin(f"{self.origin}{page}", link)).url
        if not whole.startswith(f"{self.origin}/"):
            return ""
        address = whole.removeprefix(self.origin)
        if address.startswith(settings.STATIC_URL):
            return address
        rest = address.removeprefix(self.prefix)
        return "" if rest == address or rest.startswith(ALONE) else address

    def _name(self, address: str, kind: str) -> str:
        """Where an address is in the folder."""
        path, _, query = address.partition("?")
        name = path.removeprefix(self.prefix) if not path.startswith(settings.STATIC_URL) else path.removeprefix("/")
        if not name or name.endswith("/"):
            name += "index.html"
        elif not PurePosixPath(name).suffix:
            name += ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""  # servers of files go by it
        if query:
            pure = PurePosixPath(name)
            name = str(pure.with_name(f"{pure.stem}--{_short(query)}{pure.suffix}"))
        return name if PLAIN.fullmatch(name) and ".." not in name.split("/") else f"khac/{_short(name)}.html"

    def write_pages(self, now: datetime) -> Exported:
        """Write what has links in it, now that it is known where each leads."""
        for address, text in self.pages.items():
            name = self.names[address]
            change = copied.Changing(partial(self._changed, address))
            style = name.endswith(".css")
            done = change.css(text) if style else change.page(text, f"{self.origin}{self.prefix}", now)
            self._write(name, done.encode())
            self.made.files += style
            self.made.pages += not style
        return self.made

    def _changed(self, page: str, link: str) -> str:
        """A link as it stands in the copy: to a file beside it, else to the whole address."""
        if link.startswith("#") or urlsplit(link).scheme not in ("", "http", "https"):
            return link
        whole, mark = urldefrag(urljoin(f"{self.origin}{page}", link))
        address = self._inside(page, link)
        name = self.names.get(self.moved.get(address, address))
        if name is None:
            return f"{whole}#{mark}" if mark else whole
        near = copied.relative(self.names[page], name)
        return f"{near}#{mark}" if mark else near

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _bytes(response: HttpResponseBase) -> bytes:
    """Its body. It is not closed: that would close the database as at the end of a request."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(cast("Iterable[bytes]", response.streaming_content))
    return cast("HttpResponse", response).content


def _listed(data: bytes) -> list[str]:
    """The addresses of a map of a site."""
    return [node.text or "" for node in ElementTree.fromstring(data).iter(f"{{{sitemap.SPACE}}}loc")]


def _short(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return slug if len(slug) <= 40 else sha256(text.encode()).hexdigest()[:16]
