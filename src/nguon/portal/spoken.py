"""What of a site is read aloud, and which words of it. Tables and attached files are not read."""

import re
from datetime import date
from typing import TypeAlias
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.media.models import State as Rendering
from nguon.people.models import Person
from nguon.portal import markup, office
from nguon.portal.events import queries as events
from nguon.portal.events import words as when
from nguon.portal.models import Edition, EventWording, Paper
from nguon.review.models import State

_DATE = re.compile(r"\b\d\d/\d\d/\d{4}")
Spoken: TypeAlias = Edition | Paper | EventWording
KINDS: dict[str, type[Edition] | type[Paper] | type[EventWording]] = {
    "trang": Edition,
    "van-ban": Paper,
    "su-kien": EventWording,
}


def kind_of(row: Spoken) -> str:
    """The name of its kind in addresses."""
    return next(name for name, model in KINDS.items() if isinstance(row, model))


def public(kind: str, on: date) -> QuerySet[Spoken]:
    """What of a kind everybody may read that day; events while they are still to come."""
    if kind == "trang":
        newest = Edition.objects.filter(section=OuterRef("section"), review__state=State.APPROVED).order_by("-number")
        return Edition.objects.filter(pk=Subquery(newest.values("pk")[:1])).select_related("section__site")
    if kind == "van-ban":
        standing = Paper.objects.filter(review__state=State.APPROVED, withdrawn_at=None)
        return standing.select_related("section__site")
    approved = EventWording.objects.filter(event=OuterRef("event"), review__state=State.APPROVED).order_by("-number")
    stands = Q(event__withdrawn_at=None, event__cancelled_at=None, last__gte=on)
    found = EventWording.objects.filter(stands, pk=Subquery(approved.values("pk")[:1]))
    return found.select_related("event", "review")


def wanting(kind: str, on: date) -> QuerySet[Spoken]:
    """What is public and was not asked to be read yet."""
    return public(kind, on).filter(sound=None, unsaid="").order_by("created_at")


def outdated(kind: str, on: date) -> QuerySet[Spoken]:
    """What has a sound that is made, and is public no more. What is still being made is waited for."""
    made = KINDS[kind]._default_manager.filter(sound__state__in=(Rendering.READY, Rendering.FAILED))
    return made.exclude(pk__in=public(kind, on).values("pk"))


def under_way() -> int:
    """How many sounds of these are not made yet."""
    unfinished = Q(sound__state__in=(Rendering.QUEUED, Rendering.WORKING))
    return sum(model._default_manager.filter(unfinished).count() for model in KINDS.values())


def mine(person: Person, kind: str, pk: UUID) -> Spoken | None:
    """One of them, if the person may look at it in the office."""
    found: QuerySet[Spoken]
    if kind == "trang":
        found = Edition.objects.filter(section__in=office.sections(person, None))
    elif kind == "van-ban":
        found = office.papers(person, None)
    elif kind == "su-kien":
        found = EventWording.objects.filter(event__in=events.seen(person).values("event"))
    else:
        return None
    return found.filter(pk=pk).select_related("sound").first()


def place_of(row: Spoken) -> UUID:
    """Whose readings of names and shortened words hold for it."""
    if isinstance(row, EventWording):
        assert row.review is not None
        return row.review.place_id
    return row.section.site.place_id


def url_of(row: Spoken) -> str:
    """Its page in the office."""
    if isinstance(row, Edition):
        return reverse("portal:section", args=[row.section_id])
    if isinstance(row, EventWording):
        return reverse("portal:events:detail", args=[row.event_id])
    return reverse("portal:paper", args=[row.pk])


def words_of(row: Spoken) -> str:
    """What is said, paragraph by paragraph; empty where there is nothing but tables."""
    if isinstance(row, Edition):
        told = markup.words(row.body)
        return "\n\n".join([row.section.title, *told]) if told else ""
    if isinstance(row, EventWording):
        said = [_("Thời gian: %s") % _DATE.sub(_dated, when.when(row)), _("Địa điểm: %s") % row.where]
        contact = [_("Liên hệ: %s") % row.contact] if row.contact else []
        return "\n\n".join([row.title, *said, *markup.words(row.body), *contact])
    issued = _("Ban hành ngày %s") % f"{row.issued_on:%d/%m/%Y}" if row.issued_on else ""
    sign = _("Số, ký hiệu: %s") % row.sign if row.sign else ""
    return "\n\n".join(filter(None, (row.title, sign, row.issuer, issued)))


def _dated(found: re.Match[str]) -> str:
    """A day as one says it: `ngày 05/12/2026`."""
    return _("ngày %s") % found[0]
