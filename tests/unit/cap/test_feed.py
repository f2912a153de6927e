"""Feeds: ours as RFC 4287 asks, those of others read into addresses, and nothing that harms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from nguon.cap import feed
from nguon.cap.faults import CapError, Unreadable
from nguon.cap.model import Alert
from tests.unit.cap import messages
from tests.unit.cap.messages import SENT

ADDRESS = "https://xa.example.vn/canh-bao/feed.atom"
CAP = "https://xa.example.vn/canh-bao/42.xml"
NS = {"a": feed.ATOM, "cap": "urn:oasis:names:tc:emergency:cap:1.2"}


def rendered(*entries: feed.Entry, now: datetime = SENT) -> bytes:
    return feed.render(entries, address=ADDRESS, title="Cảnh báo", author="UBND xã Tuy Phước Đông", now=now)


def an_entry(**changes: Any) -> feed.Entry:
    values: dict[str, Any] = {"id": CAP, "cap": CAP, "title": "Lũ", "updated": SENT}
    return feed.Entry(**values | changes)


def test_our_feed_has_what_rfc_4287_asks_and_leads_to_the_message() -> None:
    one = feed.entry(messages.alert(), cap=CAP, page="https://xa.example.vn/canh-bao/42")
    data = rendered(one)
    root = etree.fromstring(data)
    for path in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert root.find(path, NS) is not None, path
    (element,) = root.findall("a:entry", NS)
    for path in ("a:id", "a:title", "a:updated", "a:link[@type='application/cap+xml']", "cap:severity", "cap:areaDesc"):
        assert element.find(path, NS) is not None, path
    (found,) = feed.parse(data)
    assert (found.cap, found.page, found.title) == (CAP, one.page, "Lũ trên sông Hà Thanh lên nhanh")
    assert found.expires == messages.alert().expires
    assert rendered(one) == data


def test_what_ran_out_is_listed_no_more() -> None:
    lasting, ended = an_entry(id="a", expires=SENT + timedelta(hours=1)), an_entry(id="b", expires=SENT)
    assert [one.id for one in feed.parse(rendered(lasting, ended))] == ["a"]
    assert feed.parse(rendered(lasting, ended, now=SENT + timedelta(hours=2))) == ()
    assert rendered() == rendered(ended)


def test_the_newest_stands_first() -> None:
    old, new = an_entry(id="a", updated=SENT - timedelta(days=1)), an_entry(id="b")
    data = rendered(old, new)
    assert [one.id for one in feed.parse(data)] == ["b", "a"]
    assert b"<updated>2026-10-18T12:30:00Z</updated>" in data


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "/tmp/a.xml", "file:///etc/passwd", "https://"])
def test_only_web_addresses_go_out(address: str) -> None:
    with pytest.raises(ValueError):
        rendered(an_entry(cap=address))


def test_words_that_xml_cannot_carry_do_not_go_out() -> None:
    with pytest.raises(ValueError):
        rendered(an_entry(title="a\x00"))


def atom(*links: str, base: str = "") -> bytes:
    inside = f"<id>urn:1</id><title>t</title><updated>2026-10-18T12:30:00Z</updated>{''.join(links)}"
    return f'<feed xmlns="{feed.ATOM}"{base}><entry>{inside}</entry></feed>'.encode()


@pytest.mark.parametrize(
    ("links", "cap"),
    [
        (
            ('<link type="application/cap+xml" href="https://a.vn/1"/>', '<link href="https://a.vn/2"/>'),
            "https://a.vn/1",
        ),
        (
            ('<link href="https://a.vn/2"/>', '<link rel="related" type="application/cap+xml" href="b"/>'),
            "https://f.vn/b",
        ),
        (('<link rel="alternate" href="https://a.vn/2"/>',), "https://a.vn/2"),
        (('<link rel="enclosure" type="text/xml" href="../x.cap"/>', '<link href="y"/>'), "https://f.vn/x.cap"),
        (('<content type="application/cap+xml" src="c.xml"/>',), "https://f.vn/c.xml"),
    ],
)
def test_the_link_to_the_message_is_found(links: tuple[str, ...], cap: str) -> None:
    (found,) = feed.parse(atom(*links), base="https://f.vn/feed.atom")
    assert (found.cap, found.id, found.updated) == (cap, "urn:1", SENT)


@pytest.mark.parametrize(
    "link",
    [
        "",
        '<link rel="self" href="https://a.vn/1"/>',
        '<link type="text/html" href="https://a.vn/1"/>',
        '<link href="file:///etc/passwd"/>',
        '<link href="https://[::1/"/>',
        '<link href="javascript:alert(1)"/>',
        "<link/>",
    ],
)
def test_an_entry_without_an_address_is_left_out(link: str) -> None:
    assert feed.parse(atom(link), base="https://f.vn/") == ()


def test_xml_base_is_honoured() -> None:
    (found,) = feed.parse(atom('<link href="1.xml"/>', base=' xml:base="https://b.vn/d/"'))
    assert found.cap == "https://b.vn/d/1.xml"


def test_a_feed_as_a_weather_service_gives_it() -> None:
    """The form of the United States' national service: CAP 1.1 elements in the entry, one link without a type."""
    data = f"""<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
    <feed xmlns='{feed.ATOM}' xmlns:cap='urn:oasis:names:tc:emergency:cap:1.1'>
      <id>https://alerts.example.gov/cap/us.atom</id><updated>2026-10-18T07:00:00-05:00</updated>
      <entry><id>https://alerts.example.gov/cap/wwacapget.php?x=1</id><updated>2026-10-18T07:30:00-05:00</updated>
        <title>Flood Warning issued October 18</title>
        <link href='https://alerts.example.gov/cap/wwacapget.php?x=1'/>
        <summary>...FLOOD WARNING...</summary><cap:event>Flood Warning</cap:event>
        <cap:expires>2026-10-18T19:30:00-05:00</cap:expires></entry></feed>""".encode()
    (found,) = feed.parse(data)
    assert found.cap == found.id == "https://alerts.example.gov/cap/wwacapget.php?x=1"
    assert found.updated == SENT
    assert found.expires == SENT + timedelta(hours=12)


def test_rss_is_read() -> None:
    """The form of the World Meteorological Organization's members: the link of an item is the CAP file."""
    data = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Alerts</title>
      <item><title>Heavy rain\n  in the  north</title><link>https://cap.example.org/1.xml</link>
        <guid isPermaLink="false">urn:oid:2.49.0.0.704.0.2026.10.18.1</guid>
        <pubDate>Sun, 18 Oct 2026 19:30:00 +0700</pubDate><category>Met</category></item>
      <item><link>https://cap.example.org/page</link>
        <enclosure type="application/cap+xml" length="1" url="2.xml"/></item>
      <item><title>no address</title><pubDate>yesterday</pubDate></item></channel></rss>"""
    first, second = feed.parse(data, base="https://cap.example.org/rss.xml")
    assert first == feed.Entry(
        id="urn:oid:2.49.0.0.704.0.2026.10.18.1",
        cap="https://cap.example.org/1.xml",
        title="Heavy rain in the north",
        updated=SENT,
    )
    assert (second.cap, second.page) == ("https://cap.example.org/2.xml", "https://cap.example.org/page")


def test_of_two_with_one_id_the_newer_counts() -> None:
    both = f"""<feed xmlns="{feed.ATOM}">{
        "".join(
            f"<entry><id>a</id><updated>2026-10-{day}T00:00:00Z</updated><link href='https://a.vn/{day}'/></entry>"
            for day in (17, 18, 16)
        )
    }</feed>"""
    assert [one.cap for one in feed.parse(both.encode())] == ["https://a.vn/18"]


def test_a_feed_is_bounded() -> None:
    many = "".join(
        f"<entry><id>{n}</id><updated>{(SENT + timedelta(seconds=n)).isoformat()}</updated>"
        f"<link href='https://a.vn/{n}'/></entry>"
        for n in range(feed.MOST + 5)
    )
    found = feed.parse(f'<feed xmlns="{feed.ATOM}">{many}</feed>'.encode())
    assert len(found) == feed.MOST
    assert found[0].id == str(feed.MOST + 4)
    long = atom(f'<link href="https://a.vn/{"x" * 3000}"/>', f"<summary>{'y' * 3000}</summary>")
    assert feed.parse(long) == ()
    with pytest.raises(Unreadable, match="limit"):
        feed.parse(b" " * (feed.LIMIT + 1))


@pytest.mark.parametrize(
    "data",
    [b"", b"<html/>", b'<rdf xmlns="x"/>', b'<!DOCTYPE rss [<!ENTITY x "y">]><rss/>', b"<rss"],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        feed.parse(data)


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CapError):
        feed.parse(data)


@settings(deadline=None)
@given(st.lists(messages.alerts, max_size=3))
def test_any_messages_are_listed(alerts: list[Alert]) -> None:
    now = datetime(1980, 1, 1, tzinfo=UTC)
    entries = [feed.entry(one, cap=f"{CAP}?{at}") for at, one in enumerate(alerts)]
    found = feed.parse(rendered(*entries, now=now))
    assert {one.cap for one in found} == {one.cap for one in entries}
    assert {one.cap: one.expires for one in found} == {one.cap: one.expires for one in entries}
