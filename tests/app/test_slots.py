"""Slots: made, moved by a day or from a day on, left out, suspended; what is told, and what is refused."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from nguon.delivery.rules import Targets
from nguon.journal.models import Entry
from nguon.people.scope import Forbidden
from nguon.programme import gather, slotting
from nguon.programme.models import OnHoliday, Slot
from nguon.programme.slots import Why
from nguon.programme.slotting import Reach, SlotRefused
from tests.app import airing
from tests.app.airing import MONDAY, NOW, newest, pause, policy, programme, relay, slot, wanted
from tests.app.desk import Desk, device, make_desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    made = make_desk()
    device("Cụm Quảng Vân", made.one, made.now)
    device("Cụm Lộc Hạ", made.two, made.now)
    return made


def heard(desk: Desk, days: int = 7, *, first: date = MONDAY, place: Any = None) -> list[str]:
    """When something sounds in a hamlet: `23 05:00`."""
    start = datetime.combine(first, time())
    areas = {desk.root.pk, desk.here.pk, (place or desk.one).pk}
    line = gather.known(first).timeline(areas, start, start + days * DAY)
    return [f"{each.start:%d %H:%M}" for each in line.soundings]


def test_a_daily_slot_sounds_daily_and_is_in_the_journal(desk: Desk) -> None:
    made = slot(desk)
    assert heard(desk, 3) == ["23 05:00", "24 05:00", "25 05:00"]
    entry = Entry.objects.get(verb="programme.slot-create")
    assert (entry.place, entry.after["programme"]) == (desk.here.pk, "Bản tin sáng")
    assert slotting.targets_of(made) == Targets(places=(desk.here.pk,))


def test_only_this_day_moves_and_the_others_stay(desk: Desk) -> None:
    made = slot(desk)
    other = slotting.move(
        slot=made, day=MONDAY + DAY, to=MONDAY + DAY, at=time(6, 30), reach=Reach.ONLY, actor=desk.both, now=NOW
    )
    assert heard(desk, 3) == ["23 05:00", "24 06:30", "25 05:00"]
    assert (other.rule, other.first_day) == ("", MONDAY + DAY)


def test_from_a_day_on_it_moves_with_what_was_said_of_later_days(desk: Desk) -> None:
    made = slot(desk)
    slotting.except_day(slot=made, day=MONDAY + 4 * DAY, actor=desk.both, now=NOW)
    slotting.suspend(slot=made, first=MONDAY + 5 * DAY, last=MONDAY + 5 * DAY, reason="", actor=desk.both, now=NOW)
    slotting.move(
        slot=made, day=MONDAY + 2 * DAY, to=MONDAY + 2 * DAY, at=time(6), reach=Reach.AFTER, actor=desk.both, now=NOW
    )
    assert heard(desk) == ["23 05:00", "24 05:00", "25 06:00", "26 06:00", "29 06:00"]


def test_all_days_move_and_a_weekly_one_moves_to_another_day_of_the_week(desk: Desk) -> None:
    made = slot(desk, rule="FREQ=WEEKLY;BYDAY=MO,WE")
    assert heard(desk) == ["23 05:00", "25 05:00"]
    slotting.move(slot=made, day=MONDAY, to=MONDAY + DAY, at=time(17), reach=Reach.ALL, actor=desk.both, now=NOW)
    assert heard(desk) == ["24 17:00", "26 17:00"]
    assert Slot.objects.count() == 1


def test_a_daily_one_cannot_move_to_another_day_but_alone_it_can(desk: Desk) -> None:
    made = slot(desk)
    with pytest.raises(SlotRefused, match="chỉ dời được giờ"):
        slotting.move(slot=made, day=MONDAY, to=MONDAY + DAY, at=time(9), reach=Reach.ALL, actor=desk.both, now=NOW)
    slotting.move(slot=made, day=MONDAY, to=MONDAY + DAY, at=time(9), reach=Reach.ONLY, actor=desk.both, now=NOW)
    assert heard(desk, 2) == ["24 05:00", "24 09:00"]


def test_days_are_left_out_and_added(desk: Desk) -> None:
    made = slot(desk, rule="FREQ=WEEKLY;BYDAY=MO,WE")
    slotting.except_day(slot=made, day=MONDAY, actor=desk.both, now=NOW)
    slotting.add_day(slot=made, day=MONDAY + DAY, actor=desk.both, now=NOW)
    assert heard(desk) == ["24 05:00", "25 05:00"]
    slotting.add_day(slot=made, day=MONDAY, actor=desk.both, now=NOW)
    assert heard(desk) == ["23 05:00", "24 05:00", "25 05:00"]
    with pytest.raises(SlotRefused, match="đã qua"):
        slotting.add_day(slot=made, day=MONDAY - 7 * DAY, actor=desk.both, now=NOW)


def test_the_only_day_of_a_slot_is_not_left_out_but_the_slot_ended(desk: Desk) -> None:
    made = slot(desk, rule="")
    with pytest.raises(SlotRefused, match="kết thúc khung giờ"):
        slotting.except_day(slot=made, day=MONDAY, actor=desk.both, now=NOW)
    slotting.end(slot=made, actor=desk.both, now=NOW)
    assert heard(desk) == []
    with pytest.raises(SlotRefused, match="đã kết thúc"):
        slotting.end(slot=made, actor=desk.both, now=NOW)


def test_a_slot_rests_and_goes_on(desk: Desk) -> None:
    made = slot(desk)
    slotting.suspend(slot=made, first=MONDAY, last=None, reason="Sửa loa", actor=desk.both, now=NOW)
    assert heard(desk) == []
    assert slotting.resume(slot=made, actor=desk.both, now=NOW + 2 * DAY) == 1
    assert heard(desk, 3) == ["24 05:00", "25 05:00"]
    assert slotting.resume(slot=made, actor=desk.both, now=NOW + 2 * DAY) == 0
    with pytest.raises(SlotRefused):
        slotting.suspend(slot=made, first=MONDAY, last=MONDAY - DAY, reason="", actor=desk.both, now=NOW)


def test_copied_at_another_hour(desk: Desk) -> None:
    slotting.copy(slot=slot(desk), at=time(17), first_day=MONDAY, actor=desk.both, now=NOW)
    assert heard(desk, 1) == ["23 05:00", "23 17:00"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rule": "FREQ=HOURLY"}, "không dùng được"),
        ({"rule": "FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2"}, "không bao giờ"),
        ({"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 1)}, "sau ngày bắt đầu"),
        ({"lunar_days": (31,)}, "1 đến 30"),
        ({"rule": "", "first_day": date(2026, 11, 1)}, "đã qua"),
        ({"rule": "lung tung"}, "không dùng được"),
    ],
)
def test_what_never_or_always_fires_is_refused_in_words(desk: Desk, given: dict[str, Any], said: str) -> None:
    with pytest.raises(SlotRefused, match=said):
        slot(desk, **given)
    assert not Slot.objects.exists()


def test_a_programme_of_no_length_or_of_thirty_hours_has_no_slot(desk: Desk) -> None:
    long = programme(desk, "Dài", *[relay(240)] * 8)
    with pytest.raises(SlotRefused, match="12 giờ"):
        slot(desk, long)
    short = programme(desk, "Ngắn", pause(1))
    with pytest.raises(SlotRefused, match="0 giây"):
        slot(desk, short)


def test_quiet_hours_refuse_what_could_never_sound_and_propose_a_time(desk: Desk) -> None:
    policy(desk)
    with pytest.raises(SlotRefused, match=r"Quyết định 12/QĐ-UBND.*Giờ gần nhất phát được là 05:00"):
        slot(desk, at=time(4, 45), what=programme(desk, "Tin", newest()))
    found = slotting.considered(wanted(desk, programme(desk, "Tin sáng", newest()), at=time(5)), NOW)
    assert (found.troubles, found.heard, found.due) == ((), 28, 28)


def test_what_runs_into_quiet_hours_is_told_but_may_be(desk: Desk) -> None:
    policy(desk)
    found = slotting.considered(wanted(desk, programme(desk), at=time(20, 45)), NOW)
    assert [(each.why, each.silent, each.by) for each in found.troubles] == [
        (Why.QUIET, False, "Quyết định 12/QĐ-UBND")
    ]
    assert found.better == time(20, 30)
    assert not found.hopeless


def test_too_long_and_too_many_are_told_with_their_basis(desk: Desk) -> None:
    policy(desk, quiet=(), longest=60, most_sessions=1)
    with pytest.raises(SlotRefused, match="Dài hơn mức cho phép"):
        slot(desk, programme(desk, "Tin", newest()))
    slot(desk, rule="FREQ=WEEKLY;BYDAY=MO")
    found = slotting.considered(wanted(desk, programme(desk, "Chiều"), at=time(17)), NOW)
    assert [(each.why, each.first.date(), each.times) for each in found.troubles] == [(Why.MANY, MONDAY, 4)]


def test_overlapping_slots_are_told_both_ways(desk: Desk) -> None:
    slot(desk, programme(desk, "Tiếp âm", relay(60)))
    found = slotting.considered(wanted(desk, programme(desk, "Tin", newest()), at=time(5, 30)), NOW)
    assert [(each.title, each.why, each.silent) for each in found.troubles] == [("Tiếp âm", Why.RESUMED, False)]
    assert found.better == time(6, 0)
    twice = slotting.considered(wanted(desk, programme(desk, "Tin khác", newest(), relay(20)), at=time(4, 50)), NOW)
    assert [(each.title, each.why, each.silent) for each in twice.troubles] == [("Tiếp âm", Why.BUSY, True)]


def test_who_may(desk: Desk) -> None:
    made = slot(desk)
    for actor in (desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            slotting.end(slot=made, actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            slotting.create(wanted=slotting.wanted_of(made), actor=actor, now=NOW)
    with pytest.raises(Forbidden):
        slot(desk, made.programme, targets=Targets(places=(desk.far.pk,)))
    with pytest.raises(Forbidden):
        slot(desk, made.programme, targets=Targets(places=(desk.root.pk,)))


def test_a_programme_of_others_only_if_shared_from_above(desk: Desk) -> None:
    foreign = airing.programme(desk, "Của xã bên", place_id=desk.there.pk, actor=desk.neighbour)
    with pytest.raises(SlotRefused, match="không dùng được"):
        slot(desk, foreign)


def test_holidays_and_lunar_days(desk: Desk) -> None:
    slot(desk, programme(desk, "Lễ"), on_holiday=OnHoliday.ONLY)
    assert heard(desk, 3, first=date(2026, 12, 31)) == ["01 05:00"]
    slot(desk, programme(desk, "Rằm"), lunar_days=(1, 15), at=time(18))
    assert heard(desk, 31, first=date(2026, 12, 2)) == ["09 18:00", "23 18:00", "01 05:00"]
