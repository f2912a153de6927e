"""The disk: what a loss of power, a bad card and a full disk leave."""

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nguon.agent.shelf import NoRoom
from nguon.agent.store import Store
from nguon.wire.messages import Content
from tests.unit.agent.world import connected, play


def some(data: bytes) -> Content:
    return Content(url="/x", sha256=hashlib.sha256(data).hexdigest(), size=len(data), duration=1)


def put(store: Store, data: bytes, age: int = 0) -> Content:
    content = some(data)
    path = store.path(content.sha256)
    path.write_bytes(data)
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return content


def test_state_comes_back_as_it_was(tmp_path: Path) -> None:
    world = connected()
    world.hear(play("1"))
    store = Store(tmp_path)
    assert store.load() is None
    store.save(world.state)
    assert Store(tmp_path).load() == world.state


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_torn_or_damaged_state_is_set_aside(tmp_path: Path, data: st.DataObject) -> None:
    world = connected()
    world.hear(play("1"))
    store = Store(tmp_path)
    store.save(world.state)
    path = tmp_path / "state"
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        bad = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        bad = whole[:at] + bytes((whole[at] ^ 1 << data.draw(st.integers(0, 7)),)) + whole[at + 1 :]
    path.write_bytes(bad)
    assert store.load() is None
    assert not path.exists()
    assert bad in [aside.read_bytes() for aside in tmp_path.glob("state.bad-*")]
    store.save(world.state)
    assert store.load() == world.state


def test_power_lost_while_writing_leaves_the_one_before(tmp_path: Path) -> None:
    world = connected()
    store = Store(tmp_path)
    store.save(world.state)
    (tmp_path / "state.new").write_bytes(b"half of some")  # where the next one was being written
    assert store.load() == world.state
    world.hear(play("1"))
    store.save(world.state)
    assert store.load() == world.state


def test_a_damaged_content_is_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    content = put(store, b"sound")
    assert store.holds(content)
    store.path(content.sha256).write_bytes(b"soond")
    assert not store.holds(content)
    assert not store.path(content.sha256).exists()


def test_only_the_content_meant_is_accepted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    content = some(b"sound")
    store.part(content.sha256).write_bytes(b"other")
    assert not store.accept(content)
    store.part(content.sha256).write_bytes(b"sound")
    assert store.accept(content)
    assert store.holds(content)
    assert not store.part(content.sha256).exists()


def test_room_is_made_oldest_first_and_what_is_needed_stays(tmp_path: Path) -> None:
    store = Store(tmp_path, cache_bytes=300)
    oldest, older, new = (put(store, bytes([n]) * 100, age) for n, age in ((1, 30), (2, 20), (3, 10)))
    store.make_room(some(b"x" * 100), {oldest.sha256: 0})
    left = {path.name for path in store.contents.iterdir()}
    assert left == {oldest.sha256, new.sha256}
    with pytest.raises(NoRoom):
        store.make_room(some(b"y" * 250), {oldest.sha256: 0})
    assert older.sha256 not in left
    assert {path.name for path in store.contents.iterdir()} == left, "they went, and it found no room all the same"


def test_a_disk_without_that_much_room(tmp_path: Path) -> None:
    store = Store(tmp_path, cache_bytes=1 << 60)
    with pytest.raises(NoRoom):
        store.make_room(Content(url="/x", sha256="0" * 64, size=1 << 50, duration=1), {})


def test_recordings_beyond_the_number_go_except_those_owed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(5):
        store.recording(str(number)).write_bytes(b"")
        os.utime(store.recording(str(number)), (number, number))
    store.keep_recordings(2, frozenset({"0"}))
    assert {path.stem for path in store.recordings.iterdir()} == {"0", "3", "4"}


def test_a_state_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    """Whatever the card does, the device starts."""
    store = Store(tmp_path)
    (tmp_path / "state").mkdir()
    assert store.load() is None
    store.save(connected().state)
    assert store.load() == connected().state


def test_of_many_bad_states_the_newest_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(9):
        (tmp_path / "state").write_bytes(b"%d" % number)
        assert store.load() is None
    assert sorted(path.read_bytes() for path in tmp_path.glob("state.bad-*")) == [b"6", b"7", b"8"]


def test_a_card_that_takes_nothing_any_more_still_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    content = put(store, b"sound")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(os, "utime", refuse)
    assert store.holds(content)


def test_a_content_the_card_cannot_give_is_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    content = some(b"sound")
    store.path(content.sha256).symlink_to(store.path(content.sha256))  # reading it is an error of the system
    assert not store.holds(content)
    assert not store.path(content.sha256).is_symlink()


def test_one_agent_a_home(tmp_path: Path) -> None:
    """Two would play everything twice."""
    with Store(tmp_path).alone(), pytest.raises(OSError, match="another agent"), Store(tmp_path).alone():
        pass
    with Store(tmp_path).alone():
        pass
