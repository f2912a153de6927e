"""Alerts: two hands, every cluster, and nothing without them; heard by the real core of a device."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.alerts import actions, errors, queries, scores
from nguon.alerts.models import Alert, State
from nguon.cap.hazards import Kind
from nguon.delivery.models import Delivery
from nguon.delivery.models import State as Sent
from nguon.delivery.rules import Targets
from nguon.kit.clock import local_day
from nguon.people.models import Office, Person
from nguon.people.scope import Forbidden
from nguon.places.models import Link, Place
from nguon.wire.ladder import Level
from tests.app import alarms, stage
from tests.app.alarms import draft, live, role, sent, spoken, submitted
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
ON = local_day(NOW)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


@pytest.fixture
def world() -> Stage:
    return alarms.build()


@pytest.fixture
def leader(world: Stage) -> Person:
    return alarms.make_leader(world)


# hands


def test_one_hand_is_not_enough_and_the_second_sends_it(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    assert (alert.state, alert.needed) == (State.WAITING, 2)
    assert not sent(alert)
    assert list(queries.waiting_for(leader)) == [alert]
    assert not queries.waiting_for(world.editor).exists()
    again = actions.sign(alert=alert, digest=alert.digest, actor=world.editor, now=NOW)
    assert again.state == State.WAITING  # the same hand twice
    done = actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)
    assert done.state == State.LIVE
    siren = sent(done)[0]
    assert siren.level == Level.EMERGENCY
    assert set(siren.signers) == {world.editor.pk.hex, leader.pk.hex}


def test_what_was_changed_after_it_was_read_is_not_signed(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    Alert.objects.filter(pk=alert.pk).update(text="Nước đã rút.")
    with pytest.raises(errors.Changed):
        actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)
    with pytest.raises(errors.Changed):
        actions.sign(alert=alert, digest="0" * 64, actor=leader, now=NOW)
    assert not sent(alert)


def test_two_officers_without_a_leader(world: Stage) -> None:
    alert = submitted(world)
    other = role(Person.objects.create_user("bt2", full_name="Lê Thị Mai"), "editor", world.commune)
    with pytest.raises(errors.NoLeader):
        actions.sign(alert=alert, digest=alert.digest, actor=other, now=NOW)
    alert.refresh_from_db()
    assert alert.state == State.WAITING


def test_who_has_no_right_there(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    elsewhere = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    stranger = role(Person.objects.create_user("la", full_name="Người Lạ"), "approver", elsewhere)
    watcher = role(Person.objects.create_user("xem", full_name="Người Xem"), "watcher", world.commune)
    for person in (stranger, watcher):
        with pytest.raises(Forbidden):
            actions.sign(alert=alert, digest=alert.digest, actor=person, now=NOW)
        with pytest.raises(Forbidden):
            actions.create(draft=draft(world), place_id=world.commune.pk, actor=person, now=NOW)


def test_nobody_warns_where_they_have_no_say(world: Stage) -> None:
    elsewhere = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    wide = draft(world, targets=Targets(places=(world.hamlets[0].pk, elsewhere.pk)))
    with pytest.raises(Forbidden):
        actions.create(draft=wide, place_id=world.commune.pk, actor=world.editor, now=NOW)


def test_signed_by_two_at_once_it_goes_out_once(world: Stage, leader: Person) -> None:
    alert = live(world, leader)
    third = role(Person.objects.create_user("pct", full_name="Phó chủ tịch"), "approver", world.commune)
    with pytest.raises(errors.NotNow):
        actions.sign(alert=alert, digest=alert.digest, actor=third, now=NOW)
    assert len(sent(alert)) == 2  # siren and text


def test_a_whole_commune_is_the_matter_of_its_two_hands(world: Stage, leader: Person) -> None:
    alert = submitted(world, targets=Targets(places=(world.commune.pk,)))
    assert (alert.reach["places"], alert.needed) == (2, 2)


def test_two_communes_need_a_third_hand(world: Stage, leader: Person) -> None:
    other = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    above = Place.objects.get(name="Tuy Phước")
    Link.objects.create(child=other, parent=above)
    Office.objects.create(name="UBND xã Phước Lộc", place=other)
    stage.device("Cụm 9", other).save(force_insert=True)
    for person, kind in ((world.editor, "editor"), (leader, "approver")):
        role(person, kind, above)
    both = Targets(places=(world.commune.pk, other.pk))
    made = actions.create(draft=draft(world, targets=both), place_id=above.pk, actor=world.editor, now=NOW)
    alert = actions.submit(alert=made, actor=world.editor, now=NOW)
    assert (alert.reach["authorities"], alert.needed) == (2, 3)
    assert actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW).state == State.WAITING
    third = role(Person.objects.create_user("pct", full_name="Phó chủ tịch"), "approver", above)
    assert actions.sign(alert=alert, digest=alert.digest, actor=third, now=NOW).state == State.LIVE


# taken back


def test_the_word_of_a_mistake_is_signed_with_the_warning_and_goes_out_at_one_tap(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    ready = alert.followers.get()
    assert (ready.state, ready.prepared) == (State.WAITING, True)
    assert "phát nhầm" in ready.headline
    assert "{" not in ready.text
    assert not queries.waiting_for(leader).filter(pk=ready.pk).exists()
    with pytest.raises(errors.NotNow):
        actions.release(alert=ready, actor=world.editor, now=NOW)  # the warning has not gone out
    actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)
    out = actions.release(alert=ready, actor=world.editor, now=NOW)
    alert.refresh_from_db()
    assert (out.state, alert.state) == (State.LIVE, State.REPLACED)
    assert set(sent(out)[0].signers) == {world.editor.pk.hex, leader.pk.hex}


def test_after_it_was_stopped_it_may_still_be_called_a_mistake(world: Stage, leader: Person) -> None:
    alert = live(world, leader)
    actions.stop(alert=alert, actor=leader, now=NOW)
    ready = alert.followers.get()
    actions.expire(now=NOW + timedelta(hours=1))
    assert actions.release(alert=ready, actor=leader, now=NOW + timedelta(hours=1)).state == State.LIVE


@pytest.mark.parametrize("over", ["expired", "stopped long ago", "withdrawn", "returned"])
def test_nothing_is_taken_back_that_is_over(world: Stage, leader: Person, over: str) -> None:
    alert = submitted(world)
    if over in ("withdrawn", "returned"):
        if over == "withdrawn":
            actions.withdraw(alert=alert, actor=leader, now=NOW)
        else:
            actions.give_back(alert=alert, reason="Sai", actor=leader, now=NOW)
    else:
        actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)
        if over == "stopped long ago":
            actions.stop(alert=alert, actor=leader, now=NOW)
    actions.expire(now=NOW + timedelta(hours=7))
    with pytest.raises(errors.NotNow):
        actions.release(alert=alert.followers.get(), actor=leader, now=NOW + timedelta(hours=7))


def test_a_signer_agreed_to_the_word_of_mistake_too(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    alert.followers.update(text="Bà con về nhà.")
    with pytest.raises(errors.Changed):
        actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)


def test_returned_it_is_a_draft_and_no_hand_is_under_it(world: Stage, leader: Person) -> None:
    alert = actions.give_back(alert=submitted(world), reason="Sai tên sông", actor=leader, now=NOW)
    assert (alert.state, alert.consents.count()) == (State.DRAFT, 0)
    with pytest.raises(errors.NotNow):
        actions.sign(alert=alert, digest="", actor=leader, now=NOW)


def test_nowhere_and_nothing(world: Stage) -> None:
    empty = Place.objects.create(name="Trống", kind="thôn", folded="trong")
    Link.objects.create(child=empty, parent=world.commune)
    made = actions.create(
        draft=draft(world, targets=Targets(places=(empty.pk,))), place_id=world.commune.pk, actor=world.editor, now=NOW
    )
    with pytest.raises(errors.Nowhere):
        actions.submit(alert=made, actor=world.editor, now=NOW)
    with pytest.raises(errors.Unsaid):
        actions.create(draft=draft(world, text=" "), place_id=world.commune.pk, actor=world.editor, now=NOW)


# sound


def test_the_siren_goes_at_once_and_the_text_when_its_voice_is_ready(world: Stage, leader: Person) -> None:
    alert = submitted(world)
    alert = actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)
    assert [each.length_ms for each in sent(alert)] == [6_000]
    assert actions.say_due(now=NOW) == 0
    spoken(alert)
    assert actions.say_due(now=NOW + timedelta(seconds=2)) == 1
    assert actions.say_due(now=NOW + timedelta(seconds=3)) == 0
    assert [each.length_ms for each in sent(alert)] == [6_000, 20_000]


def test_it_is_said_again_by_its_cadence_and_ends_with_its_time(world: Stage, leader: Person) -> None:
    alert = live(world, leader)
    assert alert.next_at == NOW + timedelta(hours=2)
    assert {each.expires_at for each in sent(alert)} == {alert.next_at}, "who comes back later hears the newest only"
    assert actions.say_due(now=NOW + timedelta(hours=1)) == 0
    later = NOW + timedelta(hours=2)
    assert actions.say_due(now=later) == 2
    assert actions.say_due(now=later) == 0
    assert len(sent(alert)) == 4
    assert sent(alert)[-1].expires_at == NOW + timedelta(hours=4)
    assert actions.expire(now=NOW + timedelta(hours=6)) == 1
    alert.refresh_from_db()
    assert alert.state == State.EXPIRED
    assert actions.say_due(now=NOW + timedelta(hours=8)) == 0


def test_a_correction_takes_its_place_and_silences_it(world: Stage, leader: Person) -> None:
    first = live(world, leader)
    second = actions.create(
        draft=draft(world, kind=Kind.CORRECTION, headline="Đính chính"),
        place_id=world.commune.pk,
        actor=world.editor,
        now=NOW,
        follows=first,
    )
    second = actions.submit(alert=second, actor=world.editor, now=NOW)
    actions.sign(alert=second, digest=second.digest, actor=leader, now=NOW)
    first.refresh_from_db()
    assert first.state == State.REPLACED
    assert {each.state for each in sent(first)} == {Sent.STOPPED}


def test_the_score_counts_who_sounded_and_names_who_did_not(world: Stage, leader: Person) -> None:
    alert = live(world, leader, targets=Targets(places=(world.hamlets[0].pk,)))
    role(world.editor, "watcher", world.commune)
    siren = sent(alert)[0]
    first, second = [one for one in world.devices if one.place_id == world.hamlets[0].pk]
    given = {"broadcast": siren, "changed_at": NOW}
    Delivery.objects.create(
        device=first, received_at=NOW, started_at=NOW + timedelta(seconds=0.4), progress="started", **given
    )
    Delivery.objects.create(device=second, progress="waiting", **given)
    found = scores.score(alert, world.editor)
    assert found is not None
    told = found.whole
    assert (told.devices, told.received, told.sounded, told.share) == (2, 1, 1, 50)
    assert (told.median, told.last) == (0.4, 0.4)
    assert [(place, [row.device for row in rows]) for place, rows in found.missing] == [
        (str(world.hamlets[0]), [second.pk])
    ]


def test_in_whose_name(world: Stage) -> None:
    targets = Targets(places=(world.hamlets[0].pk,))
    assert queries.speaks_for(world.editor, targets, ON) == world.commune.pk
    elsewhere = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    with pytest.raises(Forbidden):
        queries.speaks_for(world.editor, Targets(places=(elsewhere.pk,)), ON)


def test_how_many_live_there_is_told_only_if_it_is_known(world: Stage) -> None:
    def told(*where: Place) -> int | None:
        return queries.reach(Targets(places=tuple(place.pk for place in where)), ON).people

    one, two = world.hamlets
    assert told(world.commune) is None
    Place.objects.filter(pk=one.pk).update(population=800)
    assert (told(one), told(two), told(world.commune), told(one, two)) == (800, None, None, None)
    Place.objects.filter(pk=two.pk).update(population=700)
    assert (told(world.commune), told(one, two), told(world.commune, one)) == (1_500, 1_500, 1_500)
    Place.objects.filter(pk=world.commune.pk).update(population=1_600)
    assert told(world.commune) == 1_600, "the register of the commune counts, not the sum"
    assert queries.reach(Targets(devices=(world.devices[0].pk,)), ON).people == 800


def test_of_an_alert_that_widens_each_cluster_counts_from_when_it_was_meant(world: Stage, leader: Person) -> None:
    alert = live(world, leader, targets=Targets(places=(world.commune.pk,)))
    first, second = world.devices[:2]
    siren = sent(alert)[0]
    later = actions.say_due(now=NOW + timedelta(hours=2))
    assert later == 2
    wider = sent(alert)[2]
    Delivery.objects.create(broadcast=siren, device=first, changed_at=NOW, started_at=NOW + timedelta(seconds=1))
    Delivery.objects.create(
        broadcast=wider, device=second, changed_at=NOW, started_at=NOW + timedelta(hours=2, seconds=3)
    )
    role(world.editor, "watcher", world.commune)
    found = scores.score(alert, world.editor)
    assert found is not None
    assert (found.whole.median, found.whole.last) == (3.0, 3.0)
    assert [(one.tally.devices, one.tally.sounded, one.tally.last) for one in scores.past(alert, world.editor)] == [
        (2, 2, 3.0)
    ]
