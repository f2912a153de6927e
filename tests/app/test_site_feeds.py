"""Feeds of a site: well formed, with whole addresses, and short answers to who asks again."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from nguon.newsroom import queries as newsroom
from nguon.portal.models import Posting, Site
from tests.app import airing, desk, onsite
from tests.app.desk import Desk, device

pytestmark = pytest.mark.django_db
ROOT = "https://nguon.example/trang/phuoc-thuan"
ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = ("tin-moi.rss", "tin-moi.atom", "linh-vuc/local.rss", "nghe-lai.rss", "lich-phat-thanh.ics", "sitemap.xml")


@pytest.fixture
def world(settings: Settings) -> Desk:
    settings.NGUON_PUBLIC_URL = "https://nguon.example"
    return desk.make_desk()


@pytest.fixture
def site(world: Desk) -> Site:
    return onsite.site(world.here, world.now)


def xml(path: str) -> ElementTree.Element:
    answer = Client().get(f"/trang/phuoc-thuan/{path}")
    assert answer.status_code == 200, path
    return ElementTree.fromstring(answer.content)


def text(node: ElementTree.Element, name: str) -> str:
    found = node.findtext(name)
    assert found, name
    return found


def test_news_as_rss_keeps_its_rules(world: Desk, site: Site) -> None:
    posting = onsite.posted(world, site)
    root = xml("tin-moi.rss")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    for name in ("title", "link", "description"):  # those that RSS 2.0 demands
        text(channel, name)
    assert text(channel, "language") == "vi"
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert own.attrib == {"rel": "self", "href": f"{ROOT}/tin-moi.rss"}
    (item,) = channel.findall("item")
    assert text(item, "title") == posting.version.title
    assert text(item, "link") == f"{ROOT}/tin/{posting.slug}" == text(item, "guid")
    assert parsedate_to_datetime(text(item, "pubDate")) == posting.publish_at.replace(microsecond=0)
    assert text(item, "category") == "Thông tin, chỉ đạo của địa phương"


def test_news_as_atom_keeps_its_rules(world: Desk, site: Site) -> None:
    posting = onsite.posted(world, site)
    corrected = world.now - timedelta(minutes=5)
    Posting.objects.update(corrected_at=corrected)
    root = xml("tin-moi.atom")
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):  # those that RFC 4287 demands
        text(root, f"{ATOM}{name}")
    text(root, f"{ATOM}author/{ATOM}name")
    (entry,) = root.findall(f"{ATOM}entry")
    assert text(entry, f"{ATOM}id") == f"{ROOT}/tin/{posting.slug}"
    assert datetime.fromisoformat(text(entry, f"{ATOM}updated")) == corrected
    assert datetime.fromisoformat(text(entry, f"{ATOM}published")) == posting.publish_at


def test_a_field_has_a_feed_of_its_own(world: Desk, site: Site) -> None:
    onsite.posted(world, site)
    onsite.posted(world, site, world.approved(category="science"))
    assert len(xml("tin-moi.rss").findall("channel/item")) == 2
    assert len(xml("linh-vuc/science.rss").findall("channel/item")) == 1
    assert len(xml("linh-vuc/science.atom").findall(f"{ATOM}entry")) == 1
    for path in ("khong-co.rss", "science.json"):
        assert Client().get(f"/trang/phuoc-thuan/linh-vuc/{path}").status_code == 404
    page = Client().get("/trang/phuoc-thuan/nhan-tin/").text
    assert 'href="/trang/phuoc-thuan/linh-vuc/science.rss"' in page
    assert "linh-vuc/goods.rss" not in page


def test_what_is_not_public_is_in_no_feed(world: Desk, site: Site) -> None:
    onsite.posted(world, site, hours=1, slug="chua-den-gio")
    onsite.posted(world, site, slug="da-go")
    Posting.objects.filter(slug="da-go").update(withdrawn_at=world.now)
    for path in ("tin-moi.rss", "tin-moi.atom", "sitemap.xml"):
        answer = Client().get(f"/trang/phuoc-thuan/{path}").text
        assert "chua-den-gio" not in answer
        assert "da-go" not in answer


def test_the_podcast_keeps_its_rules(world: Desk, site: Site) -> None:
    bulletin = world.approved()
    file = onsite.sound(b"0123456789", world.now)
    onsite.went_out(world, bulletin, device("Cụm 1", world.one, world.now), file=file)
    channel = xml("nghe-lai.rss").find("channel")
    assert channel is not None
    text(channel, f"{ITUNES}author")
    assert text(channel, f"{ITUNES}explicit") == "false"
    category = channel.find(f"{ITUNES}category")
    assert category is not None
    assert category.get("text") == "News"
    (item,) = channel.findall("item")
    enclosure = item.find("enclosure")
    assert enclosure is not None
    address = f"{ROOT}/nghe-lai/{newsroom.newest(bulletin).pk}.mp3"
    assert enclosure.attrib == {"url": address, "length": "10", "type": "audio/mpeg"}
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert text(item, f"{ITUNES}duration") == "61"
    assert Client().get(address.removeprefix("https://nguon.example")).status_code == 200


def test_the_hours_are_a_calendar_that_others_read(world: Desk, site: Site) -> None:
    device("Cụm 1", world.one, world.now)
    airing.slot(world, airing.programme(world, "Bản tin sáng"), first_day=world.now.date())
    answer = Client().get("/trang/phuoc-thuan/lich-phat-thanh.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content)
    events: list[Any] = list(found.walk("VEVENT"))
    assert len(events) >= 6
    assert {str(event["SUMMARY"]) for event in events} == {"Bản tin sáng"}
    assert len({str(event["UID"]) for event in events}) == len(events)
    for event in events:
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        assert (start.hour, start.minute, str(start.tzinfo)) == (22, 0, "UTC"), "five o'clock in Vietnam"
        assert end - start == timedelta(minutes=30)


def test_the_map_of_the_site_names_every_page(world: Desk, site: Site) -> None:
    posting = onsite.posted(world, site)
    found = {text(one, f"{MAP}loc"): one.findtext(f"{MAP}lastmod") for one in xml("sitemap.xml")}
    assert f"{ROOT}/" in found
    assert f"{ROOT}/lich-phat-thanh/" in found
    assert f"{ROOT}/canh-bao-hien-co/" in found
    changed = found[f"{ROOT}/tin/{posting.slug}"]
    assert changed is not None
    assert datetime.fromisoformat(changed) == posting.publish_at.replace(microsecond=0)
    for address in found:
        assert Client().get(address.removeprefix("https://nguon.example")).status_code == 200, address
    robots = Client().get("/trang/phuoc-thuan/robots.txt").text
    assert f"Sitemap: {ROOT}/sitemap.xml" in robots
    assert "Disallow: /trang/phuoc-thuan/phan-anh/" in robots


@pytest.mark.parametrize("path", FEEDS)
def test_who_asks_again_for_the_same_gets_a_short_answer(world: Desk, site: Site, path: str) -> None:
    onsite.posted(world, site)
    first = Client().get(f"/trang/phuoc-thuan/{path}")
    again = Client().get(f"/trang/phuoc-thuan/{path}", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_an_article_more_or_less_changes_the_feed(world: Desk, site: Site) -> None:
    first = Client().get("/trang/phuoc-thuan/tin-moi.rss").headers["ETag"]
    onsite.posted(world, site)
    again = Client().get("/trang/phuoc-thuan/tin-moi.rss", headers={"if-none-match": first})
    assert again.status_code == 200
    Posting.objects.update(withdrawn_at=world.now)
    tag, since = again.headers["ETag"], "Fri, 31 Dec 2100 00:00:00 GMT"
    gone = Client().get("/trang/phuoc-thuan/tin-moi.rss", headers={"if-none-match": tag, "if-modified-since": since})
    assert gone.status_code == 200


def test_a_site_with_its_own_name_gives_its_own_addresses(world: Desk, site: Site) -> None:
    Site.objects.update(host="phuocthuan.example")
    cache.clear()
    posting = onsite.posted(world, site)
    client = Client(headers={"host": "phuocthuan.example"})
    assert f"<link>http://phuocthuan.example/tin/{posting.slug}</link>" in client.get("/tin-moi.rss").text
    assert "Sitemap: http://phuocthuan.example/sitemap.xml" in client.get("/robots.txt").text
    front = client.get("/").text
    assert '<link rel="alternate" type="application/rss+xml" href="/tin-moi.rss"' in front


def test_the_signed_alerts_of_the_place_are_linked(world: Desk, site: Site) -> None:
    page = Client().get("/trang/phuoc-thuan/nhan-tin/").text
    assert f'href="https://nguon.example/cap/dia-ban/{world.here.pk}.atom"' in page
