"""What stands in the menu: names of views, and the right that shows each. Composition, so it lives in the roof."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.config.strips import strips
from nguon.feedback import desk
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.review import queries as reviews

ON_PHONE = 4  # places in the bottom bar; the rest is under "Thêm"
COUNTED_FOR = 5  # seconds that a number beside an entry stands


@dataclass(frozen=True)
class Entry:
    """One place to go to. `needs` holds the rights of which one is enough; `url` is filled in for a page.

    `under`: the view below whose address all pages belong to this place, where that is not its own.
    `counts`: how many things wait there for a person, the one for whom the page is made (`person`).
    """

    label: str | Promise
    view: str
    icon: str
    needs: frozenset[Right] = frozenset({Right.VIEW})
    under: str = ""
    counts: Callable[[Person], int] | None = None
    person: Person | None = None
    url: str = ""
    active: bool = False

    @property
    def waiting(self) -> int:
        """How many things wait there. Asked by the template, as parts of pages and public pages show no menu."""
        counts, person = self.counts, self.person
        if counts is None or person is None:
            return 0
        key = f"menu:{self.view}:{person.pk}"
        return int(cache.get_or_set(key, lambda: counts(person), COUNTED_FOR) or 0)


@dataclass(frozen=True)
class Group:
    """Entries under one heading; the first group has none."""

    label: str | Promise
    entries: tuple[Entry, ...]


MENU = (
    Group(
        "",
        (
            Entry(_("Tổng quan"), "home", "home"),
            Entry(_("Bản tin"), "newsroom:list", "text"),
            Entry(
                _("Chờ duyệt"),
                "review:list",
                "review",
                frozenset({Right.WRITE, Right.SITE, Right.APPROVE}),
                counts=reviews.waiting_for,
            ),
            Entry(_("Cảnh báo"), "alerts:list", "siren"),
            Entry(_("Cảnh báo nhận được"), "links:list", "signal"),
            Entry(_("Lịch phát"), "schedule:week", "calendar"),
            Entry(_("Lượt phát"), "delivery:list", "speaker"),
            Entry(_("Phát trực tiếp"), "live:list", "mic"),
            Entry(_("Giám sát"), "monitor:live", "monitor"),
            Entry(_("Chương trình"), "schedule:programmes", "repeat"),
            Entry(_("Tin cấp trên"), "schedule:inbox", "down"),
            Entry(_("Kho tư liệu"), "archive:list", "disk"),
            Entry(_("Tin trên trang"), "portal:posted", "globe", frozenset({Right.SITE, Right.BROADCAST})),
            Entry(_("Phản ánh"), "feedback:list", "flag", frozenset({Right.CASES}), counts=desk.waiting_for),
        ),
    ),
    Group(
        _("Quản lý"),
        (
            Entry(_("Cách đọc riêng"), "readings:list", "volume", frozenset({Right.WRITE})),
            Entry(_("Quy định phát"), "schedule:policies", "clock"),
            Entry(_("Người trực"), "duty:list", "phone", frozenset({Right.ALERT})),
            Entry(_("Thiết bị"), "devices:list", "device"),
            Entry(_("Bảng tin"), "board:layouts", "eye", under="board:page"),
            Entry(_("Trang xã"), "portal:list", "globe", frozenset({Right.SITE})),
            Entry(_("Thiết lập phản ánh"), "feedback:setup-first", "gear", frozenset({Right.PEOPLE})),
            Entry(_("Giọng đọc"), "media:voices", "mic", frozenset({Right.WRITE, Right.PEOPLE})),
            Entry(_("Nhạc hiệu, nhạc nền"), "media:music", "music", frozenset({Right.WRITE, Right.APPROVE})),
            Entry(_("Địa bàn"), "places:tree", "map", frozenset({Right.PLACES})),
            Entry(_("Cán bộ"), "people:list", "people", frozenset({Right.PEOPLE})),
            Entry(_("Khóa ký"), "keys:list", "key", frozenset({Right.PEOPLE})),
            Entry(_("Chờ người thứ hai"), "people:waiting", "check", frozenset({Right.PEOPLE, Right.BROADCAST})),
            Entry(_("Nhật ký"), "journal:list", "journal", frozenset({Right.JOURNAL})),
            Entry(_("Tình trạng hệ thống"), "status", "status", frozenset({Right.DEVICES, Right.PEOPLE})),
        ),
    ),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """The template context every page has: the menu by groups, and cut in two for the phone; the languages."""
    user = getattr(request, "user", None)  # the page of an error may come before the session is read
    held = rights(user) if user is not None else frozenset()
    here, person = _here(held, request.path), user if isinstance(user, Person) else None
    groups = [found for group in MENU if (found := _for_page(group, held, here, person)).entries]
    entries = [entry for group in groups for entry in group.entries]
    rest = entries[ON_PHONE:]
    return {
        "menu": groups,
        "menu_home": _reverse("home") or "/",
        "menu_bottom": entries[:ON_PHONE],
        "menu_rest": rest,
        "menu_rest_waiting": lambda: sum(entry.waiting for entry in rest),
        "languages": settings.LANGUAGES,
        "strips": strips(person, request.path) if person else (),
    }


def _here(held: frozenset[Right], path: str) -> str:
    """The address of the entry to which a page belongs: of two that both stand above it, the nearer; else nothing."""
    shown = (entry for group in MENU for entry in group.entries if entry.needs & held)
    urls = (_reverse(entry.under or entry.view) for entry in shown)
    return max((url for url in urls if url and _is_here(url, path)), key=len, default="")


def _for_page(group: Group, held: frozenset[Right], here: str, person: Person | None) -> Group:
    shown = [
        replace(entry, url=url, person=person, active=bool(here) and _reverse(entry.under or entry.view) == here)
        for entry in group.entries
        if entry.needs & held and (url := _reverse(entry.view))
    ]
    return replace(group, entries=tuple(shown))


def _is_here(url: str, path: str) -> bool:
    """Whether a page stands at an entry or below it; the overview at "/" has nothing below."""
    return path == url if url == "/" else path.startswith(url)


def _reverse(view: str) -> str:
    """The address of a view, or nothing where this server does not serve it."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
