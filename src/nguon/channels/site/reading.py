"""What the pages of a site are made of: articles as they are listed and read, sections, papers. Only what is public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear
from django.urls import NoReverseMatch, reverse

from nguon.kit.text import clean, fold, paragraphs
from nguon.newsroom.models import Picture, Version
from nguon.portal import queries
from nguon.portal.models import Edition, Paper, PaperKind, Posting, Section, SectionKind, Site
from nguon.portal.skins import way_to
from nguon.review.models import State as ReviewState
from nguon.ui.skin import Way

OPENING = 180  # letters of an article in a list
RELATED = 4
BUILT = {  # sections that the system itself fills, and their addresses
    "phan-anh": ("told:start", "told:new"),
    "lich-phat-thanh": ("site:timetable",),
    "nghe-lai": ("site:listen",),
    "ban-do": ("site:map",),
    "khao-sat": ("site:surveys",),
    "su-kien": ("site:events",),
}


@dataclass(frozen=True)
class Item:
    """An article in a list. `picture`: its first, None without one."""

    posting: Posting
    opening: str
    picture: Picture | None

    @property
    def title(self) -> str:
        """Its headline."""
        return self.posting.version.title


@dataclass(frozen=True)
class Group:
    """A section of news with its newest articles."""

    section: Section
    items: tuple[Item, ...]


def items(postings: Iterable[Posting]) -> tuple[Item, ...]:
    """The articles of these postings, with their first pictures: two queries."""
    found = list(postings)
    first: dict[UUID, Picture] = {}
    for one in Picture.objects.filter(version__in=[posting.version_id for posting in found]).order_by("-number"):
        first[one.version_id] = one
    return tuple(Item(one, opening(one.version), first.get(one.version_id)) for one in found)


def opening(version: Version) -> str:
    """The first words of an article, `OPENING` letters at most, without what only repeats its title."""
    title = fold(version.title)
    text = [part for part in paragraphs(version.body) if not part.isupper() and fold(part) != title]
    words = " ".join(text) or version.title
    return words if len(words) <= OPENING else f"{words[: OPENING + 1].rpartition(' ')[0] or words[:OPENING]}…"


def groups(site: Site, now: datetime, besides: Iterable[Item], each: int = 4) -> tuple[Group, ...]:
    """The sections of news with their newest, in the order of the menu, `besides` what stands there already."""
    shown = {one.posting.pk for one in besides}
    up = [one for one in queries.up(site, now).order_by("-publish_at")[:300] if one.pk not in shown]
    found = []
    for section in site.sections.filter(kind=SectionKind.NEWS, shown=True):
        mine = [one for one in up if one.bulletin.category in section.categories]
        if mine:
            found.append(Group(section, items(mine[:each])))
    return tuple(found)


def of_section(section: Section, now: datetime) -> QuerySet[Posting]:
    """What stands in a section of news, the newest first."""
    return queries.up(section.site, now).filter(bulletin__category__in=section.categories)


def related(posting: Posting, now: datetime) -> tuple[Item, ...]:
    """Newer articles of the same field, and of the site where there are too few."""
    up = queries.up(posting.site, now).exclude(pk=posting.pk).order_by("-publish_at")
    same = list(up.filter(bulletin__category=posting.bulletin.category)[:RELATED])
    return items(same or up[:RELATED])


def section_of(posting: Posting) -> Section | None:
    """The first section of news in which an article stands."""
    shown = posting.site.sections.filter(kind=SectionKind.NEWS, shown=True)
    return next((one for one in shown if posting.bulletin.category in one.categories), None)


def edition(section: Section) -> Edition | None:
    """The wording of a page that is public: the newest approved."""
    found = section.editions.filter(review__state=ReviewState.APPROVED).select_related("sound__file")
    return found.order_by("-number").first()


def pages(site: Site) -> dict[UUID, str]:
    """The words of all pages of a site that are public, by section: one query."""
    approved = Edition.objects.filter(section=OuterRef("section"), review__state=ReviewState.APPROVED)
    newest = approved.order_by("-number").values("pk")[:1]
    found = Edition.objects.filter(section__site=site, section__kind=SectionKind.PAGE, pk=Subquery(newest))
    return dict(found.values_list("section_id", "body"))


def papers(site: Site) -> QuerySet[Paper]:
    """The papers that are public on a site, its own and those given to it, the newest first.

    `newer` of each: those there that take its place.
    """
    given = Paper.sites.through.objects.filter(site=site).values("paper")
    here = Q(section__site=site) | Q(pk__in=given)
    found = Paper.objects.filter(here, review__state=ReviewState.APPROVED, withdrawn_at=None)
    return found.select_related("section", "file", "sound__file").prefetch_related(
        Prefetch("replaced_by", found, to_attr="newer")
    )


@dataclass(frozen=True)
class Filter:
    """Which papers of a section are asked for. `words` as typed; `year` 0: of any; `kind` of `PaperKind`."""

    words: str = ""
    year: int = 0
    issuer: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.year or self.issuer or self.kind)


def filtered(found: QuerySet[Paper], by: Filter) -> QuerySet[Paper]:
    """Those that have every word, of that year, issuer and kind."""
    for word in fold(clean(by.words)).split():
        found = found.filter(folded__contains=word)
    exact = {"issued_on__year": by.year, "issuer": by.issuer, "kind": by.kind}
    return found.filter(**{name: value for name, value in exact.items() if value})


def years(found: QuerySet[Paper]) -> list[int]:
    """The years of papers, the newest first."""
    dated = found.filter(issued_on__isnull=False).annotate(year=ExtractYear("issued_on")).order_by("-year")
    return list(dated.values_list("year", flat=True).distinct())


def issuers(found: QuerySet[Paper]) -> list[str]:
    """Who issued papers, by name."""
    return list(found.exclude(issuer="").order_by("issuer").values_list("issuer", flat=True).distinct())


def kinds(found: QuerySet[Paper]) -> list[tuple[str, str]]:
    """Of which kinds papers are, with their words."""
    there = set(found.order_by().values_list("kind", flat=True).distinct())
    return [(value, str(label)) for value, label in PaperKind.choices if value in there]


def built(section: Section) -> str:
    """The address of a section that the system fills; empty if there is none yet."""
    for name in BUILT.get(section.key, ()):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def chapters(site: Site) -> tuple[Way, ...]:
    """Everything of a site that has something in it."""
    return tuple(Way(one.title, way_to(one), one.key) for one in queries.filled(site))
