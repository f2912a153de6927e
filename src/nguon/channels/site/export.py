"""A whole site as static files: to keep, to open from a disk, to stand elsewhere.

The pages are asked for as a reader would, every link followed; then links are made relative. What needs a server
(forms, feedback) leads to the site's own address. Pages wait on the disk until it is known where their links lead.
"""

import mimetypes
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from nguon.channels.site import copied, sitemap
from nguon.channels.site.asking import Asker
from nguon.channels.site.stores import Folder, Store
from nguon.media import files, work
from nguon.portal.models import Site

MOST = 20_000  # addresses
STARTS = ("", "sitemap.xml", "robots.txt")
ALONE = ("phan-anh/", "nhan-tin-dien-thoai/")  # below a site, but nothing without its server
PLAIN = re.compile(r"[\w./-]+", re.ASCII)
ENDINGS = {"text/html": ".html"} | {kind: f".{ending}" for kind, ending in files.ENDINGS.items()}


class ExportError(Exception):
    """Why a site cannot be exported, in words."""


@dataclass
class Exported:
    """What came of it: how many pages and other files; `missing`: links that led nowhere, with the page they are on.

    `cut`: addresses that were left out, as there are more than `MOST`.
    """

    pages: int = 0
    files: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    cut: int = 0


@dataclass(frozen=True)
class Step:
    """How far it is: the address that is asked for, how many were before it, how many are known by now."""

    address: str
    done: int
    known: int


Told = Callable[[Step], None]


def into_folder(
    *, site: Site, folder: Path, now: datetime, sounds: bool = True, told: Told = lambda _step: None
) -> Exported:
    """Write all of an open site into an empty folder, made if it is not there.

    Raises ExportError if the folder holds something, or the site is not open.
    """
    check(site, now)
    if folder.exists() and any(folder.iterdir()):
        raise ExportError(_("Thư mục %(folder)s đã có tệp. Hãy chọn thư mục trống.") % {"folder": folder})
    folder.mkdir(parents=True, exist_ok=True)
    return export(site=site, store=Folder(folder), now=now, sounds=sounds, told=told)


def export(
    *, site: Site, store: Store, now: datetime, sounds: bool = True, base: str = "", told: Told = lambda _step: None
) -> Exported:
    """Write all of an open site into a store. Without `sounds`, links to them lead to the site itself.

    `base`: the address of this server as everybody reaches it, if the settings do not say. `told` is called before each
    address; what it raises ends the work. Raises ExportError if the site is not open, OSError.
    """
    check(site, now)
    with work.folder() as aside:
        crawl = _Crawl(site, store, aside, base or settings.NGUON_PUBLIC_URL, told)
        crawl.sounds = sounds
        crawl.fetch_all()
        return crawl.write_pages(now)


def check(site: Site, now: datetime) -> None:
    """Nothing, if there is something to copy. Raises ExportError."""
    if site.opened_at is None or site.opened_at > now:
        raise ExportError(_("%(name)s chưa mở cho dân nên chưa có gì để lưu.") % {"name": site.name})


class _Crawl(Asker):
    """All addresses of a site: asked for first, written as soon as it is known which others there are."""

    def __init__(self, site: Site, store: Store, aside: Path, base: str, told: Told) -> None:
        super().__init__(site, base)
        self.store, self.aside, self.told = store, aside, told
        self.sounds = True
        self.pages: dict[str, Path] = {}  # of the address: HTML or CSS whose links are still to be changed
        self.names: dict[str, str] = {}  # of the address: its name in the store
        self.moved: dict[str, str] = {}  # of an address: the one it leads to
        self.made = Exported()

    def fetch_all(self) -> None:
        """Ask for the front page, the map of the site, and whatever they lead to."""
        waiting = deque((f"{self.prefix}{start}", "") for start in STARTS)
        seen = {address for address, _page in waiting}
        cut = set()
        while waiting:
            address, page = waiting.popleft()
            self.told(Step(address, len(seen) - len(waiting) - 1, len(seen)))
            for link in self._fetch(address, page):
                if link in seen:
                    continue
                if len(seen) >= MOST:
                    cut.add(link)
                    continue
                seen.add(link)
                waiting.append((link, address))
        self.made.cut = len(cut)

    def _fetch(self, address: str, page: str) -> list[str]:
        """Ask for one address, and keep it. The addresses it leads to."""
        if address.startswith(settings.STATIC_URL):
            return self._fetch_static(address, page)
        response = self.ask(address)
        if response.status_code in (301, 302):
            return self._led(address, response.headers["Location"])
        if response.status_code != 200:
            self.made.missing.append((address, page))
            return []
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind.startswith("audio/") and not self.sounds:
            return []  # it stays with the server
        if kind == "text/html":  # what is filled in there is taken out, the words stay
            return self._all_inside(address, copied.links(self._put_aside(address, kind, b"".join(_parts(response)))))
        self.names[address] = self._name(address, kind)
        self.made.files += 1
        if not address.endswith("/sitemap.xml"):
            self.store.write(self.names[address], _parts(response))
            return []
        listed = b"".join(_parts(response))
        self.store.write(self.names[address], [listed])
        return self._all_inside(address, _listed(listed))

    def _put_aside(self, address: str, kind: str, data: bytes) -> str:
        """Keep what has links in it until all are known. Its text."""
        self.names[address] = self._name(address, kind)
        self.pages[address] = self.aside / str(len(self.pages))
        self.pages[address].write_bytes(data)
        return data.decode()

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
        data = Path(path).read_bytes()
        if path.endswith(".css"):
            return self._all_inside(address, copied.css_links(self._put_aside(address, "", data)))
        self.names[address] = self._name(address, "")
        self.store.write(self.names[address], [data])
        self.made.files += 1
        return []

    def _all_inside(self, address: str, links: Iterable[str]) -> list[str]:
        return [found for link in links if (found := self._inside(address, link))]

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
        """The name of an address in the store."""
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
        for address, path in self.pages.items():
            self.told(Step(address, len(self.pages), len(self.pages)))
            name, text = self.names[address], path.read_text()
            change = copied.Changing(partial(self._changed, address))
            style = name.endswith(".css")
            done = change.css(text) if style else change.page(text, f"{self.origin}{self.prefix}", now)
            self.store.write(name, [done.encode()])
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


def _parts(response: HttpResponseBase) -> Iterable[bytes]:
    """Its body, piece by piece. It is not closed: that would close the database as at the end of a request."""
    if isinstance(response, StreamingHttpResponse):
        return cast("Iterable[bytes]", response.streaming_content)
    return [cast("HttpResponse", response).content]


def _listed(data: bytes) -> list[str]:
    """The addresses of a map of a site."""
    return [node.text or "" for node in ElementTree.fromstring(data).iter(f"{{{sitemap.SPACE}}}loc")]


def _short(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return slug if len(slug) <= 40 else sha256(text.encode()).hexdigest()[:16]
