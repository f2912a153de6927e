"""The verbs of followers: ask to be told, change it, be told no more.

Nobody signs in, and whoever knows the address of a browser at its push service is that browser. None of it goes into
the journal: that keeps what officers do, and would keep who follows longer than they do.
"""

from dataclasses import asdict
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from nguon import vault
from nguon.outside.addresses import networks
from nguon.portal.errors import PortalError
from nguon.portal.following import queries, rules
from nguon.portal.following.rules import Browser, Wish
from nguon.portal.models import Follower, News, Site

MOST_OF_SITE = 50_000  # followers


class CannotFollow(PortalError):
    """Why a browser cannot be told, in words for whoever sits before it."""


@transaction.atomic
def follow(*, site: Site, browser: Browser, wish: Wish, now: datetime) -> Follower:
    """Tell this browser of what is wished from now on; what it wished before is forgotten. Raises CannotFollow."""
    _usable(browser)
    wanted = _wanted(site, wish)
    found = queries.of(site, browser.endpoint)
    if found is None:
        if Follower.objects.filter(site=site).count() >= MOST_OF_SITE:
            raise CannotFollow(_("Trang này đã có quá nhiều máy đăng ký. Hãy nhận tin bằng RSS hoặc podcast."))
        found = Follower(site=site, digest=rules.digest(browser.endpoint), made_at=now)
    found.host = rules.host(browser.endpoint)
    found.secrets = vault.seal(asdict(browser), found.pk)
    found.warnings, found.sections, found.changed_at = wish.warnings, wanted, now
    found.news = News.ALL if wish.all_news else News.SOME if wanted else News.NONE
    found.save()
    return found


@transaction.atomic
def move(*, site: Site, before: str, browser: Browser, now: datetime) -> bool:
    """The push service gave a browser another address: it follows there what it followed at `before`. Whether it did.

    Raises CannotFollow.
    """
    found = queries.of(site, before)
    if found is None:
        return False
    wish = queries.wish(found)
    found.delete()
    follow(site=site, browser=browser, wish=wish, now=now)
    return True


@transaction.atomic
def stop(*, site: Site, endpoint: str) -> bool:
    """Tell it nothing any more, and forget it with all that is on its way. Whether it was known."""
    found = queries.of(site, endpoint)
    if found is not None:
        found.delete()
    return found is not None


def _usable(browser: Browser) -> None:
    services, near = rules.names(settings.NGUON_PUSH_SERVICES), networks(settings.NGUON_LINK_NETWORKS)
    if not rules.allowed(browser.endpoint, services, near):
        raise CannotFollow(
            _("Trình duyệt này nhận tin qua một dịch vụ mà trang chưa gửi tới được. Hãy dùng RSS hoặc podcast.")
        )
    wrong = _("Trình duyệt gửi thiếu khóa để mã hóa tin. Hãy tải lại trang rồi thử lại.")
    if not rules.keys_hold(browser):
        raise CannotFollow(wrong)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), rules.decoded(browser.p256dh))
    except ValueError as error:
        raise CannotFollow(wrong) from error


def _wanted(site: Site, wish: Wish) -> list[str]:
    """The keys of sections that are there. Raises CannotFollow if nothing is left to be told of."""
    asked = wish.sections[: rules.MOST_SECTIONS] if not wish.all_news else ()
    found = list(queries.offered(site).filter(key__in=asked).values_list("key", flat=True))
    if not (wish.warnings or wish.all_news or found):
        raise CannotFollow(_("Hãy chọn ít nhất một loại tin. Nếu không muốn nhận nữa, bấm Thôi nhận."))
    return found
