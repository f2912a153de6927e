"""The verbs of sites: make, describe, give an address, open and close. A new site has all its sections at once.

An actor is a person, who needs the right there, or the name of a command on the server.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http.request import validate_host
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.media.models import File
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.portal import queries, rules, seeds
from nguon.portal.errors import PortalError
from nguon.portal.models import Colour, Section, Site
from nguon.portal.serving import own_names

Actor = Person | str


@dataclass(frozen=True)
class About:
    """What a site says of itself. `hours`: a line each."""

    name: str
    lead: str = ""
    colour: str = Colour.BLUE
    owner: str = ""
    responsible: str = ""
    licence: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""


@transaction.atomic
def create_site(*, place: Place, slug: str, name: str, actor: Actor, now: datetime) -> Site:
    """A new site, not yet open, with every section. Raises Forbidden, PortalError (it has one; the path is taken)."""
    _require(actor, Right.PLACES, place, now)
    if Site.objects.filter(place=place).exists():
        raise PortalError(_("Đơn vị này đã có trang. Mỗi đơn vị chỉ có một trang."))
    slug = _free_slug(slug)
    site = Site.objects.create(place=place, slug=slug, name=_named(name), created_at=now, updated_at=now)
    Section.objects.bulk_create(Section(site=site, **row) for row in seeds.rows())
    _record("portal.create", site, actor, now, after={"name": site.name, "slug": slug})
    return site


@transaction.atomic
def describe(*, site: Site, about: About, actor: Actor, now: datetime) -> Site:
    """Say who runs it and how it looks. Raises Forbidden, PortalError if an open site would lack what it must say."""
    found = _held(site, Right.SITE, actor, now)
    said = {name: clean(value) for name, value in asdict(about).items()}
    said["name"] = _named(said["name"])
    if said["colour"] not in Colour.values:
        raise PortalError(_("Không có màu này. Hãy chọn một màu trong danh sách."))
    if found.opened_at is not None:
        _complete(said)
    before = {name: getattr(found, name) for name in said}
    changed = [name for name in said if said[name] != before[name]]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, said[name])
    _saved(found, now, *changed)
    told = [{name: words[name] for name in changed} for words in (before, said)]
    _record("portal.describe", found, actor, now, before=told[0], after=told[1])
    return found


@transaction.atomic
def set_emblem(*, site: Site, file: File | None, actor: Actor, now: datetime) -> Site:
    """Another emblem, as a kept picture; None: none. Raises Forbidden."""
    found = _held(site, Right.SITE, actor, now)
    before, found.emblem = found.emblem_id, file
    _saved(found, now, "emblem")
    after = {"emblem": file.pk if file else ""}
    _record("portal.emblem", found, actor, now, before={"emblem": before or ""}, after=after)
    return found


@transaction.atomic
def set_address(*, site: Site, slug: str, host: str, actor: Actor, now: datetime, asked: str = "") -> Site:
    """Another path and name of its own (empty: none). `asked`: the host by which the server is asked for this.

    Raises Forbidden, PortalError if taken, no name, the server's own name, or one that the server does not answer to.
    """
    found = _held(site, Right.PLACES, actor, now)
    slug, host = _free_slug(slug, besides=found), clean(host).lower().rstrip(".")
    if host and not rules.is_host(host):
        raise PortalError(_("“%s” không phải là tên miền. Viết như phuocthuan.vn, không có http:// hay dấu /.") % host)
    if host in own_names(asked):  # officers would find the site in place of their pages
        raise PortalError(_("Đây là tên của chính máy chủ này: cán bộ sẽ không vào làm việc được nữa."))
    if host and not validate_host(host, settings.ALLOWED_HOSTS):
        raise PortalError(
            _("Máy chủ chưa nhận tên miền “%s”. Hãy nhờ người quản trị máy chủ thêm tên này, rồi đổi lại.") % host
        )
    if host and Site.objects.filter(host=host).exclude(pk=found.pk).exists():
        raise PortalError(_("Tên miền “%s” đã dùng cho trang khác.") % host)
    before = {"slug": found.slug, "host": found.host}
    found.slug, found.host = slug, host
    _saved(found, now, "slug", "host")
    _record("portal.address", found, actor, now, before=before, after={"slug": slug, "host": host})
    return found


@transaction.atomic
def open_site(*, site: Site, actor: Actor, now: datetime) -> Site:
    """Show it to everybody from now on. Raises Forbidden, PortalError with what is missing."""
    found = _held(site, Right.SITE, actor, now)
    if found.opened_at is not None:
        return found
    _complete({name: getattr(found, name) for name in rules.NEEDED})
    found.opened_at, found.closed_at, found.successor = now, None, None
    _saved(found, now, "opened_at", "closed_at", "successor")
    _record("portal.open", found, actor, now, after={"name": found.name})
    return found


@transaction.atomic
def close_site(*, site: Site, successor: Site | None = None, actor: Actor, now: datetime) -> Site:
    """Show it no more; its addresses lead on to the `successor`. Of one that is closed only the successor changes.

    Nothing on it is lost. Raises Forbidden, PortalError if it was never open, or if that one is not open.
    """
    found = _held(site, Right.SITE, actor, now)
    if found.opened_at is None and found.closed_at is None:
        raise PortalError(_("Trang này chưa từng mở cho dân nên không có gì để đóng."))
    if successor is not None and (successor == found or not queries.is_open(successor, now)):
        raise PortalError(_("Trang thay thế phải là một trang khác đang mở cho dân."))
    before = {"opened_at": found.opened_at.isoformat() if found.opened_at else "", "successor": _name(found.successor)}
    verb = "portal.lead-on" if found.opened_at is None else "portal.close"
    found.opened_at, found.closed_at, found.successor = None, found.closed_at or now, successor
    _saved(found, now, "opened_at", "closed_at", "successor")
    _record(verb, found, actor, now, before=before, after={"name": found.name, "successor": _name(successor)})
    return found


def _name(site: Site | None) -> str:
    return site.name if site else ""


def _complete(said: dict[str, str]) -> None:
    missing = rules.lacking(said)
    if missing:
        raise PortalError(_("Trang mở cho dân cần ghi thêm: %s.") % ", ".join(_(words) for words in missing))


def _free_slug(slug: str, besides: Site | None = None) -> str:
    slug = clean(slug).lower()
    if not rules.is_slug(slug):
        raise PortalError(_("Đường dẫn chỉ gồm chữ thường không dấu, số và gạch nối, như phuoc-thuan."))
    holder = Site.objects.filter(slug=slug).first()
    if holder is not None and holder != besides:
        raise PortalError(_("Đường dẫn “%s” đã dùng cho trang khác.") % slug)
    return slug


def _named(name: str) -> str:
    name = clean(name)
    if not name:
        raise PortalError(_("Hãy đặt tên cho trang."))
    return name


def _held(site: Site, right: Right, actor: Actor, now: datetime) -> Site:
    found = Site.objects.select_for_update().get(pk=site.pk)
    _require(actor, right, found.place, now)
    return found


def _require(actor: Actor, right: Right, place: Place, now: datetime) -> None:
    if isinstance(actor, Person):
        scope.require(actor, right, place.pk, on=local_day(now))


def _saved(site: Site, now: datetime, *fields: str) -> None:
    site.updated_at = now
    site.save(update_fields=[*fields, "updated_at"])


def _record(verb: str, site: Site, actor: Actor, now: datetime, **said: dict[str, Any]) -> None:
    record(actor=actor, verb=verb, subject=f"portal.site:{site.pk.hex}", now=now, place=site.place_id, **said)
