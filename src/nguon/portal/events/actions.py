"""The verbs of events: write and hand in, cancel, take down. Approval is that of every page of a site."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean, fold
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.portal import markup, secrecy, slugs
from nguon.portal.errors import Conflict, PortalError
from nguon.portal.events import queries
from nguon.portal.models import Event, EventWording, Site
from nguon.review import actions as reviews
from nguon.review.models import Review, State


@dataclass(frozen=True)
class Plan:
    """What is said of an event; days and hours as in `EventWording`."""

    title: str
    where: str
    first: date
    last: date
    begins: time | None = None
    ends: time | None = None
    body: str = ""
    contact: str = ""


@transaction.atomic
def write(
    *, plan: Plan, sites: Sequence[Site], actor: Person, now: datetime, event: Event | None = None, seen: int = 0
) -> EventWording:
    """A new event, or another wording of one; handed in for approval. What is public stays until that is approved.

    `seen`: the number of the wording that was opened. Raises Forbidden, Conflict if somebody saved meanwhile,
    PortalError with what is wrong.
    """
    kept, place = _checked(plan, now), _place(sites, actor, now)
    before = None
    if event is None:
        event = Event.objects.create(slug=_slug(kept.title), created_at=now)
    else:
        event, before = _held(event, actor, now)
        if before.number != seen:
            raise Conflict(_("Có người vừa lưu bản khác. Mở lại sự kiện, xem bản đó rồi sửa tiếp."))
        _taken_back(before.review, _("Đã có bản mới thay bản này."), actor, now)
    digest = _digest(kept, sites)
    if before is not None and before.digest == digest and before.review and before.review.state == State.APPROVED:
        raise PortalError(_("Chưa đổi gì so với bản đã duyệt."))
    wording = EventWording.objects.create(
        event=event,
        number=before.number + 1 if before else 1,
        folded=f" {fold(' '.join((kept.title, kept.where, kept.body)))} ",
        digest=digest,
        created_by=actor,
        created_at=now,
        **vars(kept),
    )
    wording.sites.set(sites)
    _record("portal.event-write", wording, place, actor, now, _told(wording))
    wording.review = reviews.submit(
        subject=f"portal.event:{wording.pk.hex}",
        title=_("Sự kiện: %s") % wording.title,
        place_id=place.pk,
        text_hash=digest,
        media_hash=digest,  # nothing is rendered ahead: the page is made of the text by fixed marks
        author=actor,
        actor=actor,
        now=now,
    )
    wording.save(update_fields=["review"])
    return wording


@transaction.atomic
def cancel(*, event: Event, why: str, actor: Person, now: datetime) -> None:
    """It will not be: everybody is told so at once, without the reason, which nobody approved.

    What was never public is only taken back. Raises Forbidden, PortalError without a reason.
    """
    found, newest = _held(event, actor, now)
    said = _reason(why, _("Hãy ghi vì sao hủy sự kiện."))
    _taken_back(newest.review, said, actor, now)
    if queries.shown(newest) is None:
        found.withdrawn_at = now
    else:
        found.cancelled_at = now
    found.save(update_fields=["withdrawn_at", "cancelled_at"])
    _ended("portal.event-cancel", newest, said, actor, now)


@transaction.atomic
def withdraw(*, event: Event, why: str, actor: Person, now: datetime) -> None:
    """Show it no more, nor that it ever stood there. Raises Forbidden, PortalError without a reason."""
    found, newest = _held(event, actor, now, cancelled=True)
    said = _reason(why, _("Hãy ghi vì sao rút sự kiện."))
    _taken_back(newest.review, said, actor, now)
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    _ended("portal.event-withdraw", newest, said, actor, now)


def _checked(plan: Plan, now: datetime) -> Plan:
    words: dict[str, Any] = {name: clean(getattr(plan, name)) for name in ("title", "where", "body", "contact")}
    kept = replace(plan, **words)
    if not kept.title:
        raise PortalError(_("Hãy đặt tên cho sự kiện."))
    if not kept.where:
        raise PortalError(_("Hãy ghi sự kiện diễn ra ở đâu."))
    if kept.last < kept.first:
        raise PortalError(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    if kept.last < local_day(now):
        raise PortalError(_("Sự kiện đã qua rồi. Hãy xem lại ngày."))
    if kept.ends is not None and (kept.begins is None or kept.ends <= kept.begins):
        raise PortalError(_("Giờ kết thúc phải sau giờ bắt đầu trong cùng ngày."))
    if len(kept.body) > markup.MOST:
        raise PortalError(_("Trang dài quá %d chữ cái. Hãy tách thành tệp văn bản đính kèm.") % markup.MOST)
    if secrecy.is_secret(kept.title) or secrecy.is_secret(kept.body[:200]):
        raise PortalError(_("Nội dung ghi là có độ mật. Không đưa thông tin mật lên hệ thống này."))
    return kept


def _place(sites: Sequence[Site], actor: Person, now: datetime) -> Place:
    """Where it is approved. Raises Forbidden, PortalError."""
    if not sites:
        raise PortalError(_("Chưa chọn trang nào để đăng."))
    on = local_day(now)
    for site in sites:
        scope.require(actor, Right.SITE, site.place_id, on=on)
    found = queries.common(sites, on)
    if found is None:
        raise PortalError(_("Các trang này không cùng địa bàn nào. Hãy soạn sự kiện riêng cho từng trang."))
    return found


def _held(event: Event, actor: Person, now: datetime, *, cancelled: bool = False) -> tuple[Event, EventWording]:
    found = Event.objects.select_for_update().get(pk=event.pk)
    newest = found.wordings.select_related("review", "event").order_by("-number")[0]
    newest.event = found
    for site in newest.sites.all():
        scope.require(actor, Right.SITE, site.place_id, on=local_day(now))
    if found.withdrawn_at is not None:
        raise PortalError(_("Sự kiện này đã rút. Muốn đăng lại hãy soạn sự kiện mới."))
    if found.cancelled_at is not None and not cancelled:
        raise PortalError(_("Sự kiện này đã hủy. Nếu tổ chức lại, hãy soạn sự kiện mới."))
    return found, newest


def _taken_back(review: Review | None, why: str, actor: Person, now: datetime) -> None:
    if review is not None and review.state == State.SUBMITTED:
        with suppress(reviews.AlreadyDecided):  # in this very moment: what was approved stays public meanwhile
            reviews.withdraw(review=review, reason=why[:1000], actor=actor, now=now)


def _reason(why: str, ask: str) -> str:
    said = clean(why)
    if not said:
        raise PortalError(ask)
    return said


def _slug(title: str) -> str:
    wanted = slugs.slug(title)
    return slugs.free(wanted, set(Event.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)))


def _digest(plan: Plan, sites: Sequence[Site]) -> str:
    """Over all that is agreed to, the sites too."""
    said = [str(value) for _name, value in sorted(vars(plan).items())]
    return hashlib.sha256("\x1f".join([*said, *sorted(site.pk.hex for site in sites)]).encode()).hexdigest()


def _told(wording: EventWording) -> dict[str, Any]:
    return {
        "title": wording.title,
        "number": wording.number,
        "first": wording.first.isoformat(),
        "last": wording.last.isoformat(),
        "digest": wording.digest,
        "sites": sorted(site.slug for site in wording.sites.all()),
    }


def _ended(verb: str, newest: EventWording, why: str, actor: Person, now: datetime) -> None:
    place = queries.common(newest.sites.all(), local_day(now))
    _record(verb, newest, place, actor, now, {"title": newest.title, "reason": why})


def _record(
    verb: str, wording: EventWording, place: Place | None, actor: Person, now: datetime, after: dict[str, Any]
) -> None:
    subject = f"portal.event:{wording.event_id.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=place.pk if place else None, after=after)
