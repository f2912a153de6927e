"""Rules of links: which addresses are let through, what lies where, what a message becomes."""

import ipaddress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.cap import codes, hazards, profile
from nguon.cap.hazards import Kind
from nguon.cap.model import Alert, Area, Circle, Named
from nguon.links import rules
from nguon.links.rules import Bar
from nguon.outside import addresses
from tests.unit.cap import messages

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "localhost",
        "",
    ],
)
def test_our_own_network_is_never_reached(address: str) -> None:
    assert not addresses.reachable(address, ())


@pytest.mark.parametrize("address", ["1.1.1.1", "203.113.131.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_the_internet_is(address: str) -> None:
    assert addresses.reachable(address, ())


@given(st.ip_addresses(v=4))
def test_an_inner_address_is_judged_like_the_plain_one(address: ipaddress.IPv4Address) -> None:
    plain = addresses.reachable(str(address), ())
    assert addresses.reachable(f"::ffff:{address}", ()) is plain
    inside = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert addresses.reachable(str(inside), ()) is plain


def test_the_operator_may_open_a_network() -> None:
    near = addresses.networks("10.12.0.0/16, 192.168.7.7")
    assert addresses.reachable("10.12.9.9", near)
    assert addresses.reachable("192.168.7.7", near)
    assert not addresses.reachable("10.13.0.1", near)
    assert not addresses.reachable("fd00::1", near)
    assert addresses.networks("") == ()


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://kttv.gov.vn/cap/feed.atom?x=1", True),
        ("http://[2001:db8::1]:8080/", True),
        ("https://đài.vn/tin", True),
        ("ftp://x/", False),
        ("https://", False),
        ("https://u:p@x/", False),
        ("https://x y/", False),
        ("https://x/\r\nHost: y", False),
        ("https://x:99999/", False),
        ("//x/", False),
    ],
)
def test_addresses_of_feeds(address: str, good: bool) -> None:
    assert addresses.is_feed_address(address) is good


@given(st.integers(1, 60), st.integers(0, 1000))
def test_a_feed_is_always_looked_at_again_and_never_sooner_for_failing(every: int, failures: int) -> None:
    wait = rules.next_look(NOW, every, failures) - NOW
    assert timedelta(minutes=every) <= wait <= max(timedelta(minutes=every), rules.LONGEST_WAIT)


@given(st.integers(1, 1000))
def test_an_entry_that_is_missed_is_asked_for_ever_more_rarely(tries: int) -> None:
    first, second = rules.missed_again(tries, NOW), rules.missed_again(tries + 1, NOW)
    assert NOW < first <= second <= NOW + rules.MISSED_LONGEST


SQUARE = ((10.0, 100.0), (10.0, 110.0), (20.0, 110.0), (20.0, 100.0), (10.0, 100.0))
inner = st.tuples(st.floats(10.001, 19.999), st.floats(100.001, 109.999))
outer = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(
    lambda point: not (10 <= point[0] <= 20 and 100 <= point[1] <= 110)
)


@given(inner, outer)
def test_points_in_and_out_of_a_square(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert rules.inside(one, SQUARE)
    assert not rules.inside(other, SQUARE)
    assert rules.inside(one, SQUARE[::-1])


def test_a_circle_is_measured_along_the_surface() -> None:
    assert rules.distance((13.77, 109.22), (13.77, 109.22)) == 0
    assert 111 < rules.distance((13.0, 109.0), (14.0, 109.0)) < 112
    area = Area(description="x", circles=(Circle((13.0, 109.0), 50.0),))
    assert rules.within((13.4, 109.0), (area,))
    assert not rules.within((13.6, 109.0), (area,))


def test_names_count_only_where_nothing_better_is_said() -> None:
    names = {"thon loc ha": 1, "xa phuoc thuan": 2}
    plain = Area(description="Thôn Lộc Hạ và xã Phước Thuận; thôn An Lạc")
    coded = msgspec.structs.replace(plain, geocodes=(Named(profile.PLACE, "1"),))
    assert rules.named((plain,), names) == frozenset(names)
    assert rules.named((coded,), names) == frozenset()
    assert rules.geocodes((plain, coded)) == {"1"}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("Tin bão khẩn cấp", "bao"),
        ("Cảnh báo lũ quét, sạt lở đất", "lu_quet"),
        ("Lũ", "lu"),
        ("Typhoon Warning", "bao"),
        ("Flash Flood Warning", "lu_quet"),
        ("Severe Thunderstorm Warning", "loc_set_mua_da"),
        ("AMBER ALERT", "khac"),
        ("Cảnh báo", "khac"),  # not bão
    ],
)
def test_the_hazard_is_found_by_the_words_of_the_event(event: str, code: str) -> None:
    assert rules.hazard_of(messages.info(event=event, headline="", event_codes=())) == code


def test_the_hazard_is_taken_as_said_by_our_own_code() -> None:
    for one in hazards.all():
        info = messages.info(event="x", event_codes=(Named(profile.HAZARD, one.code),))
        assert rules.hazard_of(info) == one.code


def test_the_level_is_as_said_or_the_lowest_of_its_severity() -> None:
    by = {severity: rules.level_of(messages.info(severity=severity)) for severity in codes.Severity}
    assert by == {"Extreme": 4, "Severe": 3, "Moderate": 2, "Minor": 1, "Unknown": None}
    assert rules.level_of(messages.info(parameters=(Named(profile.LEVEL, "5"),))) == 5


def test_what_to_do_is_kept_before_what_happened() -> None:
    info = messages.info(description="Nước lên. " * 200, instruction="Đi ngay lên chỗ cao.")
    text, cut = rules.text_of(info, 300)
    assert cut
    assert len(text) <= 300
    assert text.endswith("Đi ngay lên chỗ cao.")
    assert text.startswith("Nước lên. ")


@given(st.text(max_size=400), st.text(max_size=400), st.integers(1, 300))
def test_a_text_is_never_longer_than_it_may_be(description: str, instruction: str, most: int) -> None:
    text, cut = rules.text_of(messages.info(description=description, instruction=instruction), most)
    assert len(text) <= most
    assert cut or text == " ".join(f"{description} {instruction}".split())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"scope": codes.Scope.PRIVATE, "addresses": ("x",)}, Bar.NOT_PUBLIC),
        ({"status": codes.Status.TEST}, Bar.NOT_REAL),
        ({"status": codes.Status.SYSTEM}, Bar.NOT_REAL),
        ({"status": codes.Status.DRAFT}, Bar.NOT_REAL),
        ({"message_type": codes.MessageType.ACK}, Bar.ANSWER),
        ({"message_type": codes.MessageType.CANCEL}, Bar.NOTHING_TO_END),
        ({"infos": ()}, Bar.EMPTY),
    ],
)
def test_what_becomes_no_alert(changes: dict[str, object], why: Bar | None) -> None:
    now = messages.SENT + timedelta(minutes=1)
    found = rules.bar(messages.alert(**changes), taken=True, followed=False, superseded=False, now=now)
    assert found == why


@given(messages.alerts)
def test_nothing_comes_of_what_is_not_believed(alert: object) -> None:
    assert isinstance(alert, Alert)
    assert rules.bar(alert, taken=False, followed=True, superseded=False, now=NOW) == Bar.UNTRUSTED


def test_a_cancel_of_ours_is_a_mistake_and_one_of_others_an_end() -> None:
    ours = messages.info(parameters=(Named(profile.KIND, "warning"),))
    cancel = messages.alert(message_type=codes.MessageType.CANCEL)
    assert rules.kind_of(cancel, ours) == Kind.MISTAKE
    assert rules.kind_of(cancel, messages.info()) == Kind.OVER
    assert rules.kind_of(messages.alert(), messages.info(parameters=(Named(profile.KIND, "over"),))) == Kind.WARNING


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("CN=Đài tỉnh", "Đài tỉnh"),
        ("O=Bộ,CN=Đài\\, tỉnh,C=VN", "Đài, tỉnh"),
        ("O=Bộ", "O=Bộ"),
        ("", ""),
    ],
)
def test_whose_a_certificate_is(subject: str, name: str) -> None:
    assert rules.whose(subject) == name


@given(st.binary(max_size=300))
def test_whatever_comes_is_judged_and_never_believed(data: bytes) -> None:
    found = rules.judge(data, certificates="", unsigned=False, at=NOW)
    assert found.verdict in ("invalid", "untrusted")
    assert found.problems
