"""A site as static files: every link leads to a file, and nothing in it asks a server."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from pytest_django.fixtures import Settings

from nguon.channels.site import copied, export
from nguon.cli.site import command
from nguon.kit import clock
from nguon.portal.models import Section, Site
from tests.app import airing, desk, onsite
from tests.app.desk import Desk, device

pytestmark = pytest.mark.django_db
LINK = re.compile(r'\b(?:href|src)="([^"]*)"')


@pytest.fixture
def world(settings: Settings) -> Desk:
    settings.NGUON_PUBLIC_URL = "https://nguon.example"
    made = desk.make_desk()
    cluster = device("Cụm loa Quảng Vân", made.one, made.now)
    type(cluster).objects.update(latitude=13.83, longitude=109.16)
    site = onsite.site(made.here, made.now)
    bulletin = made.approved()
    onsite.posted(made, site, bulletin, slug="cat-dien")
    onsite.went_out(made, bulletin, cluster, file=onsite.sound(b"0123456789", made.now))
    airing.slot(made, airing.programme(made, "Bản tin sáng"), first_day=made.now.date())
    return made


@pytest.fixture
def site(world: Desk) -> Site:
    return Site.objects.get()


def broken(folder: Path) -> list[str]:
    """The links of all pages that lead to no file of the folder."""
    found = []
    for page in folder.rglob("*.html"):
        for link in LINK.findall(page.read_text()):
            path = link.partition("#")[0]
            if urlsplit(path).scheme or not path:  # the site's own address, a telephone number
                continue
            target = (page.parent / path).resolve()
            if not target.is_file() or folder.resolve() not in target.parents:
                found.append(f"{page.relative_to(folder)}: {link}")
    return found


def test_every_page_and_sound_is_a_file_and_every_link_leads_to_one(world: Desk, site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "luu"
    made = export.into_folder(site=site, folder=folder, now=world.now)
    assert made.missing == []
    assert broken(folder) == []
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    expected = {"index.html", "tin/cat-dien.html", "lich-phat-thanh/index.html", "ban-do/index.html"}
    expected |= {"nghe-lai/index.html", "canh-bao-hien-co/index.html", "tin-moi.rss", "lich-phat-thanh.ics"}
    expected |= {"static/ui/public.css", "static/site/air.css", "sitemap.xml", "robots.txt"}
    assert expected <= names
    assert len(names) == made.pages + made.files
    sounds = {path.read_bytes() for path in folder.rglob("*.mp3")}
    assert sounds == {b"0123456789", b"mp3"}


def test_a_page_says_of_when_it_is_and_keeps_its_words(world: Desk, site: Site, tmp_path: Path) -> None:
    export.into_folder(site=site, folder=tmp_path, now=world.now)
    page = (tmp_path / "tin/cat-dien.html").read_text()
    assert "Bản lưu lúc" in page
    assert 'href="https://nguon.example/trang/phuoc-thuan/"' in page
    assert 'href="../index.html"' in page
    assert "rút phích cắm các thiết bị điện" in page
    assert "<script" not in page.replace('<script type="application/ld+json"', "")


def test_a_site_with_its_own_name_is_copied_from_its_root(world: Desk, site: Site, tmp_path: Path) -> None:
    Site.objects.update(host="phuocthuan.example")
    cache.clear()
    site.refresh_from_db()
    made = export.into_folder(site=site, folder=tmp_path, now=world.now)
    assert made.missing == []
    assert (tmp_path / "tin/cat-dien.html").is_file()
    assert "https://phuocthuan.example/tin/cat-dien" in (tmp_path / "tin-moi.rss").read_text()


def test_what_only_leads_on_needs_no_file(world: Desk, site: Site, tmp_path: Path) -> None:
    for key in ("phan-anh", "lich-phat-thanh"):
        Section.objects.create(site=site, key=key, kind="built", title=key)
    made = export.into_folder(site=site, folder=tmp_path, now=world.now)
    assert made.missing == []
    front = (tmp_path / "index.html").read_text()
    assert 'href="lich-phat-thanh/index.html"' in front
    assert 'href="https://nguon.example/trang/phuoc-thuan/muc/phan-anh/"' in front, "a form stays with its server"
    assert not (tmp_path / "muc").exists()


def test_a_link_to_nowhere_is_told(world: Desk, site: Site, tmp_path: Path) -> None:
    site.sections.create(key="gioi-thieu", kind="link", title="Giới thiệu", target="/trang/phuoc-thuan/tin/khong-co")
    made = export.into_folder(site=site, folder=tmp_path, now=world.now)
    assert [address for address, _page in made.missing] == ["/trang/phuoc-thuan/tin/khong-co"]


def test_a_folder_that_holds_something_is_left_alone(world: Desk, site: Site, tmp_path: Path) -> None:
    (tmp_path / "thu.txt").write_text("của tôi")
    with pytest.raises(export.ExportError, match="thư mục trống"):
        export.into_folder(site=site, folder=tmp_path, now=world.now)
    assert [path.name for path in tmp_path.iterdir()] == ["thu.txt"]


def test_what_needs_a_server_is_taken_out() -> None:
    page = (
        '<!doctype html><body class="x"><script src="/a.js" defer></script><form role="search"><input></form>'
        '<form method="post"><input name="q"></form>'
        '<p title="a &amp; b">&lt;b&gt; &#233; <a href="/x?a=1&amp;b=2">x</a>'
        '<picture><source srcset="/anh.webp?vua"><img src="/anh.webp"/></picture>'
        '<svg viewBox="0 0 1 1"><a href="#so-1"></a></svg></body>'
    )
    asked: list[str] = []

    def change(link: str) -> str:
        asked.append(link)
        return f"moi{link}"

    done = copied.Changing(change).page(page, "https://x.example/", clock.now())
    assert asked == ["/x?a=1&b=2", "/anh.webp?vua", "/anh.webp", "#so-1"]
    assert "<script" not in done
    assert "<form" not in done
    assert done.count("Bản lưu này không gửi") == 1, "a search is left out without a word"
    assert '<p title="a &amp; b">&lt;b&gt; &#233; <a href="moi/x?a=1&amp;b=2">x</a>' in done
    assert '<svg viewBox="0 0 1 1">' in done


def test_the_command_says_what_it_wrote(world: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "luu"
    done = CliRunner().invoke(command, ["export", "phuoc-thuan", str(folder), "--quiet"])
    assert done.exit_code == 0, done.output
    assert "trang" in done.output
    assert (folder / "index.html").is_file()
    wrong = CliRunner().invoke(command, ["export", "khong-co", str(tmp_path / "x")])
    assert wrong.exit_code == 1
    assert "Các trang đang có: phuoc-thuan" in wrong.output
