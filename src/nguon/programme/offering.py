"""Bulletins from above, after Thông tư 39/2020/TT-BTTTT: sent down, chosen or declined, the priority ones ordered.

An ordinary one never plays by itself. A priority one enters the next programme; where the commune has priority
bulletins of its own there, its officer says which come first. Neither class nor source is ever changed here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.newsroom import queries as bulletins
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.newsroom.queries import with_state
from nguon.newsroom.rules import State
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.programme import gather, items, plans
from nguon.programme.models import Offer, Slot
from nguon.wire.ladder import Level

OWN = 0  # the rank at which the place's own priority bulletins stand
BEFORE = -1  # until the officer orders them, what comes from above comes first


class OfferRefused(Exception):
    """Why a bulletin cannot be sent down, chosen or declined, in an officer's words."""


@transaction.atomic
def send_down(*, bulletin: Bulletin, place_ids: Collection[UUID], actor: Person, now: datetime) -> list[Offer]:
    """Offer an approved bulletin to places below; those that have it already keep what they decided. What was new.

    Raises OfferRefused, Forbidden.
    """
    on = local_day(now)
    bulletin = bulletins.locked(bulletin)
    scope.require(actor, Right.BROADCAST, bulletin.place_id, on=on)
    _check(bulletin, now)
    below = places.below([bulletin.place_id], on) - {bulletin.place_id}
    if not place_ids:
        raise OfferRefused(_("Chưa chọn nơi gửi xuống."))
    if not below.issuperset(place_ids):
        raise scope.Forbidden(_("Chỉ gửi xuống được những nơi thuộc địa bàn của mình."))
    have = set(Offer.objects.filter(bulletin=bulletin, place__in=place_ids).values_list("place_id", flat=True))
    urgent = bulletin.priority == PriorityClass.PRIORITY
    state = Offer.State.ENTERED if urgent else Offer.State.WAITING
    values = {"bulletin": bulletin, "state": state, "rank": BEFORE, "offered_by": actor, "offered_at": now}
    made = [Offer.objects.create(place_id=place, **values) for place in place_ids if place not in have]
    if made:
        names = [str(offer.place) for offer in made]
        _record("programme.offer", bulletin, bulletin.place_id, actor, now, after={"places": names})
    return made


@transaction.atomic
def choose(*, offer: Offer, slot: Slot, actor: Person, now: datetime) -> Offer:
    """Play an ordinary bulletin from above in the next session of a slot of the place, once.

    Raises OfferRefused, Forbidden.
    """
    offer = _locked(offer, actor, now)
    _check(offer.bulletin, now)
    if slot.place_id != offer.place_id or slot.ended_at is not None:
        raise OfferRefused(_("Khung giờ này không phải của đơn vị. Hãy chọn khung giờ khác."))
    if gather.level(items.of_json(slot.programme.items)) < Level.ORDINARY:
        raise OfferRefused(_("Khung giờ này chỉ có nhạc hoặc tiếp âm. Hãy chọn khung giờ có bản tin."))
    _decide(offer, Offer.State.CHOSEN, actor, now, slot=slot)
    after = {"programme": slot.programme.name}
    _record("programme.offer-choose", offer.bulletin, offer.place_id, actor, now, after=after)
    return offer


@transaction.atomic
def decline(*, offer: Offer, actor: Person, now: datetime) -> Offer:
    """Say that an ordinary one is not used here. Raises OfferRefused for a priority one, Forbidden."""
    offer = _locked(offer, actor, now)
    _decide(offer, Offer.State.DECLINED, actor, now)
    _record("programme.offer-decline", offer.bulletin, offer.place_id, actor, now)
    return offer


@transaction.atomic
def reopen(*, offer: Offer, actor: Person, now: datetime) -> Offer:
    """Take back that it was declined. Raises Forbidden."""
    scope.require(actor, Right.BROADCAST, offer.place_id, on=local_day(now))
    found = Offer.objects.select_for_update().get(pk=offer.pk)
    if found.state == Offer.State.DECLINED:
        found.state, found.decided_by, found.decided_at = Offer.State.WAITING, None, None
        found.save()
        _record("programme.offer-reopen", found.bulletin, found.place_id, actor, now)
    return found


@transaction.atomic
def order(*, place_id: UUID, before: Sequence[int], after: Sequence[int], actor: Person, now: datetime) -> None:
    """Say which priority bulletins from above come before the place's own, which after, in their order.

    Both are ids of offers; those not named keep their place. Raises OfferRefused for one that is not there, Forbidden.
    """
    scope.require(actor, Right.BROADCAST, place_id, on=local_day(now))
    named = [*before, *after]
    rows = Offer.objects.select_for_update().filter(place=place_id, state=Offer.State.ENTERED).in_bulk(named)
    if len(rows) != len(named):
        raise OfferRefused(_("Danh sách vừa thay đổi. Hãy mở lại trang rồi sắp xếp lại."))
    ranks = dict(zip(before, range(-len(before), 0), strict=True)) | dict(
        zip(after, range(1, 1 + len(after)), strict=True)
    )
    for pk, rank in ranks.items():
        Offer.objects.filter(pk=pk).update(rank=rank)
    record(
        actor=actor,
        verb="programme.offer-order",
        subject=f"places.place:{place_id.hex}",
        now=now,
        place=place_id,
        after={"order": [_title(rows[pk].bulletin) for pk in named]},
    )
    plans.touch()


def _check(bulletin: Bulletin, now: datetime) -> None:
    if bulletin.priority == PriorityClass.EMERGENCY:
        raise OfferRefused(_("Tin khẩn cấp không gửi từ đây mà từ phần cảnh báo khẩn."))
    state = with_state(Bulletin.objects.filter(pk=bulletin.pk), now).get().state
    if state != State.APPROVED:
        raise OfferRefused(_("Bản tin chưa được duyệt hoặc không còn hiệu lực."))


def _locked(offer: Offer, actor: Person, now: datetime) -> Offer:
    scope.require(actor, Right.BROADCAST, offer.place_id, on=local_day(now))
    found = Offer.objects.select_for_update().get(pk=offer.pk)
    if found.state == Offer.State.ENTERED:
        raise OfferRefused(_("Tin ưu tiên của cấp trên tự vào chương trình kế tiếp; đơn vị chỉ sắp xếp thứ tự."))
    return found


def _decide(offer: Offer, state: str, actor: Person, now: datetime, slot: Slot | None = None) -> None:
    offer.state, offer.slot, offer.decided_by, offer.decided_at = state, slot, actor, now
    offer.save()


def _title(bulletin: Bulletin) -> str:
    return bulletin.current.title if bulletin.current else ""


def _record(verb: str, bulletin: Bulletin, place_id: UUID, actor: Person, now: datetime, **values: Any) -> None:
    subject = f"newsroom.bulletin:{bulletin.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=place_id, **values)
    plans.touch()
