"""The one word for a device, and the counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.delivery.models import Progress
from nguon.monitor import rules, words
from nguon.monitor.rules import Facts, Health

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
facts = st.builds(
    Facts,
    status=st.sampled_from(["planned", "active", "repair"]),
    enrolled=st.booleans(),
    online=st.booleans(),
    seen_at=st.none() | st.timedeltas(timedelta(0), timedelta(days=2)).map(lambda gap: NOW - gap),
    playing=st.booleans(),
    disk_free=st.none() | st.integers(0, 10**12),
    clock_offset=st.none() | st.integers(-(10**9), 10**9),
)
WELL = Facts(status="active", enrolled=True, online=True, seen_at=NOW, disk_free=10**9, clock_offset=0)


@given(facts)
def test_ready_means_that_nothing_is_wrong(device: Facts) -> None:
    if rules.health(device, NOW) == Health.READY:
        assert device.online
        assert device.enrolled
        assert device.status == "active"
        assert rules.troubles(device, NOW) == ()


@given(facts)
def test_a_device_without_contact_is_never_said_to_play(device: Facts) -> None:
    if not device.online:
        assert rules.health(device, NOW) in rules.AWAY
        assert rules.troubles(device, NOW) == ()


@given(facts)
def test_a_device_that_is_not_in_use_has_no_faults(device: Facts) -> None:
    if rules.health(device, NOW) in rules.AWAY:
        assert rules.troubles(device, NOW) == ()


@given(facts)
def test_every_state_has_words_a_shape_and_only_faults_are_troubles(device: Facts) -> None:
    state = rules.health(device, NOW)
    assert str(words.HEALTH[state])
    assert rules.KINDS[state]
    assert set(rules.troubles(device, NOW)) <= rules.FAULTS


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, Health.READY),
        ({"playing": True}, Health.PLAYING),
        ({"online": False, "playing": True}, Health.OFFLINE),
        ({"enrolled": False}, Health.PLANNED),
        ({"status": "planned"}, Health.PLANNED),
        ({"status": "repair"}, Health.REPAIR),
        ({"clock_offset": -5_001}, Health.CLOCK),
        ({"clock_offset": 5_000}, Health.READY),
        ({"disk_free": 50 * 1024 * 1024 - 1}, Health.DISK),
        ({"disk_free": 50 * 1024 * 1024}, Health.READY),
        ({"seen_at": NOW - timedelta(minutes=3)}, Health.SILENT),
        ({"seen_at": None}, Health.SILENT),
        ({"disk_free": None, "clock_offset": None}, Health.READY),
        ({"playing": True, "clock_offset": 60_000}, Health.PLAYING),
    ],
)
def test_the_word_for_a_device(changes: dict[str, object], state: Health) -> None:
    assert rules.health(Facts(**(vars(WELL) | changes)), NOW) == state


@given(st.lists(st.tuples(st.sampled_from(Health), st.booleans()), max_size=50))
def test_counts_add_up(seen: list[tuple[Health, bool]]) -> None:
    counts = rules.count(seen)
    others = sum(state not in (Health.PLAYING, Health.READY, Health.OFFLINE) for state, _ in seen)
    assert counts.playing + counts.ready + counts.offline + others == counts.total
    assert counts.faulty <= counts.total


@given(st.dictionaries(st.sampled_from(Progress.values), st.integers(0, 5000)))
def test_no_delivery_is_lost_between_the_stages(counts: dict[str, int]) -> None:
    assert sum(number for _, _, number in rules.stages(counts)) == sum(counts.values())


def test_every_progress_is_in_one_stage_and_every_stage_has_words() -> None:
    gathered = [name for _, _, names in rules.STAGES for name in names]
    assert sorted(gathered) == sorted(Progress.values)
    assert {name for name, _, _ in rules.STAGES} == words.STAGE.keys()


@given(st.none() | st.integers(-150, 0))
def test_a_stronger_signal_never_has_fewer_bars(dbm: int | None) -> None:
    bars = rules.signal_bars(dbm)
    assert 0 <= bars <= 4
    if dbm is not None and dbm < 0:
        assert bars <= rules.signal_bars(dbm + 1)


def test_vitals_in_words() -> None:
    assert words.signal(-104) == "Sóng yếu (−104\u00a0dBm)"
    assert words.signal(None) == "Không đo"
    assert words.clock(12_400) == "Nhanh 12 giây"
    assert words.clock(-65_000) == "Chậm 1 phút 5 giây"
    assert words.clock(4_000) == "Đúng giờ"
    assert words.disk(1_500_000_000) == "Còn 1,4 GB"
    assert words.temperature(78.2) == "Quá nóng (78\u00a0°C)"
    assert words.refusal("mới") == "Bị từ chối"
