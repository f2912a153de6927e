"""The verbs of sections: add one's own, change, move, take away. Those that a law asks for stay, and in the menu."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.newsroom.models import Category
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal import rules
from nguon.portal.errors import PortalError
from nguon.portal.models import Section, SectionKind, Site

OWN = (SectionKind.PAGE, SectionKind.PAPERS, SectionKind.NEWS, SectionKind.LINK)  # those one may add


@dataclass(frozen=True)
class Wish:
    """How a section shall be. `days`: how old its newest word may be, 0 for ever; `target`: where a link leads."""

    title: str
    hint: str = ""
    categories: Sequence[str] = field(default_factory=tuple)
    target: str = ""
    days: int = 0
    shown: bool = True


@transaction.atomic
def add(*, site: Site, kind: str, wish: Wish, actor: Person, now: datetime) -> Section:
    """Another section, at the end. Raises Forbidden, PortalError."""
    found = _held(site, actor, now)
    if kind not in OWN:
        raise PortalError(_("Không thêm được loại mục này."))
    kept = _checked(kind, wish)
    last = found.sections.order_by("-number").values_list("number", flat=True).first() or 0
    section = Section.objects.create(site=found, key=_key(found, kept["title"]), kind=kind, number=last + 10, **kept)
    _record("portal.section-add", section, actor, now, after={"kind": kind, "title": section.title})
    return section


@transaction.atomic
def change(*, section: Section, wish: Wish, actor: Person, now: datetime) -> Section:
    """Another title, link or rhythm. Raises Forbidden, PortalError: what a law asks for is not hidden."""
    _held(section.site, actor, now)
    found = Section.objects.select_for_update().get(pk=section.pk)
    kept = _checked(found.kind, wish)
    if found.basis and not kept["shown"]:
        raise PortalError(_("Mục này pháp luật yêu cầu phải có nên không ẩn được."))
    before = {name: getattr(found, name) for name in kept}
    changed = [name for name in kept if kept[name] != before[name]]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, kept[name])
    found.save(update_fields=changed)
    told = [{name: words[name] for name in changed} for words in (before, kept)]
    _record("portal.section-change", found, actor, now, before=told[0], after=told[1])
    return found


@transaction.atomic
def move(*, section: Section, up: bool, actor: Person, now: datetime) -> None:
    """One place up or down in the menu; at the end of the row nothing changes. Raises Forbidden."""
    site = _held(section.site, actor, now)
    row = list(site.sections.select_for_update().order_by("number", "pk"))
    at = next(index for index, one in enumerate(row) if one.pk == section.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(row):
        return
    row[at], row[to] = row[to], row[at]
    for number, one in enumerate(row, start=1):
        one.number = 10 * number
    Section.objects.bulk_update(row, ["number"])
    _record("portal.section-move", section, actor, now, before={"place": at + 1}, after={"place": to + 1})


@transaction.atomic
def remove(*, section: Section, actor: Person, now: datetime) -> None:
    """Take away one's own section while nothing was written in it. Raises Forbidden, PortalError."""
    _held(section.site, actor, now)
    found = Section.objects.select_for_update().get(pk=section.pk)
    if found.basis or found.kind == SectionKind.BUILT:
        raise PortalError(_("Mục này có sẵn trong mọi trang nên không bỏ được."))
    if found.editions.exists() or found.papers.exists():
        raise PortalError(_("Mục này đã có nội dung nên không bỏ được. Hãy ẩn mục đi: nội dung vẫn được giữ."))
    _record("portal.section-remove", found, actor, now, before={"kind": found.kind, "title": found.title})
    found.delete()


def _checked(kind: str, wish: Wish) -> dict[str, Any]:
    kept: dict[str, Any] = asdict(wish)
    kept |= {name: clean(kept[name]) for name in ("title", "hint", "target")}
    kept["categories"] = [one for one in Category.values if one in wish.categories] if kind == SectionKind.NEWS else []
    if not kept["title"]:
        raise PortalError(_("Hãy đặt tên cho mục."))
    if kind == SectionKind.NEWS and not kept["categories"]:
        raise PortalError(_("Hãy chọn ít nhất một lĩnh vực tin cho mục này."))
    if kind != SectionKind.LINK:
        kept["target"] = ""
    elif not rules.is_address(kept["target"]):
        raise PortalError(_("Hãy ghi địa chỉ mà mục dẫn tới, bắt đầu bằng https:// hoặc http://."))
    return kept


def _key(site: Site, title: str) -> str:
    """A path below the site that is free there."""
    stem, taken = rules.slug_of(title, 50) or "muc", set(site.sections.values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 3) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)


def _held(site: Site, actor: Person, now: datetime) -> Site:
    found = Site.objects.select_for_update().get(pk=site.pk)
    scope.require(actor, Right.SITE, found.place_id, on=local_day(now))
    return found


def _record(verb: str, section: Section, actor: Person, now: datetime, **said: dict[str, Any]) -> None:
    subject, place = f"portal.section:{section.pk.hex}", section.site.place_id
    record(actor=actor, verb=verb, subject=subject, now=now, place=place, **said)
