"""When an item of the system above counts, how hours are read, what a signature is worth: without any database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from nguon.channels.board.upper import interface, rules
from nguon.channels.board.upper.interface import Item, Playlist, Report, Unbelieved
from nguon.kit import clock
from nguon.kit.clock import LOCAL
from nguon.wire.codec import Malformed
from nguon.wire.seal import SigningKey

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=LOCAL)  # a Thursday
KEY, OTHER = SigningKey(b"1" * 32), SigningKey(b"2" * 32)


def item(**changes: Any) -> Item:
    given: dict[str, Any] = {
        "id": "1" * 32,
        "title": "Lịch cắt điện",
        "hash": "a" * 64,
        "url": "trang/x",
        "size": 10,
        "mime": "application/json",
        "seconds": 8,
    }
    return Item(**(given | changes))


def counts(one: Item, at: datetime = NOON) -> bool:
    return rules.counts(one, clock.ms(at), at.astimezone(LOCAL))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, True),
        ({"begins": clock.ms(NOON)}, True),
        ({"begins": clock.ms(NOON) + 1}, False),
        ({"ends": clock.ms(NOON)}, False),
        ({"ends": clock.ms(NOON) + 1}, True),
        ({"days": (4,)}, True),
        ({"days": (1, 2, 3, 5, 6, 7)}, False),
        ({"minutes": ((720, 721),)}, True),
        ({"minutes": ((660, 720),)}, False),
        ({"minutes": ((0, 60), (700, 1440))}, True),
    ],
)
def test_when_an_item_counts(terms: dict[str, Any], expected: bool) -> None:
    assert counts(item(**terms)) is expected


def test_days_and_minutes_are_those_of_vietnam() -> None:
    late = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)  # 01:30 on Friday there
    assert counts(item(days=(5,), minutes=((60, 120),)), late)
    assert not counts(item(days=(4,)), late)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("6:00-8:30", ((360, 510),)),
        ("6h–8h30, 16:00 – 22:00", ((360, 480 + 30), (960, 1320))),
        ("22:00-6:00", ((0, 360), (1320, 1440))),
        ("6-9, 8-10", ((360, 600),)),
        ("0:00-24:00", ((0, 1440),)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert rules.parts(text) == expected
    assert rules.parts(rules.said(expected)) == expected


@pytest.mark.parametrize("text", ["sáng", "6:00", "25:00-26:00", "6:61-7:00", "8:00-8:00", "6-7-8", "24:00-6:00"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        rules.parts(text)


def test_days_are_whole_days_of_vietnam() -> None:
    begin, end = rules.spans(date(2026, 11, 26), date(2026, 11, 26), LOCAL)
    assert begin is not None
    assert end is not None
    assert (begin.isoformat(), end - begin) == ("2026-11-26T00:00:00+07:00", timedelta(days=1))
    assert rules.spans(None, None, LOCAL) == (None, None)


def test_waits_grow_and_end() -> None:
    assert rules.next_look(NOON, 5, 0) - NOON == timedelta(minutes=5)
    assert rules.next_look(NOON, 5, 1) - NOON == timedelta(minutes=10)
    assert rules.next_look(NOON, 5, 99) - NOON == timedelta(minutes=15)
    assert rules.next_look(NOON, 60, 99) - NOON == timedelta(minutes=60)


def test_a_report_begins_with_the_day_of_the_last_one_and_goes_back_a_month_at_most() -> None:
    assert rules.since(NOON - timedelta(days=2), NOON, LOCAL).isoformat() == "2026-11-24T00:00:00+07:00"
    assert rules.since(None, NOON, LOCAL).isoformat() == "2026-11-26T00:00:00+07:00"
    assert rules.since(NOON - timedelta(days=300), NOON, LOCAL).date() == date(2026, 10, 27)


def playlist(*keys: str, **changes: Any) -> Playlist:
    given: dict[str, Any] = {"v": 1, "id": "2" * 32, "name": "Màn LED", "issuer": "Huyện Tuy Phước", "version": 1}
    given |= {"made": clock.ms(NOON), "until": clock.ms(NOON) + 1, "keys": keys or (KEY.public,), "items": (item(),)}
    return Playlist(**(given | changes))


def test_a_playlist_is_believed_by_a_trusted_key_only() -> None:
    data = interface.sign(playlist(), KEY)
    assert interface.opened(data, (OTHER.public, KEY.public)) == playlist()
    with pytest.raises(Unbelieved) as caught:
        interface.opened(data, (OTHER.public,))
    assert caught.value.keys == (KEY.public,)


def test_a_key_that_is_named_and_did_not_sign_is_not_offered() -> None:
    with pytest.raises(Unbelieved) as caught:
        interface.opened(interface.sign(playlist(OTHER.public, KEY.public), KEY), ())
    assert caught.value.keys == (KEY.public,)


def test_changed_bytes_are_not_believed() -> None:
    good = msgspec.json.decode(interface.sign(playlist(), KEY))
    other = msgspec.json.decode(interface.sign(playlist(version=2), OTHER))
    forged = msgspec.json.encode(good | {"payload": other["payload"]})
    with pytest.raises(Unbelieved):
        interface.opened(forged, (KEY.public,))


def test_a_playlist_that_names_no_key_of_its_signer_is_none() -> None:
    with pytest.raises(Malformed):
        interface.opened(interface.sign(playlist(OTHER.public), KEY), (KEY.public,))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[1]", b"\xff", b'{"payload":"!"}', b"{" * 5000, b"x" * (2 * interface.PLAYLIST_LIMIT + 1)],
)
def test_rubbish_is_malformed(data: bytes) -> None:
    with pytest.raises((Malformed, Unbelieved)):
        interface.opened(data, (KEY.public,))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"items": [{"id": "x"}]},
        {"items": [msgspec.to_builtins(item()) | {"size": 3_000_000}]},
        {"items": [msgspec.to_builtins(item()) | {"minutes": [[0, 1441]]}]},
        {"items": [msgspec.to_builtins(item()) | {"days": [8]}]},
        {"items": [msgspec.to_builtins(item())] * 201},
        {"keys": []},
    ],
)
def test_what_is_not_exactly_the_interface_is_malformed(change: dict[str, Any]) -> None:
    raw = msgspec.json.encode(msgspec.to_builtins(playlist()) | change)
    with pytest.raises(Malformed):
        interface.decode(raw, Playlist, interface.PLAYLIST_LIMIT)


def test_a_newer_playlist_may_say_more() -> None:
    raw = msgspec.json.encode(msgspec.to_builtins(playlist()) | {"colour": "blue"})
    assert interface.decode(raw, Playlist, interface.PLAYLIST_LIMIT) == playlist()


def test_a_report_is_bounded() -> None:
    with pytest.raises(Malformed):
        interface.decode(b" " * (interface.REPORT_LIMIT + 1), Report, interface.REPORT_LIMIT)


def test_a_fingerprint_is_read_in_groups_of_five_digits() -> None:
    said = rules.read_aloud(KEY.kid)
    assert [len(group) for group in said.split()] == [5] * 6
    assert said.replace(" ", "").isdecimal()
    assert said != rules.read_aloud(OTHER.kid)
    assert rules.read_aloud("A" * 43) == " ".join(["00000"] * 6)
