"""Questions of the office: whose sites, how each section stands, what came before. Helper of `queries`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from nguon.newsroom.rules import Run, diff, near
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Place
from nguon.portal.models import Edition, Paper, Posting, Section, SectionKind, Site
from nguon.portal.rules import Fill, due, filled
from nguon.review.models import Review, State

_OPEN = (State.SUBMITTED, State.RETURNED)


@dataclass(frozen=True)
class Row:
    """One section as its owner sees it. `review`: what waits there or came back, if it is newer than what is public."""

    section: Section
    fill: Fill
    newest: datetime | None
    due: datetime | None
    review: Review | None = None


@dataclass(frozen=True)
class Standing:
    """One site as its owner sees it."""

    site: Site
    rows: list[Row]
    newest: datetime | None = None  # when the newest bulletin went up
    empty: int = field(init=False)
    overdue: int = field(init=False)

    def __post_init__(self) -> None:
        fills = [row.fill for row in self.rows]
        object.__setattr__(self, "empty", fills.count(Fill.EMPTY))
        object.__setattr__(self, "overdue", fills.count(Fill.OVERDUE))


def seen(person: Person) -> QuerySet[Site]:
    """The sites a person may look at in the office: whoever edits them, and whoever approves what stands there."""
    where = place_ids(person, Right.SITE) | place_ids(person, Right.APPROVE)
    return Site.objects.filter(place__in=where).select_related("place", "emblem")


def sections(person: Person, right: Right | None = Right.SITE) -> QuerySet[Section]:
    """The sections a person may change; without a right, those they may look at."""
    found = Section.objects.select_related("site__place")
    return (
        found.filter(site__in=seen(person)) if right is None else found.filter(site__place__in=place_ids(person, right))
    )


def papers(person: Person, right: Right | None = Right.SITE) -> QuerySet[Paper]:
    """The papers a person may change; without a right, those they may look at."""
    found = Paper.objects.select_related("section__site__place", "review__decided_by", "file", "created_by", "sound")
    return found.filter(section__in=sections(person, right))


def takers(person: Person, paper: Paper) -> QuerySet[Site]:
    """The other sites of the person that have a section for a paper, by name."""
    fits = Section.objects.filter(site=OuterRef("pk"), key=paper.section.key, kind=SectionKind.PAPERS)
    mine = Site.objects.filter(Exists(fits), place__in=place_ids(person, Right.SITE))
    return mine.exclude(pk=paper.section.site_id).select_related("place").order_by("name")


def replaceable(site: Site, but: Paper | None) -> QuerySet[Paper]:
    """The public papers of a site that a newer one may take the place of, the newest first."""
    found = Paper.objects.filter(section__site=site, review__state=State.APPROVED, withdrawn_at=None)
    return found.exclude(pk=but.pk) if but else found


def given(section: Section) -> QuerySet[Paper]:
    """The public papers of other sites that stand in a section too."""
    found = Paper.objects.filter(sites=section.site_id, section__key=section.key)
    return found.filter(review__state=State.APPROVED, withdrawn_at=None).select_related("section__site")


def standings(sites: Iterable[Site], now: datetime) -> list[Standing]:
    """How each of these sites stands, in the same order."""
    listed = list(sites)
    if not listed:
        return []
    by_site: dict[UUID, list[Section]] = {site.pk: [] for site in listed}
    for section in Section.objects.filter(site__in=listed):
        by_site[section.site_id].append(section)
    written, posted, open_ = _written(listed), _posted(listed, now), _waiting(listed)
    made = []
    for site in listed:
        rows = [_row(one, written, posted, open_, now) for one in by_site[site.pk]]
        times = [at for (pk, _category), at in posted.items() if pk == site.pk]
        made.append(Standing(site, rows, max(times, default=None)))
    return made


def standing(site: Site, now: datetime) -> Standing:
    """How one site stands."""
    return standings([site], now)[0]


def row(section: Section, now: datetime) -> Row:
    """How one section stands."""
    return next(one for one in standing(section.site, now).rows if one.section.pk == section.pk)


def without_site(person: Person) -> QuerySet[Place]:
    """The places for which a person may make a site: those with an office of their own that have none yet."""
    own = place_ids(person, Right.PLACES)
    offices = Office.objects.filter(place__in=own).values("place")
    return Place.objects.filter(pk__in=offices, site=None).order_by("folded")


def _row(
    section: Section,
    written: dict[UUID, datetime],
    posted: dict[tuple[UUID, str], datetime],
    open_: dict[UUID, Review],
    now: datetime,
) -> Row:
    if section.kind == SectionKind.BUILT or (section.kind == SectionKind.LINK and section.target):
        return Row(section, Fill.FULL, None, None)
    if section.kind == SectionKind.NEWS:
        times = [posted[key] for one in section.categories if (key := (section.site_id, one)) in posted]
        newest = max(times, default=None)
    else:
        newest = written.get(section.pk)
    when = due(newest, section.days) if newest and section.days else None
    return Row(section, filled(newest, section.days, now), newest, when, open_.get(section.pk))


def _written(sites: list[Site]) -> dict[UUID, datetime]:
    """When the newest public word of each page and each section of papers was approved."""
    held = {"section__site__in": sites, "review__state": State.APPROVED}
    pages = Edition.objects.filter(**held).order_by().values("section").annotate(at=Max("review__decided_at"))
    files = Paper.objects.filter(withdrawn_at=None, **held).order_by().values("section")
    files = files.annotate(at=Max("review__decided_at"))
    return {row["section"]: row["at"] for row in (*pages, *files)}


def _posted(sites: list[Site], now: datetime) -> dict[tuple[UUID, str], datetime]:
    """When the newest bulletin of each category went up on each site, of those that stand there now."""
    holds = Q(bulletin__valid_to=None) | Q(bulletin__valid_to__gt=now), Q(until=None) | Q(until__gt=now)
    up = Posting.objects.filter(
        *holds, site__in=sites, withdrawn_at=None, publish_at__lte=now, bulletin__withdrawn_at=None
    )
    found = up.order_by().values("site", "bulletin__category").annotate(at=Max("publish_at"))
    return {(row["site"], row["bulletin__category"]): row["at"] for row in found}


def _waiting(sites: list[Site]) -> dict[UUID, Review]:
    """What waits for approval or came back in each section: of pages only the newest edition counts."""
    held = {"section__site__in": sites, "review__state__in": _OPEN}
    found = {
        one.section_id: one.review for one in Paper.objects.filter(withdrawn_at=None, **held).select_related("review")
    }
    last = dict(
        Edition.objects.filter(section__site__in=sites).order_by().values_list("section").annotate(Max("number"))
    )
    for edition in Edition.objects.filter(**held).select_related("review"):
        if edition.number == last[edition.section_id]:
            found[edition.section_id] = edition.review
    return {pk: review for pk, review in found.items() if review is not None}


def approved_before(edition: Edition) -> Edition | None:
    """The edition that was public before this one."""
    earlier = edition.section.editions.filter(number__lt=edition.number, review__state=State.APPROVED)
    return earlier.select_related("review__decided_by").first()


def writers(edition: Edition) -> frozenset[UUID]:
    """Everybody who had a hand in it since the last that was approved."""
    before = approved_before(edition)
    mine = edition.section.editions.filter(number__gt=before.number if before else 0, number__lte=edition.number)
    return frozenset(mine.values_list("created_by", flat=True))


def changed(before: Edition | None, after: Edition) -> list[Run]:
    """What changed between two editions, word by word; nothing if there was none before."""
    return near(diff(before.body, after.body)) if before else []


def hands(paper: Paper) -> frozenset[UUID]:
    """Everybody who wrote in a paper, each time it was handed in."""
    handed = Review.objects.filter(subject=f"portal.paper:{paper.pk.hex}").values_list("author", flat=True)
    return frozenset(handed) | {paper.created_by_id}
