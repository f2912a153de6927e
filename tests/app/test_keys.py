"""Keys of authorities and people: made at first need, renewed, taken back; and devices follow."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from nguon import vault
from nguon.agent import core, events
from nguon.agent import effects as ef
from nguon.agent.state import State, fresh
from nguon.delivery import sealed
from nguon.delivery.actions import create_broadcast
from nguon.delivery.models import Broadcast
from nguon.delivery.queries import outgoing
from nguon.delivery.rules import Targets
from nguon.devices import channels
from nguon.devices.models import Device
from nguon.devices.queries import wire_keys, wire_settings
from nguon.keys import actions, queries, sealing
from nguon.keys.models import AuthorityKey, PersonKey
from nguon.kit.clock import local_day, ms
from nguon.people.models import Office, Person
from nguon.places import queries as places
from nguon.places.models import Link, Place
from nguon.wire import codec, seal, trust
from nguon.wire.messages import Content, Play, Reason, Refusal
from tests.app import stage as made
from tests.app.stage import NOW, Stage

ON = local_day(NOW)
SOUND = Content(url="/x", sha256="a" * 64, size=1, duration=1_000)


pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Stage:
    """The commune lies in a district."""
    built = made.build()
    above = Place.objects.create(name="Tuy Phước", kind="Huyện", folded="tuy phuoc")
    Link.objects.create(child=built.commune, parent=above)
    return built


@pytest.fixture
def able(district: Stage) -> Stage:
    """The commune has an office, and so a key of its own."""
    Office.objects.create(name="UBND xã", place=district.commune)
    actions.ensure(now=NOW)
    return district


def test_keys_that_another_process_makes_in_the_same_moment_are_found(
    district: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first devices of a new server enrol while its sender makes the first keys."""
    real = actions.ensure
    desk = sealing.Desk(NOW)
    monkeypatch.setattr(actions, "ensure", lambda *, now: real(now=now) and 0)
    assert desk.ring(district.commune.pk).authorities


def root(stage: Stage) -> UUID:
    return places.tree().above(stage.commune.pk, ON)[0]


def ring(stage: Stage, now: datetime = NOW) -> trust.Ring:
    keys = queries.ring(stage.hamlets[0].pk, ON, now)
    assert keys is not None
    return trust.anchored(keys)


def an_order(stage: Stage, **changes: object) -> Play:
    order = Play(id="1" * 32, at=ms(NOW), expires=ms(NOW) + 60_000, level=40, content=SOUND, seq=1)
    return replace(order, issuer=sealing.issuer(stage.commune.pk, NOW).hex, **changes)


def doubt(order: Play, data: bytes, believed: trust.Ring) -> Reason:
    return trust.doubt(believed, order, trust.opened(believed, data, ms(NOW)))


def test_a_territory_without_keys_gets_them_at_first_need(district: Stage) -> None:
    assert sealing.issuer(district.hamlets[0].pk, NOW) == root(district)
    assert AuthorityKey.objects.filter(spare=False).count() == 1
    assert AuthorityKey.objects.filter(spare=True).count() == 1
    assert actions.ensure(now=NOW) == 0


def test_an_office_makes_an_authority(able: Stage) -> None:
    assert sealing.issuer(able.hamlets[0].pk, NOW) == able.commune.pk
    known = queries.ring(able.hamlets[0].pk, ON, NOW)
    assert known is not None
    ranks = [(each.place, each.rank) for each in known.authorities]
    assert ranks[-1] == (able.commune.pk.hex, len(ranks) - 2)  # the root and its spare have the same
    assert known.version == queries.edition()


def test_what_an_authority_signs_is_believed_below_it_and_nowhere_else(able: Stage) -> None:
    other = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    Office.objects.create(name="UBND xã", place=other)
    actions.ensure(now=NOW)
    order = an_order(able)
    data = codec.encode(order)
    assert doubt(order, sealing.by_place(able.commune.pk, NOW)(data), ring(able)) is Reason.NONE
    with pytest.raises(trust.Untrusted):
        trust.opened(ring(able), sealing.by_place(other.pk, NOW)(data), ms(NOW))


def test_two_officers_sign_an_emergency(able: Stage) -> None:
    order = an_order(able, level=90)
    data, until = codec.encode(order), NOW + timedelta(hours=2)
    people = [able.editor.pk, Person.objects.create(username="b", full_name="B").pk]
    both = sealing.by_people(able.commune.pk, people, NOW, until, NOW)(data)
    assert doubt(order, both, ring(able)) is Reason.NONE
    assert sealing.by_people(able.commune.pk, reversed(people), NOW, until, NOW)(data) == both  # the same bytes again
    one = sealing.by_people(able.commune.pk, people[:1], NOW, until, NOW)(data)
    assert doubt(order, one, ring(able)) is Reason.SIGNERS
    late = ms(until + sealing.VOUCHED)
    with pytest.raises(trust.Untrusted):
        trust.opened(ring(able), both, late)


def test_a_persons_key_that_is_taken_back(able: Stage) -> None:
    data = codec.encode(an_order(able))
    mine = sealing.by_people(able.commune.pk, [able.editor.pk], NOW, NOW + timedelta(hours=1), NOW)(data)
    assert trust.opened(ring(able), mine, ms(NOW)).people
    assert actions.revoke_person(person=able.editor, actor=able.editor, now=NOW)
    assert not actions.revoke_person(person=able.editor, actor=able.editor, now=NOW)
    with pytest.raises(trust.Untrusted):
        trust.opened(ring(able, NOW + timedelta(seconds=1)), mine, ms(NOW))
    assert actions.person_key(person=able.editor.pk, now=NOW).kid not in ring(able).revoked


def test_secrets_are_sealed_and_bound_to_their_rows(able: Stage) -> None:
    one, other = AuthorityKey.objects.order_by("pk")[:2]
    key = sealing.opened(one)
    assert key.kid == one.kid
    assert key.seed not in bytes(one.secrets)
    with pytest.raises(vault.VaultError):
        vault.unseal(one.secrets, other.pk)


def test_a_key_near_its_end_gets_a_successor_and_both_sign(able: Stage) -> None:
    near = NOW + actions.LIFE - actions.RENEW + timedelta(days=1)
    assert actions.ensure(now=near) == 3  # the commune's, the root's, the root's spare
    data = codec.encode(an_order(able))
    believed = trust.opened(ring(able, near), sealing.by_place(able.commune.pk, near)(data), ms(near))
    assert len(believed.authorities) == 2


# devices


class Box:
    """A device of the hamlet as after its enrolment."""

    def __init__(self, stage: Stage) -> None:
        self.device = stage.devices[0]
        known = queries.ring(self.device.place_id, ON, NOW)
        assert known is not None
        believed = trust.anchored(wire_keys(self.device, known))
        self.state: State = fresh(wire_settings(self.device, ON), self.device.pk.hex, believed, checked=True)
        self.refused: list[Reason] = []
        self.hear(None, NOW)

    def hear(self, data: bytes | None, now: datetime) -> None:
        event = events.Connected() if data is None else events.Heard(data)
        self.state, effects = core.step(self.state, event, ms(now))
        for effect in effects:
            if isinstance(effect, ef.Send) and isinstance(effect.message, Refusal):
                self.refused.append(effect.message.reason)

    def hear_keys(self, now: datetime) -> None:
        for _pk, publication in sealed.keys_for([self.device.pk], now):
            self.hear(publication.payload, now)


def a_broadcast(stage: Stage, now: datetime) -> Broadcast:
    return create_broadcast(
        subject="newsroom.bulletin:1",
        review=None,
        title="Họp thôn",
        place_id=stage.commune.pk,
        channel="speaker",
        level=40,
        file=stage.file,
        targets=Targets(places=(stage.commune.pk,)),
        start_at=None,
        expires_at=now + timedelta(hours=1),
        actor=stage.editor,
        now=now,
    )


def announced(broadcast: Broadcast, now: datetime) -> bytes:
    plug = channels.active()["speaker"]
    return plug.announce(outgoing(broadcast), sealed.seal_of(broadcast, now))[0].payload


def test_what_the_sender_signs_a_device_believes(able: Stage) -> None:
    box, broadcast = Box(able), a_broadcast(able, NOW)
    assert (broadcast.issuer_id, broadcast.seq) == (able.commune.pk, 1)
    assert a_broadcast(able, NOW).seq == 2
    box.hear(announced(broadcast, NOW), NOW)
    assert broadcast.pk.hex in box.state.held
    plug = channels.active()["speaker"]
    box.hear(plug.silence(outgoing(broadcast), sealed.silence_of(broadcast, NOW))[0].payload, NOW)
    assert broadcast.pk.hex in box.state.over
    assert not box.refused


def test_a_stolen_key_of_the_commune(able: Stage) -> None:
    """What was signed with it is believed until the device hears of it, and never again afterwards."""
    box = Box(able)
    stolen = AuthorityKey.objects.get(place=able.commune)
    thief = sealing.opened(stolen)
    successor = actions.revoke(key=stolen, actor=able.editor, now=NOW)
    assert successor is not None
    assert actions.revoke(key=stolen, actor=able.editor, now=NOW) is None
    box.hear_keys(NOW)
    assert box.state.ring.version == queries.edition() + box.device.settings_version
    box.hear(seal.sign(codec.encode(an_order(able, areas=(able.commune.pk.hex,))), thief), NOW)
    assert box.refused == [Reason.UNKNOWN_KEY]
    broadcast = a_broadcast(able, NOW)
    box.hear(announced(broadcast, NOW), NOW)
    assert broadcast.pk.hex in box.state.held


def test_a_stolen_key_of_the_topmost_authority_is_taken_back_with_its_spare(able: Stage) -> None:
    box, top = Box(able), root(able)
    stolen = AuthorityKey.objects.get(place=top, spare=False)
    spare = AuthorityKey.objects.get(place=top, spare=True)
    assert actions.revoke(key=stolen, actor=able.editor, now=NOW) == spare
    assert AuthorityKey.objects.filter(place=top, spare=True).exclude(pk=spare.pk).exists()  # for the next time
    box.hear_keys(NOW)
    keys = {each.key for each in box.state.ring.authorities}
    assert stolen.public not in keys
    assert spare.public in keys
    assert not box.refused


def test_a_device_that_was_moved_gets_other_authorities(able: Stage) -> None:
    box = Box(able)
    elsewhere = Place.objects.create(name="Phước Lộc", kind="xã", folded="phuoc loc")
    Device.objects.filter(pk=box.device.pk).update(place=elsewhere, settings_version=box.device.settings_version + 1)
    actions.ensure(now=NOW)
    assert [pk for pk, _ in sealed.keys_for([box.device.pk], NOW)] == [box.device.pk]


def test_a_reform_that_puts_another_root_on_top_is_followed(able: Stage) -> None:
    """The district ends, the communes lie in a province: devices know the district alone, and take its last word."""
    box, old = Box(able), root(able)
    province = Place.objects.create(name="Gia Lai", kind="Tỉnh", folded="gia lai")
    day = ON - timedelta(days=1)
    Link.objects.filter(child=able.commune).update(valid_to=day)
    Place.objects.filter(pk=old).update(valid_to=day)
    Link.objects.create(child=able.commune, parent=province, valid_from=ON)
    box.hear_keys(NOW)
    assert not box.refused
    assert {each.place for each in box.state.ring.authorities} == {province.pk.hex, able.commune.pk.hex}
    settings = sealing.Desk(NOW).by_top(box.device.place_id)(codec.encode(wire_settings(box.device, ON)))
    box.hear(settings, NOW)
    broadcast = a_broadcast(able, NOW)
    box.hear(announced(broadcast, NOW), NOW)
    assert broadcast.pk.hex in box.state.held
    assert not box.refused


def test_making_and_taking_back_is_in_the_journal(able: Stage) -> None:
    from nguon.journal.models import Entry

    actions.revoke(key=AuthorityKey.objects.get(place=able.commune), actor=able.editor, now=NOW)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"keys.make", "keys.revoke"} <= verbs


def test_one_key_a_person_though_two_ask(able: Stage) -> None:
    first = actions.person_key(person=able.editor.pk, now=NOW)
    assert actions.person_key(person=able.editor.pk, now=NOW) == first
    assert PersonKey.objects.count() == 1
