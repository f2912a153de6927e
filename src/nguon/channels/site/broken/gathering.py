"""Which links stand on a site: in its pages, its articles, its papers, its menu. Only what everybody sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser

from django.urls import reverse

from nguon.channels.site import approved, reading
from nguon.portal import markup, queries
from nguon.portal.models import SectionKind, Site

WEB = ("http://", "https://", "/")


@dataclass(frozen=True)
class Link:
    """One link: what it stands in, where that is mended, its words, where it leads."""

    source: str
    where: str
    mend: str
    words: str
    address: str


def links(site: Site, now: datetime) -> list[Link]:
    """Every link of a site that leads to a page of the web, each once in what it stands in."""
    every = (*_pages(site), *_articles(site, now), *_papers(site), *_menu(site))
    found = {(one.source, one.address): one for one in every if one.address.startswith(WEB)}
    return list(found.values())


def _pages(site: Site) -> Iterator[Link]:
    bodies = reading.pages(site)
    for section in site.sections.filter(pk__in=bodies):
        mend = reverse("portal:section", args=[section.pk])
        for address, words in anchors(markup.html(bodies[section.pk])):
            yield Link(f"page:{section.pk.hex}", section.title, mend, words, address)


def _articles(site: Site, now: datetime) -> Iterator[Link]:
    for posting in queries.up(site, now):
        try:
            link = approved.of(posting).link
        except LookupError:  # the article itself is not there: its receipt says so
            continue
        if link is not None:
            mend = reverse("newsroom:detail", args=[posting.bulletin_id])
            yield Link(f"article:{posting.pk.hex}", posting.version.title, mend, link.label or link.url, link.url)


def _papers(site: Site) -> Iterator[Link]:
    for paper in reading.papers(site).exclude(url=""):
        mend = reverse("portal:paper", args=[paper.pk])
        yield Link(f"paper:{paper.pk.hex}", paper.title, mend, paper.sign or paper.title, paper.url)


def _menu(site: Site) -> Iterator[Link]:
    for section in site.sections.filter(kind=SectionKind.LINK, shown=True).exclude(target=""):
        mend = reverse("portal:section", args=[section.pk])
        yield Link(f"menu:{section.pk.hex}", section.title, mend, section.title, section.target)


def anchors(page: str) -> list[tuple[str, str]]:
    """(address, words) of the links of a page."""
    reader = _Anchors()
    reader.feed(page)
    return reader.found


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address, self._words = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address, self._words = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address:
            self.found.append((self._address, self._words.strip()))
            self._address = ""
