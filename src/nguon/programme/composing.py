"""The verbs on programmes: make, change, copy, stretch, end. One is changed whole: no device hears half a change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.programme import items, library, plans, slotting, words
from nguon.programme.items import Item, Kind
from nguon.programme.models import Offer, Programme, Slot
from nguon.programme.rules import joined

NAME_LIMIT = 120  # characters


class ComposeRefused(Exception):
    """Why a programme cannot be kept. `faults`: by the place of an item, -1 for the whole, in an officer's words."""

    def __init__(self, said: str, faults: Mapping[int, str] | None = None, field: str = "") -> None:
        super().__init__(said)
        self.faults, self.field = dict(faults or {}), field


@transaction.atomic
def create(
    *, place_id: UUID, name: str, kept: Sequence[Item], shared: bool = False, actor: Person, now: datetime
) -> Programme:
    """A new programme of a place. Raises ComposeRefused, Forbidden."""
    scope.require(actor, Right.BROADCAST, place_id, on=local_day(now))
    _check(place_id, kept, (), now)
    programme = Programme.objects.create(
        place_id=place_id,
        name=_name(name, place_id),
        items=[item.as_json() for item in kept],
        shared=shared,
        created_by=actor,
        created_at=now,
        changed_at=now,
    )
    _record("programme.create", programme, actor, now, after=_said(programme))
    return programme


@transaction.atomic
def change(
    *,
    programme: Programme,
    seen: datetime,
    name: str,
    kept: Sequence[Item],
    shared: bool,
    actor: Person,
    now: datetime,
) -> Programme:
    """Other items, another name. `seen`: when it was last changed as far as the officer saw.

    Raises ComposeRefused (also if somebody else changed it meanwhile), Forbidden.
    """
    programme = _locked(programme, actor, now)
    if programme.changed_at != seen:
        raise ComposeRefused(_("Có người khác vừa sửa chương trình này. Hãy mở lại trang rồi sửa tiếp."))
    before = _said(programme)
    _check(programme.place_id, kept, items.of_json(programme.items), now)
    if programme.shared and not shared:
        _refuse_used(programme, _("thôi chia sẻ"))
    programme.name = _name(name, programme.place_id, programme)
    programme.items, programme.shared = [item.as_json() for item in kept], shared
    _save(programme, now)
    _choose(programme, kept, actor, now)
    _record("programme.change", programme, actor, now, before=before, after=_said(programme))
    return programme


@transaction.atomic
def stretch(*, programme: Programme, seconds: int, actor: Person, now: datetime) -> Programme:
    """Make its last relay so much longer (or shorter, if negative): the one part that can be. Raises ComposeRefused."""
    kept = list(items.of_json(programme.items))
    at = max((place for place, item in enumerate(kept) if item.kind is Kind.RELAY), default=None)
    if at is None:
        raise ComposeRefused(_("Chương trình không có mục tiếp âm nên không kéo dài, rút ngắn được."))
    kept[at] = replace(kept[at], seconds=kept[at].seconds + seconds)
    return change(
        programme=programme,
        seen=programme.changed_at,
        name=programme.name,
        kept=kept,
        shared=programme.shared,
        actor=actor,
        now=now,
    )


@transaction.atomic
def copy(*, programme: Programme, place_id: UUID, actor: Person, now: datetime) -> Programme:
    """The same once more, for a place of the person's own. Raises ComposeRefused, Forbidden."""
    if library.seen(actor, programme.pk, local_day(now)) is None:
        raise scope.forbidden()
    scope.require(actor, Right.BROADCAST, place_id, on=local_day(now))
    made = Programme.objects.create(
        place_id=place_id,
        name=_free_name(programme.name, place_id),
        items=programme.items,
        created_by=actor,
        created_at=now,
        changed_at=now,
    )
    _record("programme.copy", made, actor, now, before={"name": programme.name}, after=_said(made))
    return made


@transaction.atomic
def end(*, programme: Programme, actor: Person, now: datetime) -> int:
    """Give it up, and its slots with it; how many slots. Raises ComposeRefused while others use it, Forbidden."""
    programme = _locked(programme, actor, now)
    _refuse_used(programme, _("kết thúc"))
    running = list(Slot.objects.filter(programme=programme, ended_at=None))
    for slot in running:
        slotting.end(slot=slot, actor=actor, now=now)
    programme.ended_at = now
    _save(programme, now)
    _record("programme.end", programme, actor, now, before=_said(programme))
    return len(running)


def check(place_id: UUID, kept: Sequence[Item], before: Sequence[Item], now: datetime) -> dict[int, str]:
    """What is wrong, in words, by the place of the item. What was in the programme before may stay in it."""
    wrong = {at: words.fault(found) for at, found in items.faults(kept)}
    known = {item.what for item in before}
    on = local_day(now)
    usable = {each.pk.hex for each in library.music(place_id, on)}
    told = {each.pk.hex for each in library.bulletins(place_id, now, on)}
    for at, item in enumerate(kept):
        if item.kind is Kind.MUSIC and item.what and item.what not in usable | known:
            wrong[at] = _("Nhạc này không dùng được ở đây. Hãy chọn trong danh sách.")
        if item.kind is Kind.BULLETIN and item.what and item.what not in told | known:
            wrong[at] = _("Bản tin này chưa duyệt hoặc không dùng được ở đây. Hãy chọn trong danh sách.")
    return wrong


def _check(place_id: UUID, kept: Sequence[Item], before: Sequence[Item], now: datetime) -> None:
    wrong = check(place_id, kept, before, now)
    if wrong:
        raise ComposeRefused(wrong.get(-1) or _("Có mục chưa đúng. Xem lời nhắc ở từng mục."), wrong)


def _choose(programme: Programme, kept: Sequence[Item], actor: Person, now: datetime) -> None:
    """A bulletin from above that is in a programme with hours was chosen, for the first of these."""
    slot = Slot.objects.filter(programme=programme, place=programme.place_id, ended_at=None).first()
    chosen = [UUID(item.what) for item in kept if item.kind is Kind.BULLETIN]
    if slot is None or not chosen:
        return
    waiting = Offer.objects.filter(place=programme.place_id, bulletin__in=chosen, state=Offer.State.WAITING)
    waiting.update(state=Offer.State.CHOSEN, slot=slot, decided_by=actor, decided_at=now)


def _refuse_used(programme: Programme, verb: str) -> None:
    others = [str(place) for place in library.users(programme)]
    if others:
        said = _("Chưa %(verb)s được: %(places)s đang dùng chương trình này trong lịch phát của họ.")
        raise ComposeRefused(said % {"verb": verb, "places": joined(others, _("và"), more=_("%d nơi khác"))})


def _name(name: str, place_id: UUID, programme: Programme | None = None) -> str:
    kept = " ".join(clean(name).split())
    if not any(letter.isalnum() for letter in kept) or len(kept) > NAME_LIMIT:
        said = _("Hãy đặt tên cho chương trình, nhiều nhất %(limit)d ký tự.") % {"limit": NAME_LIMIT}
        raise ComposeRefused(said, field="name")
    others = Programme.objects.filter(place=place_id, ended_at=None)
    if kept.casefold() in {each.name.casefold() for each in others if programme is None or each.pk != programme.pk}:
        raise ComposeRefused(_("Đã có chương trình mang tên này. Hãy đặt tên khác."), field="name")
    return kept


def _free_name(name: str, place_id: UUID) -> str:
    """`Bản tin sáng (2)`: the first that is not taken."""
    taken = {each.name.casefold() for each in Programme.objects.filter(place=place_id, ended_at=None)}
    free = (f"{name[: NAME_LIMIT - 6]} ({number})" for number in range(2, 1000))
    return name if name.casefold() not in taken else next(each for each in free if each.casefold() not in taken)


def _locked(programme: Programme, actor: Person, now: datetime) -> Programme:
    found = Programme.objects.select_for_update().get(pk=programme.pk)
    scope.require(actor, Right.BROADCAST, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise ComposeRefused(_("Chương trình này đã kết thúc."))
    return found


def _save(programme: Programme, now: datetime) -> None:
    programme.changed_at = now
    programme.save()


def _said(programme: Programme) -> dict[str, Any]:
    """A programme for the journal: which items, not their inside."""
    with override("vi"):
        kinds = [str(words.KINDS[item.kind]) for item in items.of_json(programme.items)]
    return {"name": programme.name, "items": kinds, "shared": programme.shared}


def _record(verb: str, programme: Programme, actor: Person, now: datetime, **values: Any) -> None:
    subject = f"programme.programme:{programme.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=programme.place_id, **values)
    plans.touch()
