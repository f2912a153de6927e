"""One article, thirteen sites, three times.

A bulletin of the district, approved by two people, is posted on the sites of its thirteen communes at three different
times. Everything is seen from outside: the office by its pages, the sites by their addresses, as a reader would.
"""

import re
import time
from datetime import datetime, timedelta

import httpx
import pytest

from nguon.kit import clock
from tests.services import Server
from tests.walks.officer import PATIENCE, Officer, eventually, text
from tests.walks.test_keyboard_to_loudspeaker import approve, write_and_hear

pytestmark = pytest.mark.slow
TITLE = "Lịch tiêm phòng cho trẻ em toàn huyện"
SLUG = "lich-tiem-phong-cho-tre-em-toan-huyen"
SITES = 13


def officer(server: Server, username: str) -> Officer:
    lines = server.nguon("demo", "accounts").splitlines()
    return Officer(server.base_url, username, next(line for line in lines if username in line).split()[1])


def offered(page: str) -> list[str]:
    """The ids of the sites in the form of posting."""
    return re.findall(r'name="site-([0-9a-f]{32})"', page)


def sites(editor: Officer) -> dict[str, str]:
    """The site of each name in the office: its path."""
    page = editor.open("/tin-tren-trang/")
    page = page[page.index('id="trang"') :].partition("</select>")[0]
    return {name.strip(): slug for slug, name in re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page)}


def first_seen(server: Server, slugs: list[str], at: dict[str, datetime]) -> dict[str, tuple[datetime, bool]]:
    """When each site first showed the article, and whether it was asked for in vain before."""
    found: dict[str, tuple[datetime, bool]] = {}
    vain: set[str] = set()
    limit = time.monotonic() + PATIENCE
    with httpx.Client(base_url=server.base_url, timeout=30) as reader:
        while len(found) < len(slugs):
            assert time.monotonic() < limit, f"not up: {set(slugs) - set(found)}"
            for slug in (one for one in slugs if one not in found):
                answer = reader.get(f"/trang/{slug}/tin/{SLUG}")
                if answer.status_code == httpx.codes.OK and TITLE in answer.text:
                    found[slug] = (clock.now(), slug in vain)
                else:
                    assert answer.status_code == httpx.codes.NOT_FOUND, f"{slug}: {answer.status_code}"
                    assert clock.now() < at[slug] + timedelta(seconds=PATIENCE)
                    vain.add(slug)
            time.sleep(0.5)
    return found


def test_one_article_thirteen_sites_three_times(demo_server: Server) -> None:
    with officer(demo_server, "bt.huyen") as editor, officer(demo_server, "duyet.huyen") as leader:
        address, sound = write_and_hear(editor, TITLE)
        refused = editor.open(address.replace("/ban-tin/", "/tin-tren-trang/dang/"))
        assert "chưa được duyệt" in text(refused), "what is not approved cannot be posted"
        editor.open(address)
        approve(editor, leader, address, sound, TITLE)
        form = address.replace("/ban-tin/", "/tin-tren-trang/dang/")
        ids = offered(editor.open(form))
        assert len(ids) == SITES
        names = re.findall(r'name="site-[0-9a-f]{32}".*?<span>([^<]+)</span>', editor.page.text, re.DOTALL)
        slug_of = sites(editor)
        slugs = [next(slug for said, slug in slug_of.items() if said.endswith(name.strip()[1:])) for name in names]
        editor.open(form)
        now = clock.now()
        times = [now, now + timedelta(seconds=20), now + timedelta(seconds=35)]
        at = {slug: times[number % 3] for number, slug in enumerate(slugs)}
        own = {
            f"at-{one}": at[slug].astimezone(clock.LOCAL).replace(tzinfo=None).isoformat()
            for one, slug in zip(ids, slugs, strict=True)
            if at[slug] > now
        }
        editor.send(form, when="now", **{f"site-{one}": "on" for one in ids}, **own)
        assert "Đã đăng lên 13 trang." in text(editor.page.text)
        found = first_seen(demo_server, slugs, at)
        for slug, (seen, asked_before) in found.items():
            assert seen >= at[slug], f"{slug} showed it before its time"
            assert asked_before or at[slug] == now, f"{slug} was never looked at before its time"
        eventually(lambda: receipts(editor, form) == SITES, "a site without a receipt")
    with httpx.Client(base_url=demo_server.base_url, timeout=30) as reader:
        part = reader.get(f"/trang/{slugs[0]}/tin/{SLUG}/nghe", headers={"Range": "bytes=0-99"})
        whole = reader.get(f"/trang/{slugs[-1]}/tin/{SLUG}/nghe")
    assert (part.status_code, len(part.content)) == (httpx.codes.PARTIAL_CONTENT, 100)
    assert whole.content[:100] == part.content, "every site reads the one approved sound aloud"


def receipts(editor: Officer, form: str) -> int:
    """How many sites were looked at and show the very article."""
    return text(editor.open(form)).count("người xem thấy đúng bài này")


def test_taken_down_on_one_site_it_stays_on_the_others(demo_server: Server) -> None:
    with officer(demo_server, "bt.huyen") as editor:
        slugs = sorted(sites(editor).values())
        slug = slugs[0]
        page = editor.open(f"/tin-tren-trang/?trang={slug}")
        action = re.search(r'"(/tin-tren-trang/[0-9a-f-]{36}/go)"', page)
        assert action
        editor.send(action[1], why="nhầm lịch của xã")
    with httpx.Client(base_url=demo_server.base_url, timeout=30) as reader:
        eventually(lambda: reader.get(f"/trang/{slug}/tin/{SLUG}").status_code == httpx.codes.GONE, "it is still there")
        assert "Tin này đã được gỡ" in reader.get(f"/trang/{slug}/tin/{SLUG}").text
        left = [one for one in slugs if reader.get(f"/trang/{one}/tin/{SLUG}").status_code == httpx.codes.OK]
    assert left == [one for one in slugs if one != slug]
