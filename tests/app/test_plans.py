"""From slots to what devices hold: planned broadcasts, documents by areas, what begins, what is never played twice."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from nguon.delivery import actions as delivery
from nguon.delivery import clock as services
from nguon.delivery import recorder
from nguon.delivery.models import Broadcast, Delivery, DevicePlan, PlanDocument, Progress, State
from nguon.delivery.rules import Answer
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.programme import actions, models, plans
from nguon.programme.compile import Compiled, Memory, compile_plans
from nguon.programme.items import Item, Kind
from nguon.programme.models import Offer, Session
from nguon.programme.planner import Planner
from nguon.wire import codec, seal
from nguon.wire.messages import Plan, Play
from tests.app.desk import Desk, device, make_desk, place

pytestmark = pytest.mark.django_db
NEWEST = Item(Kind.NEWEST, days=30, rest=0)
RELAY = Item(Kind.RELAY, name="Đài huyện", streams=("http://dai.example.vn/live",), seconds=1800)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def hour(desk: Desk, hours: float, days: int = 1) -> datetime:
    """That hour, in Vietnam, so many days after today."""
    day = datetime.combine(clock.local_day(desk.now) + timedelta(days=days), time(), clock.LOCAL)
    return day + timedelta(hours=hours)


def slot(desk: Desk, *items: Item, at: str = "17:00", **changes: Any) -> models.Slot:
    by = {"created_by": desk.both, "created_at": desk.now, "changed_at": desk.now}
    name = changes.pop("name", "Bản tin chiều")
    where = changes.pop("place", desk.here)
    kept = [item.as_json() for item in items or (NEWEST,)]
    programme = models.Programme.objects.create(place=where, name=name, items=kept, **by)
    first = clock.local_day(desk.now)
    given: dict[str, Any] = {"rule": "FREQ=DAILY", "first_day": first, "at": time.fromisoformat(at)}
    return models.Slot.objects.create(place=where, programme=programme, **given | by | changes)


def policy(desk: Desk, **changes: Any) -> models.Policy:
    by = {"created_by": desk.both, "created_at": desk.now, "changed_at": desk.now}
    return models.Policy.objects.create(**{"place": desk.here, "basis": "Quy chế phát thanh xã"} | by | changes)


def plan(one: Device) -> Plan:
    held = DevicePlan.objects.select_related("document").get(device=one)
    return codec.decode_plan(seal.unwrap(bytes(held.document.body), codec.PLAN_LIMIT).payload)


def on_day(found: Plan, desk: Desk, days: int = 1) -> list[Play]:
    first, last = clock.ms(hour(desk, 0, days)), clock.ms(hour(desk, 24, days))
    return [one for one in found.plays if first <= one.start < last]


def version(one: Device) -> int:
    return DevicePlan.objects.get(device=one).version


def compiled(now: datetime, memory: Memory | None = None) -> Compiled:
    return compile_plans(now, memory or Memory())


def test_a_device_holds_what_plays_in_its_place_and_no_other(desk: Desk) -> None:
    here, there = device("Cụm Quảng Vân", desk.one, desk.now), device("Cụm Kỳ Sơn", desk.far, desk.now)
    bulletin = desk.approved()
    slot(desk)
    done = compiled(hour(desk, 9))
    assert (done.devices, done.documents, done.changed) == (2, 2, 2)
    found = plan(here)
    assert found.until - found.made >= 8 * 86_400_000
    assert len(found.plays) == 9  # today's too: it is to come
    first = on_day(found, desk)[0]
    assert first.start == clock.ms(hour(desk, 17))
    assert first.begin_by - first.start == 300_000
    assert first.expires == first.start + 10_000 + 1_800_000
    review = newsroom.newest(bulletin).review
    assert review is not None
    assert first.sha256 == review.media_hash
    assert plan(there).plays == ()
    row = Broadcast.objects.get(pk=first.id)
    assert (row.state, row.review, row.session is None) == (State.PLANNED, review.pk, False)


def test_devices_of_different_areas_may_hold_the_same_document(desk: Desk) -> None:
    one, two = device("Cụm Quảng Vân", desk.one, desk.now), device("Cụm Lộc Hạ", desk.two, desk.now)
    desk.approved()
    slot(desk).places.set([desk.one, desk.two])
    assert compiled(hour(desk, 9)).changed == 2
    assert plan(one) == plan(two)
    assert PlanDocument.objects.count() == 1


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    memory = Memory()
    assert compiled(hour(desk, 9), memory).changed == 1
    before = plan(one)
    assert compiled(hour(desk, 10), memory).changed == 0
    assert compiled(hour(desk, 11)).changed == 0  # without memory too
    assert plan(one) == before
    assert version(one) == 1
    assert PlanDocument.objects.count() == 1


def test_items_follow_each_other_and_what_gives_nothing_is_told(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    bulletin = desk.approved()
    chosen = Item(Kind.BULLETIN, what=bulletin.pk.hex)
    slot(desk, chosen, Item(Kind.PAUSE, seconds=20), RELAY, Item(Kind.NEWEST, category="security"))
    done = compiled(hour(desk, 9))
    first, second = on_day(plan(one), desk)
    assert first.content is not None
    assert second.stream is not None
    assert second.start - first.start == 30_000
    assert (second.duration, second.cut, second.stream.urls) == (1_800_000, True, RELAY.streams)
    session = Session.objects.get(day=clock.local_day(hour(desk, 17)))
    assert session.left_out == [[3, "nothing-new"]]
    assert session.length_ms == 10_000 + 20_000 + 1_800_000
    assert done.left_out > 0


def test_a_newer_bulletin_takes_the_place_until_the_session_is_near(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    old, memory = desk.approved(), Memory()
    slot(desk)
    compiled(hour(desk, 9), memory)
    before = on_day(plan(one), desk)[0]
    newer = desk.approved()
    Bulletin.objects.filter(pk=newer.pk).update(created_at=desk.now + timedelta(minutes=1))
    compiled(hour(desk, 16.99), memory)  # less than two minutes before
    assert on_day(plan(one), desk)[0] == before
    assert on_day(plan(one), desk, days=2)[0].content != before.content
    assert not Broadcast.objects.filter(session=None).exists()
    assert old.pk != newer.pk


def test_what_was_played_lately_rests(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk, Item(Kind.NEWEST, days=30, rest=3))
    compiled(hour(desk, 9))
    days = {clock.local_day(clock.from_ms(play.start)) for play in plan(one).plays}
    assert len(days) == 3  # of nine
    assert all((b - a).days == 3 for a, b in zip(sorted(days), sorted(days)[1:], strict=False))


def test_when_the_time_comes_there_is_a_delivery_for_each_who_holds_it(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    device("Cụm Kỳ Sơn", desk.far, desk.now)
    desk.approved()
    slot(desk)
    compiled(hour(desk, 9))
    services.tick(hour(desk, 17))
    row = Broadcast.objects.get(pk=on_day(plan(one), desk)[0].id)
    assert row.state == State.LIVE
    delivery_ = row.deliveries.get()
    assert (delivery_.device, delivery_.progress, delivery_.next_send_at) == (one, Progress.WAITING, None)
    services.tick(hour(desk, 17.6))
    delivery_.refresh_from_db()
    assert (delivery_.progress, delivery_.reason) == (Progress.EXPIRED, "unheard")
    at = clock.ms(hour(desk, 17))
    told = [Answer(row.pk.hex, one.pk.hex, seq, stage, at + seq) for seq, stage in ((1, "started"), (2, "finished"))]
    recorder.record_courses(told, hour(desk, 20))  # it was without a network for hours
    delivery_.refresh_from_db()
    assert (delivery_.progress, delivery_.reason) == (Progress.FINISHED, "")


def test_what_a_person_stopped_is_not_planned_again(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    compiled(hour(desk, 9))
    play = on_day(plan(one), desk)[0]
    assert delivery.stop(broadcast=Broadcast.objects.get(pk=play.id), actor=desk.both, now=hour(desk, 9.5))
    compiled(hour(desk, 10))
    assert on_day(plan(one), desk) == []
    assert on_day(plan(one), desk, days=2) != []
    assert version(one) == 2


def test_a_bulletin_withdrawn_leaves_every_plan(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    bulletin = desk.approved()
    slot(desk)
    compiled(hour(desk, 9))
    assert actions.withdraw(bulletin=bulletin, reason="Sai ngày", actor=desk.both, now=hour(desk, 9.5)) == 9
    compiled(hour(desk, 10))
    assert plan(one).plays == ()


def test_quiet_hours_are_kept_and_told_to_the_device(desk: Desk) -> None:
    one, other = device("Cụm Quảng Vân", desk.one, desk.now), device("Cụm Kỳ Sơn", desk.far, desk.now)
    desk.approved()
    slot(desk, at="21:30")
    policy(desk, quiet=[["21:00", "05:00"]], volumes=[["05:00", "06:00", 60]])
    compiled(hour(desk, 9))
    found = plan(one)
    assert found.plays == ()
    assert clock.ms(hour(desk, 21)) in {span.start for span in found.quiet}
    assert clock.ms(hour(desk, 29)) in {span.end for span in found.quiet}
    assert (clock.ms(hour(desk, 5)), 60) in {(limit.start, limit.most) for limit in found.limits}
    assert plan(other).quiet == ()


def test_a_device_that_moves_lives_by_the_plan_of_its_new_place(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    memory = Memory()
    compiled(hour(desk, 9), memory)
    Device.objects.filter(pk=one.pk).update(place=desk.far)
    compiled(hour(desk, 10), memory)
    assert (plan(one).plays, version(one)) == ((), 2)


def test_a_slot_changed_or_ended_in_mid_session_plays_once(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    made, memory = slot(desk), Memory()
    compiled(hour(desk, 9), memory)
    play = on_day(plan(one), desk)[0]
    services.tick(hour(desk, 17))
    models.Slot.objects.filter(pk=made.pk).update(at=time(17, 30))
    compiled(hour(desk, 17.1), memory)
    assert on_day(plan(one), desk) == [play]
    assert {clock.from_ms(each.start).astimezone(clock.LOCAL).time() for each in on_day(plan(one), desk, 2)} == {
        time(17, 30)
    }
    models.Slot.objects.filter(pk=made.pk).update(ended_at=hour(desk, 17.2))
    compiled(hour(desk, 17.2), memory)
    assert plan(one).plays == (play,)
    compiled(hour(desk, 20), memory)
    assert Session.objects.count() == 1  # what was heard is remembered, what was to come is gone


def test_what_sounds_over_midnight_is_held_to_its_end_and_no_longer(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    slot(desk, RELAY, at="23:45")
    memory = Memory()
    compiled(hour(desk, 9), memory)
    play = on_day(plan(one), desk)[0]
    services.tick(hour(desk, 23.76))
    compiled(hour(desk, 24.1), memory)
    assert plan(one).plays[0] == play
    assert len([each for each in plan(one).plays if each.start == play.start]) == 1
    compiled(hour(desk, 49), memory)  # two nights later
    assert play not in plan(one).plays


def test_a_slot_made_after_its_hour_begins_tomorrow(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    compiled(hour(desk, 18))
    assert on_day(plan(one), desk) == []
    assert on_day(plan(one), desk, 2) != []


def test_what_is_urgent_from_above_goes_in_first_and_an_officer_may_put_it_later(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    own = desk.approved()
    Bulletin.objects.filter(pk=own.pk).update(priority=PriorityClass.PRIORITY)
    above = desk.approved()
    Bulletin.objects.filter(pk=above.pk).update(place=desk.root, priority=PriorityClass.PRIORITY)
    slot(desk, Item(Kind.BULLETIN, what=own.pk.hex))
    given = {"bulletin": above, "place": desk.here, "offered_by": desk.both, "offered_at": desk.now}
    offer = Offer.objects.create(state=Offer.State.WAITING, **given)

    def order(days: int = 1) -> list[str]:
        names = Broadcast.objects.in_bulk([play.id for play in on_day(plan(one), desk, days)])
        subjects = [names_[1].subject for names_ in sorted(names.items(), key=lambda pair: pair[1].part)]
        of = {f"newsroom.version:{each.current_id.hex}": each for each in (own, above) if each.current_id}
        return ["own" if of[subject] == own else "above" for subject in subjects]

    compiled(hour(desk, 9))
    assert order() == ["own"]  # it waits to be chosen
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.ENTERED)
    compiled(hour(desk, 9))
    assert order() == ["above", "own"]
    assert order(2) == ["own"]  # once is enough
    Offer.objects.filter(pk=offer.pk).update(rank=1)
    compiled(hour(desk, 9))
    assert order() == ["own", "above"]
    services.tick(hour(desk, 17.01))
    compiled(hour(desk, 18))
    assert order(2) == ["own"]


def test_a_merged_commune_goes_on_where_it_was(desk: Desk) -> None:
    one = device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    merged = place("Tuy Phước Bắc", "xã", desk.root)
    today = clock.local_day(hour(desk, 0))
    type(desk.here).objects.filter(pk=desk.here.pk).update(valid_to=today - timedelta(days=1))
    for child in (desk.one, desk.two):
        child.up_links.update(valid_to=today - timedelta(days=1))
        child.up_links.create(child=child, parent=merged, valid_from=today)
    compiled(hour(desk, 9))
    times = [play.start for play in plan(one).plays]
    assert len(times) == len(set(times)) == 9


def test_the_planner_compiles_when_something_changed(desk: Desk) -> None:
    device("Cụm Quảng Vân", desk.one, desk.now)
    planner = Planner()
    assert planner.turn() is not None
    assert planner.turn() is None
    plans.touch()
    assert planner.turn() is not None


def test_a_change_that_was_committed_while_it_compiled_is_not_missed(desk: Desk) -> None:
    """Its officer pressed the button before the planner began, and the database said done after it had read."""
    plans.touch()
    seen = plans.changes()
    plans.touch()
    plans.compiled(seen)
    assert plans.wanted()
    plans.compiled(plans.changes())
    assert not plans.wanted()


def test_sessions_of_an_evening_without_receipts_are_no_deliveries_before_their_time(desk: Desk) -> None:
    device("Cụm Quảng Vân", desk.one, desk.now)
    desk.approved()
    slot(desk)
    compiled(hour(desk, 9))
    assert not Delivery.objects.exists()
