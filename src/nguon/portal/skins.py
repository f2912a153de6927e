"""The skin of a site, and of the pages for the public that belong to none."""

from functools import partial
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.kit.clock import now, today
from nguon.kit.plugs import load
from nguon.kit.words import gettext_noop
from nguon.places import queries as places
from nguon.portal import rules
from nguon.portal.models import Section, SectionKind, Site
from nguon.portal.serving import office_name, pushes, served
from nguon.ui.skin import Caution, Skin, Way

HOSTS, HOSTS_SECONDS = "portal.hosts", 5
PUSH = "site:push"
WAYS = (  # at the foot of every page of a site
    (gettext_noop("Liên hệ"), "site:contact"),
    (gettext_noop("Sơ đồ trang"), "site:contents"),
    (gettext_noop("Nhận tin trên điện thoại này"), PUSH),
    (gettext_noop("Nhận tin tự động"), "site:feeds"),
    (gettext_noop("Trợ năng"), "site:accessibility"),
)


def by_slug(slug: str) -> Site | None:
    """The open site of a path; nonsense is not asked for."""
    return _open().filter(slug=slug).first() if rules.is_slug(slug) else None


def by_host(host: str) -> Site | None:
    """The open site of a name; none by the name of the server itself, whatever a site says.

    Every request of the server passes here, those of devices too: which names there are is remembered for a moment.
    """
    return _open().filter(host=host).first() if host in _names() and host != office_name() else None


def _names() -> frozenset[str]:
    names: frozenset[str] | None = cache.get(HOSTS)
    if names is None:
        names = frozenset(Site.objects.exclude(host="").values_list("host", flat=True))
        cache.set(HOSTS, names, HOSTS_SECONDS)
    return names


def closed(*, slug: str = "", host: str = "") -> Site | None:
    """The site of a path or of a name that was open once and is not now."""
    known = host in _names() and host != office_name() if host else rules.is_slug(slug)
    if not known or not served():
        return None
    where = {"host": host} if host else {"slug": slug}
    found = Site.objects.filter(opened_at=None, closed_at__isnull=False, **where)
    return found.select_related("place", "successor").first()


def nearest(place: UUID) -> Site | None:
    """The open site of a place, or of the nearest above it that has one."""
    above = [one.pk for one in reversed(places.above(place, today()))]
    found = {site.place_id: site for site in _open().filter(place__in=above)}
    return next((found[pk] for pk in above if pk in found), None)


def address_in(place: UUID, path: str) -> str:
    """The address of a page below the open site of a place, or of the nearest above it that has one; else empty."""
    site = nearest(place)
    return below(site, path) if site else ""


def below(site: Site, path: str) -> str:
    """The address of a path below a site, from anywhere on this server."""
    return f"//{site.host}/{path}" if site.host else f"/trang/{site.slug}/{path}"


def _open() -> QuerySet[Site]:
    if not served():
        return Site.objects.none()
    return Site.objects.filter(opened_at__lte=now()).select_related("place", "emblem")


def of_site(site: Site, request: HttpRequest) -> Skin:
    """What stands around the pages of a site."""
    front = reverse("site:front", urlconf=settings.NGUON_PUBLIC_URLCONF)
    return Skin(
        name=site.name,
        front=front,
        root=(f"{_scheme(request)}://{request.get_host()}" if site.host else base(request)) + front.rstrip("/"),
        place=site.place_id,
        site=site.pk,
        lead=site.lead,
        colour=site.colour,
        menu=menu(site),
        foot=_foot(site),
        warnings=partial(_warnings, site.place_id),
        emblem=_at("site:picture", site.emblem_id) if site.emblem_id else "",
        ways=tuple(Way(_(label), _at(name)) for label, name in WAYS if name != PUSH or pushes()),
        search=_at("site:search"),
        push=_at(PUSH) if pushes() else "",
    )


def _at(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments, urlconf=settings.NGUON_PUBLIC_URLCONF)


def common(request: HttpRequest) -> Skin:
    """What stands around the pages for the public of the whole installation."""
    roots = places.roots(today())
    name = capfirst(str(roots[0])) if len(roots) == 1 else _("Hệ thống thông tin nguồn")
    front = settings.NGUON_PUBLIC_PATHS[0]  # "/" is the office's, where everybody else is asked to sign in
    return Skin(name=name, front=front, root=base(request), warnings=partial(_warnings, None))


def of_closed(site: Site, request: HttpRequest) -> Skin:
    """What stands around the one page of a site that is closed: its name, and where everybody may begin."""
    front = f"{base(request)}{settings.NGUON_PUBLIC_PATHS[0]}"
    return Skin(
        site.name, front, base(request), site.place_id, colour=site.colour, warnings=partial(_warnings, site.place_id)
    )


def menu(site: Site) -> tuple[Way, ...]:
    """The sections that stand in the menu of a site: those with something in them."""
    from nguon.portal import queries  # beside: it asks for the skin's own site

    shown = queries.filled(site)
    return tuple(Way(one.title, way_to(one), one.key) for one in shown)


def way_to(section: Section) -> str:
    """The address of a section."""
    if section.kind == SectionKind.LINK:
        return section.target
    return reverse("site:section", args=[section.key], urlconf=settings.NGUON_PUBLIC_URLCONF)


def base(request: HttpRequest) -> str:
    """The address of this server as everybody reaches it, without a slash at the end."""
    return settings.NGUON_PUBLIC_URL.rstrip("/") or f"{_scheme(request)}://{request.get_host()}"


def _scheme(request: HttpRequest) -> str:
    return "https" if request.is_secure() else "http"


def _foot(site: Site) -> tuple[Way, ...]:
    said = (
        (_("Cơ quan chủ quản: %s"), site.owner, ""),
        (_("Chịu trách nhiệm: %s"), site.responsible, ""),
        (_("Giấy phép: %s"), site.licence, ""),
        (_("Địa chỉ: %s"), site.address, ""),
        (_("Điện thoại: %s"), site.phone, f"tel:{site.dialled}" if site.dialled else ""),
        (_("Thư điện tử: %s"), site.email, f"mailto:{site.email}"),
    )
    return tuple(Way(words % value, url) for words, value, url in said if value)


def _warnings(place: UUID | None) -> tuple[Caution, ...]:
    """What is in force there, from whoever knows it: warnings are of this same floor."""
    return cast("tuple[Caution, ...]", load(settings.NGUON_PUBLIC_WARNINGS)(place))
