"""The page where one asks to be told on this very telephone, and what its script asks and says.

A browser is known by its address at its push service alone, so nothing here rests on a cookie: what it sends is JSON,
which no form of another page can send.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from msgspec import Meta

from nguon.channels.site.public_views import site_of
from nguon.channels.site.push import vapid
from nguon.feedback import guarding
from nguon.kit import clock
from nguon.portal import serving
from nguon.portal.following import actions, queries
from nguon.portal.following.rules import LONGEST, MOST_SECTIONS, Browser, Wish
from nguon.ui import public, skin

AN_HOUR = 3600
MOST_AN_HOUR = 300  # from one network: a whole village may share it
MOST_OF_ALL = 5000  # an hour, of one site
LARGEST = 16 * 1024  # bytes that a script of ours sends
Address = Annotated[str, Meta(max_length=LONGEST)]
T = TypeVar("T")
Key = Annotated[str, Meta(max_length=200)]


class Subscription(msgspec.Struct):
    """As `PushSubscription.toJSON` gives it."""

    class Keys(msgspec.Struct):
        p256dh: Key
        auth: Key

    endpoint: Address
    keys: Keys

    @property
    def browser(self) -> Browser:
        """The same for those who send."""
        return Browser(self.endpoint, self.keys.p256dh, self.keys.auth)


class Asked(msgspec.Struct):
    """Which browser asks, by its address."""

    endpoint: Address


class Kept(msgspec.Struct):
    """What a browser wants."""

    subscription: Subscription
    warnings: bool = False
    all_news: bool = False
    sections: Annotated[tuple[Key, ...], Meta(max_length=MOST_SECTIONS)] = ()


class Moved(msgspec.Struct):
    """That a browser has another address."""

    before: Address
    subscription: Subscription


class Refused(Exception):
    """Says in words why, with a status."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What one may be told of. Which of it this browser is told, its script asks."""
    site = site_of(request)
    on = serving.pushes()
    context = {"site": site, "on": on, "sections": queries.offered(site) if on else ()}
    if on:
        context["key"] = vapid.key(clock.now()).public
    return public.page(request, "site/push.html", context)


@csrf_exempt
@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """What this browser is told."""
    try:
        found = queries.of(site_of(request), _read(request, Asked).endpoint)
    except Refused as refused:
        return _said(str(refused), refused.status)
    if found is None:
        return JsonResponse({"follows": False})
    wish = queries.wish(found)
    told = {"warnings": wish.warnings, "all_news": wish.all_news, "sections": wish.sections}
    return JsonResponse({"follows": True, **told})


@csrf_exempt
@login_not_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Tell this browser of what it chose."""
    site = site_of(request)
    try:
        given = _read(request, Kept)
        _measured(request, site.pk.hex)
        wish = Wish(given.warnings, given.all_news, given.sections)
        actions.follow(site=site, browser=given.subscription.browser, wish=wish, now=clock.now())
    except Refused as refused:
        return _said(str(refused), refused.status)
    except actions.CannotFollow as error:
        return _said(str(error), 422)
    return JsonResponse({"follows": True})


@csrf_exempt
@login_not_required
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Tell it nothing any more."""
    try:
        actions.stop(site=site_of(request), endpoint=_read(request, Asked).endpoint)
    except Refused as refused:
        return _said(str(refused), refused.status)
    return JsonResponse({"follows": False})


@csrf_exempt
@login_not_required
@require_POST
def moved(request: HttpRequest) -> HttpResponse:
    """The browser's own push service gave it another address."""
    site = site_of(request)
    try:
        given = _read(request, Moved)
        _measured(request, site.pk.hex)
        follows = actions.move(site=site, before=given.before, browser=given.subscription.browser, now=clock.now())
    except Refused as refused:
        return _said(str(refused), refused.status)
    except actions.CannotFollow as error:
        return _said(str(error), 422)
    return JsonResponse({"follows": follows})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What shows the messages. It lies at the root of the site, as it may speak for no more than what is below it."""
    site_of(request)
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@login_not_required
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The site as an app of the home screen: an iPhone tells nothing to a page that is none."""
    site, own = site_of(request), skin.of(request)
    said: dict[str, object] = {
        "name": site.name,
        "short_name": str(site.place),
        "lang": "vi",
        "start_url": own.front,
        "scope": own.front,
        "display": "standalone",
    }
    if own.emblem:
        said["icons"] = [{"src": own.emblem, "sizes": "any"}]
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json")
    answer.headers["Cache-Control"] = public.SHARED
    return answer


def _read(request: HttpRequest, kind: type[T]) -> T:
    """What the script sent. Raises Refused."""
    if not serving.pushes():
        raise Refused(_("Trang này hiện không gửi tin tới điện thoại. Hãy dùng RSS hoặc podcast."), 503)
    if request.content_type != "application/json" or len(request.body) > LARGEST:
        raise Refused(_("Yêu cầu không đúng. Hãy tải lại trang rồi thử lại."), 400)
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.DecodeError as error:
        raise Refused(_("Yêu cầu không đúng. Hãy tải lại trang rồi thử lại."), 400) from error


def _measured(request: HttpRequest, site: str) -> None:
    """Nothing, if this network and all others asked no more than people do. Raises Refused."""
    origin = guarding.origin_of(request.META.get("REMOTE_ADDR", ""))
    of_all = _counted(f"push:{site}") > MOST_OF_ALL
    if of_all or (origin and _counted(f"push:{site}:{origin}") > MOST_AN_HOUR):
        raise Refused(_("Đã có nhiều máy đăng ký trong giờ qua. Xin thử lại sau một giờ."), 429)


def _counted(key: str) -> int:
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten in this very moment
        return 1


def _said(words: str, status: int) -> HttpResponse:
    return JsonResponse({"wrong": words}, status=status, json_dumps_params={"ensure_ascii": False})


@lru_cache(maxsize=1)
def _worker() -> bytes:
    return (Path(__file__).parent / "push" / "worker.js").read_bytes()
