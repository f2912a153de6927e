"""Alerts: two hands, every cluster, and nothing without them; heard by the real core of a device."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.agent import core, events
from nguon.agent import effects as ef
from nguon.agent.state import State as Device
from nguon.agent.state import fresh
from nguon.alerts import actions, errors, queries, scores
from nguon.alerts.actions import Draft
from nguon.alerts.models import Alert, State
from nguon.cap import hazards
from nguon.cap.hazards import Kind
from nguon.delivery import sealed
from nguon.delivery.models import Broadcast
from nguon.delivery.models import State as Sent
from nguon.delivery.queries import outgoing
from nguon.delivery.rules import Targets
from nguon.devices.queries import wire_keys, wire_settings
from nguon.keys import actions as keys
from nguon.keys import queries as rings
from nguon.kit.clock import local_day, ms
from nguon.media import channels
from nguon.media.models import File, Rendition
from nguon.media.models import State as Made
from nguon.people.models import Office, Person, Role
from nguon.people.scope import Forbidden
from nguon.places.models import Link, Place
from nguon.wire import trust
from nguon.wire.ladder import Level
from tests.app import stage
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
ON = local_day(NOW)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


@pytest.fixture
def world() -> Stage:
    """A commune with an office in a district; its officer may write alerts."""
    built = stage.build()
    above = Place.objects.create(name="Tuy Phước", kind="Huyện", folded="tuy phuoc")
    Link.objects.create(child=built.commune, parent=above)
    Office.objects.create(name="UBND xã", place=built.commune)
    keys.ensure(now=NOW)
    role(built.editor, "editor", built.commune)
    return built


def role(person: Person, kind: str, where: Place) -> Person:
    Role.objects.create(person=person, kind=kind, place=where)
    return person


@pytest.fixture
def leader(world: Stage) -> Person:
    return role(Person.objects.create_user("ct", full_name="Trần Văn Bình"), "approver", world.commune)


def draft(world: Stage, **changes: Any) -> Draft:
    hazard = hazards.by_code("lu")
    facts = {name: blank.example for name, blank in hazards.known_blanks().items()}
    words = hazards.fill(hazard.say(drill=bool(changes.get("drill"))), facts)
    given: dict[str, Any] = {
        "hazard": "lu",
        "kind": Kind.WARNING,
        "level": 3,
        "headline": words.headline,
        "text": " ".join(words.order),
        "targets": Targets(places=(world.hamlets[0].pk,)),
        "lasts": timedelta(hours=6),
        "facts": facts,
    }
    return Draft(**(given | changes))


def submitted(world: Stage, **changes: Any) -> Alert:
    made = actions.create(draft=draft(world, **changes), place_id=world.commune.pk, actor=world.editor, now=NOW)
    return actions.submit(alert=made, actor=world.editor, now=NOW)


def spoken(alert: Alert) -> None:
    """Its voice is ready."""
    file = File.objects.create(
        sha256="b" * 64, size=9, mime="audio/mpeg", duration_ms=20_000, path="b.mp3", created_at=NOW
    )
    assert alert.sound_id is not None
    Rendition.objects.filter(pk=alert.sound_id).update(state=Made.READY, file=file)
    alert.refresh_from_db()


def live(world: Stage, leader: Person, **changes: Any) -> Alert:
    alert = submitted(world, **changes)
    spoken(alert)
    return actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)


def sent(alert: Alert) -> list[Broadcast]:
    return list(Broadcast.objects.filter(alert_saying__alert=alert).order_by("alert_saying__at", "seq"))


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
    assert actions.say_due(now=NOW + timedelta(hours=1)) == 0
    later = NOW + timedelta(hours=2)
    assert actions.say_due(now=later) == 2
    assert actions.say_due(now=later) == 0
    assert len(sent(alert)) == 4
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


# a device


class Box:
    """A device of the first hamlet, at night."""

    def __init__(self, world: Stage, now: datetime) -> None:
        device = world.devices[0]
        known = rings.ring(device.place_id, ON, now)
        assert known is not None
        ring = trust.anchored(wire_keys(device, known))
        self.now = now
        self.state: Device = fresh(wire_settings(device, ON), device.pk.hex, ring, checked=True)
        self.playing: list[str] = []
        self._take(events.Connected())

    def _take(self, event: events.Event) -> None:
        self.state, effects = core.step(self.state, event, ms(self.now))
        for effect in effects:
            if isinstance(effect, ef.StartPlayer):
                self.playing.append(effect.order.id)
            elif isinstance(effect, ef.StopPlayer):
                self.playing.append("")

    def hear(self, *orders: Broadcast) -> None:
        plug = channels.active()["speaker"]
        for one in orders:
            stopped = one.state == Sent.STOPPED
            seal = (sealed.silence_of if stopped else sealed.seal_of)(one, self.now)
            (publication, *_) = (plug.silence if stopped else plug.announce)(outgoing(one), seal)
            self._take(events.Heard(publication.payload))
            if one.file_id and not stopped:
                self._take(events.Fetched(one.file_id))


@pytest.fixture
def box(world: Stage) -> Box:
    return Box(world, NOW)


def test_a_device_sounds_what_two_people_signed_and_falls_silent_at_one_hand(
    world: Stage, leader: Person, box: Box
) -> None:
    alert = live(world, leader)
    siren, text = sent(alert)
    box.hear(siren, text)
    assert box.playing == [siren.pk.hex]
    assert not box.state.doubts
    actions.stop(alert=alert, actor=world.editor, now=NOW)
    box.hear(*sent(alert))
    assert box.playing[-1] == ""
    assert not box.state.held


def test_the_server_alone_cannot_make_an_emergency(world: Stage, leader: Person, box: Box) -> None:
    """Whoever writes into the database what two people did not sign gets nothing out of a loudspeaker."""
    alert = live(world, leader)
    Broadcast.objects.filter(alert_saying__alert=alert).update(signers=[])
    box.hear(*sent(alert))
    assert not box.playing
    assert {reason.value for reason in box.state.doubts} == {"signers"}


def test_a_drill_takes_one_hand_and_says_so(world: Stage, box: Box) -> None:
    alert = submitted(world, drill=True)
    assert alert.state == State.LIVE
    assert alert.headline.startswith("Diễn tập")
    box.hear(*sent(alert))
    assert box.playing == [sent(alert)[0].pk.hex]


def test_the_score_counts_who_sounded_and_names_who_did_not(world: Stage, leader: Person) -> None:
    from nguon.delivery.models import Delivery

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
