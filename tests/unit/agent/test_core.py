"""The core, one behaviour a test."""

from msgspec.structs import replace

from nguon.agent import core, effects, events
from nguon.wire.messages import Presence, Reason, Refusal, Settings, Stage, Stop, Vitals
from tests.authority import sealed
from tests.unit.agent.world import AREA, DEVICE, T0, World, connected, play, stop


def test_from_order_to_end() -> None:
    world = connected()
    world.hear(play("1"))
    assert world.stages("1") == [Stage.RECEIVED]
    world.fetch_all()
    world.start()
    world.finish()
    assert world.stages("1") == [Stage.RECEIVED, Stage.STARTED, Stage.FINISHED]
    assert [receipt.seq for receipt in world.sent] == [T0, T0 + 1, T0 + 2]
    assert world.sent[-1].position == 10_000
    assert len({receipt.id for receipt in world.sent}) == 3


def test_not_for_me() -> None:
    world = connected()
    order = play("1")
    other = type(order)(**{**{name: getattr(order, name) for name in order.__struct_fields__}, "areas": ("b" * 32,)})
    world.hear(other, other)
    assert [(receipt.stage, receipt.reason) for receipt in world.sent] == [(Stage.REFUSED, Reason.NOT_FOR_ME)]
    world.hear(play("1"))  # and then it is
    assert world.stages("1") == [Stage.REFUSED, Stage.RECEIVED]


def test_named_by_itself() -> None:
    world = connected()
    order = play("1")
    fields = {name: getattr(order, name) for name in order.__struct_fields__}
    world.hear(type(order)(**{**fields, "areas": (), "devices": (DEVICE,)}))
    assert world.stages("1") == [Stage.RECEIVED]


def test_expired_on_arrival() -> None:
    world = connected()
    world.move_clock(0)
    world.sent.clear()
    world.hear(play("1", expires=T0))
    assert [(receipt.stage, receipt.reason) for receipt in world.sent] == [(Stage.EXPIRED, Reason.LATE)]
    assert not world.fetches


def test_expires_before_its_start() -> None:
    world = connected()
    world.hear(play("1", start=T0 + 50_000, expires=T0 + 20_000))
    world.fetch_all()
    assert core.due_at(world.state, world.now) <= T0 + 20_000
    world.wait(20_000)
    assert world.stages("1")[-1] == Stage.EXPIRED
    assert world.sounding() is None


def test_expiry_does_not_cut_a_sound() -> None:
    world = connected()
    world.hear(play("1", expires=T0 + 5_000))
    world.fetch_all()
    world.start()
    world.wait(6_000)
    assert world.sounding() is not None
    world.finish()
    assert world.stages("1")[-1] == Stage.FINISHED


def test_starts_at_its_time() -> None:
    world = connected()
    world.hear(play("1", start=T0 + 5_000))
    world.fetch_all()
    assert world.sounding() is None
    assert core.due_at(world.state, world.now) <= T0 + 5_000
    world.wait(4_999)
    assert world.sounding() is None
    world.wait(1)
    assert world.sounding() is not None


def test_a_repeat_resends_the_same_receipt_until_acknowledged_then_a_new_one() -> None:
    world = connected()
    world.hear(play("1"), play("1"))
    assert world.sent[0] == world.sent[1]
    world.ack()
    world.hear(play("1"))
    assert world.sent[2].stage == Stage.RECEIVED
    assert world.sent[2].seq == world.sent[0].seq + 1


def test_a_repeat_of_what_is_over_is_answered_not_played() -> None:
    world = connected()
    world.hear(play("1"))
    world.play_out()
    world.ack()
    world.sent.clear()
    world.hear(play("1"))
    assert world.stages("1") == [Stage.FINISHED]
    assert world.sounding() is None


def test_higher_level_breaks_off_and_the_lower_goes_on() -> None:
    world = connected()
    world.hear(play("1"), play("2", level=90))
    world.tell(events.Fetched("1" * 64))
    world.start()
    world.now += 3_000
    world.tell(events.Fetched("2" * 64))
    assert world.stages("1")[-1] == Stage.PREEMPTED
    assert world.sent[-1].position == 3_000
    assert world.sounding() == "2"
    world.start()
    world.finish()
    asked = world.asked
    assert asked is not None
    assert (asked.order.id, asked.offset) == ("1" * 32, 3_000)
    world.start()
    world.finish()
    assert world.stages("1")[-2:] == [Stage.STARTED, Stage.FINISHED]


def test_same_level_waits_and_the_broken_off_goes_first() -> None:
    world = connected()
    world.hear(play("2", at=T0 + 5), play("3", at=T0))
    world.tell(events.Fetched("2" * 64))
    world.start()
    world.tell(events.Fetched("3" * 64))
    assert world.sounding() == "2"
    world.now += 1_000
    world.hear(play("4", level=90))
    world.tell(events.Fetched("4" * 64))
    world.start()
    world.finish()
    assert world.sounding() == "2"


def test_stop_while_sounding() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    world.start()
    world.now += 2_000
    world.effects.clear()
    world.hear(stop("1"))
    assert isinstance(world.effects[0], effects.StopPlayer)
    assert world.stages("1")[-1] == Stage.STOPPED
    assert world.sent[-1].position == 2_000
    world.hear(play("1"))
    assert world.sounding() is None


def test_stop_before_its_play() -> None:
    world = connected()
    world.hear(stop("1"), play("1"))
    assert set(world.stages("1")) == {Stage.STOPPED}
    assert not world.fetches


def test_expired_stop_is_obeyed() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    world.start()
    world.hear(Stop(id="f" * 32, at=T0, expires=T0 - 1, broadcast="1" * 32, areas=(AREA,)))
    assert world.sounding() is None


def test_stop_everything_but_not_what_came_after() -> None:
    world = connected()
    world.hear(play("1"), play("2", start=T0 + 60_000), play("3", at=T0 + 10))
    world.fetch_all()
    world.start()
    world.now += 5
    world.hear(stop(None, at=T0 + 5))
    assert world.stages("1")[-1] == Stage.STOPPED
    assert set(world.state.held) == {"2" * 32, "3" * 32}
    world.hear(play("4", at=T0 + 4))  # late on the way: it was issued before the order to stop
    assert world.stages("4") == [Stage.STOPPED]


def test_stop_of_others_is_not_ours() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    world.hear(Stop(id="f" * 32, at=T0, expires=T0 + 1, broadcast="1" * 32, areas=("b" * 32,)))
    assert world.sounding() is not None


def test_longest_duration_ends_any_sound() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    world.start()
    assert core.due_at(world.state, world.now) <= world.now + 15_000
    world.wait(14_999)
    assert world.sounding() is not None
    world.wait(1)
    assert world.sounding() is None
    assert (world.sent[-1].stage, world.sent[-1].reason) == (Stage.FAILED, Reason.PLAYER)


def test_a_player_that_never_starts() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    world.wait(15_000)
    assert world.sounding() is None
    assert world.sent[-1].stage == Stage.FAILED
    assert world.sent[-1].position == 0


def test_an_end_far_too_early_is_no_end() -> None:
    world = connected()
    world.hear(play("1", duration=60_000))
    world.fetch_all()
    world.start()
    asked, world.asked = world.asked, None
    assert asked is not None
    world.tell(events.PlayerFinished(asked.go, 200))
    assert (world.sent[-1].stage, world.sent[-1].detail) == (Stage.FAILED, "ended after 200 of 60000 ms")


def test_player_fails_and_the_next_plays() -> None:
    world = connected()
    world.hear(play("1"), play("2"))
    world.fetch_all()
    asked, world.asked = world.asked, None
    assert asked is not None
    world.tell(events.PlayerFailed(asked.go, "no sound card"))
    assert (world.sent[-1].reason, world.sent[-1].detail) == (Reason.PLAYER, "no sound card")
    assert world.sounding() not in (None, asked.order.id[0])


def test_words_of_an_old_go_change_nothing() -> None:
    world = connected()
    world.hear(play("1"))
    world.fetch_all()
    before = world.state
    world.tell(events.PlayerFinished(99, 10_000))
    world.tell(events.PlayerStarted(99))
    world.tell(events.PlayerFailed(99, ""))
    assert world.state == before


def test_fetch_failed() -> None:
    world = connected()
    world.hear(play("1"))
    world.tell(events.FetchFailed("1" * 64, Reason.HASH, "other bytes"))
    assert (world.sent[-1].stage, world.sent[-1].reason) == (Stage.FAILED, Reason.HASH)


def test_garbage_is_counted_and_disturbs_nothing() -> None:
    world = connected()
    world.hear(play("1"))
    before = world.state
    world.effects.clear()
    for data in (b"", b"{}", b"\xff\x00", b'{"payload":"!"}', sealed(play("2"))[:-9], b'{"payload":"e30"}'):
        world.tell(events.Heard(data))
    assert replace(world.state, doubts={}) == before
    said = [effect.message for effect in world.effects if isinstance(effect, effects.Send)]
    assert [one.reason for one in said if isinstance(one, Refusal)] == [Reason.MALFORMED]
    assert world.state.doubts[Reason.MALFORMED].count == 5  # and the first is told


def test_settings() -> None:
    world = connected()
    newer = Settings(id="9" * 32, at=T0, version=2, areas=("b" * 32,), device=DEVICE, volume=30, vitals_every=5)
    world.effects.clear()
    world.hear(newer)
    assert effects.Subscribe(("b" * 32,)) in world.effects
    assert world.state.settings == newer
    world.hear(Settings(id="8" * 32, at=T0, version=1, areas=(AREA,)))
    assert world.state.settings == newer
    world.wait(5_000)
    said = [effect.message for effect in world.effects if isinstance(effect, effects.Send)]
    vitals = [message for message in said if isinstance(message, Vitals)]
    assert (vitals[0].settings, vitals[0].volume) == (2, 30)


def test_volume_of_the_order_before_that_of_the_settings() -> None:
    world = connected()
    order = play("1")
    fields = {name: getattr(order, name) for name in order.__struct_fields__}
    world.hear(type(order)(**{**fields, "volume": 15}), play("2"))
    world.tell(events.Fetched("1" * 64))
    assert world.asked is not None
    assert world.asked.volume == 15
    world.start()
    world.finish()
    world.tell(events.Fetched("2" * 64))
    assert world.asked.volume == 80


def test_without_a_link_nothing_is_sent_and_on_connecting_everything() -> None:
    world = World()
    world.hear(play("1"))
    world.play_out()
    assert world.sent == []
    world.effects.clear()
    world.tell(events.Connected())
    assert isinstance(world.effects[0], effects.Subscribe)
    assert isinstance(world.effects[1], effects.Send)
    assert isinstance(world.effects[1].message, Presence)
    assert world.stages("1") == [Stage.RECEIVED, Stage.STARTED, Stage.FINISHED]


def test_resends_until_acknowledged() -> None:
    world = connected()
    world.hear(play("1", start=T0 + 500_000))
    world.sent.clear()
    world.wait(40_000)
    assert world.stages("1") == [Stage.RECEIVED]
    world.ack()
    world.wait(40_000)
    assert world.stages("1") == [Stage.RECEIVED]


def test_an_acknowledgement_frees_only_what_it_names() -> None:
    world = connected()
    world.hear(play("1"), play("2"))
    world.sent = world.sent[1:]
    world.ack()
    assert [receipt.broadcast for receipt in world.state.pending] == ["1" * 32]


def test_proof_is_owed_until_sent() -> None:
    world = World()
    world.tell(events.Restored(proof=True))
    world.tell(events.Connected())
    world.hear(play("1"))
    world.play_out()
    assert effects.SendProof("1" * 32) in world.effects
    world.effects.clear()
    world.tell(events.Disconnected())
    world.tell(events.Connected())
    assert effects.SendProof("1" * 32) in world.effects
    world.tell(events.ProofSent("1" * 32))
    assert world.state.proofs == ()


def test_too_many_at_once_are_refused() -> None:
    world = World()
    for number in range(501):
        order = play("1")
        fields = {name: getattr(order, name) for name in order.__struct_fields__}
        world.hear(type(order)(**{**fields, "id": f"{number:032x}"}))
    assert len(world.state.held) == 500
    assert world.state.pending[-1].stage == Stage.REFUSED


def test_what_is_over_is_forgotten_a_day_after_its_expiry() -> None:
    world = connected()
    world.hear(play("1"))
    world.play_out()
    world.now = T0 + 600_000 + 86_400_000
    world.hear(play("2", expires=world.now + 1000))
    world.play_out()
    assert set(world.state.over) == {"2" * 32}


def test_vitals_come_at_their_pace() -> None:
    world = connected()
    count = 0
    for _ in range(600):
        world.effects.clear()
        world.wait(1_000)
        count += sum(isinstance(effect, effects.Send) and effect.what == "vitals" for effect in world.effects)
    assert 10 <= count <= 11
