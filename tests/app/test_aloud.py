"""Sites read aloud by the product's own voice: asked for when something is public, made by a job, given up after it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.channels.site import export
from nguon.channels.site.copies import queries as copies
from nguon.media import actions as media
from nguon.media import voices
from nguon.media.models import File, Reading, Rendition, State
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.portal import actions as sites
from nguon.portal import aloud, editions, papers, spoken
from nguon.portal.events import actions as events
from nguon.portal.models import Edition, Paper, Site
from tests.app import happening
from tests.app.desk import Desk
from tests.app.siting import ABOUT, SAID, approve, client_of, section, written
from tests.app.webdesk import desk, site, web

__all__ = ["desk", "site", "web"]
pytestmark = pytest.mark.django_db
AT = "/trang/phuoc-thuan"


@pytest.fixture
def opened(site: Site, desk: Desk) -> Site:
    sites.describe(site=site, about=ABOUT, actor="test", now=desk.now)
    return sites.open_site(site=site, actor="test", now=desk.now)


def page(site: Site, web: Person, desk: Desk, body: str, seen: int = 0) -> Edition:
    made = editions.write(section=section(site, "gioi-thieu"), body=body, seen=seen, actor=web, now=desk.now)
    approve(editions.hand_in(edition=made, actor=web, now=desk.now), desk)
    return made


def made(desk: Desk) -> None:
    """What the job does."""
    for one in Rendition.objects.filter(state=State.QUEUED):
        media.render(rendition_id=one.pk, now=desk.now)


def read(path: str) -> Any:
    cache.clear()
    return Client().get(f"{AT}/{path}")


def test_an_approved_page_is_heard_when_the_job_is_done(opened: Site, desk: Desk, web: Person) -> None:
    waiting = written(opened, web, desk, "Xã có **8 thôn**.")
    aloud.turn(now=desk.now)
    assert not Rendition.objects.exists(), "nobody approved it"
    approve(waiting.review, desk)
    aloud.turn(now=desk.now)
    assert "Nghe trang này" not in read("muc/gioi-thieu/").text
    assert read("muc/gioi-thieu/nghe").status_code == 404
    made(desk)
    shown = read("muc/gioi-thieu/").text
    assert "Nghe trang này" in shown
    assert f'src="{AT}/muc/gioi-thieu/nghe"' in shown
    sound = read("muc/gioi-thieu/nghe")
    assert sound.headers["Content-Type"] == "audio/mpeg"
    assert len(b"".join(sound.streaming_content)) > 5000


def test_it_is_made_where_no_bulletin_waits(
    opened: Site, desk: Desk, web: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    from django_tasks_db.models import DBTaskResult

    page(opened, web, desk, "Xã có 8 thôn.")
    with django_capture_on_commit_callbacks(execute=True):
        aloud.turn(now=desk.now)
    task = DBTaskResult.objects.get()
    assert (task.queue_name, task.task_path) == ("archive", "nguon.media.jobs.render_aside")


def test_what_is_said_has_no_marks_and_no_tables(opened: Site, desk: Desk, web: Person) -> None:
    body = (
        "# Đầu mối\n\nGọi [thư](mailto:a@b.example) **ngay**.\n\n- một\n- hai\n\n| Việc | Số |\n|---|---|\n| Điện | 9 |"
    )
    one = page(opened, web, desk, body)
    assert spoken.words_of(one).split("\n\n") == [
        "Giới thiệu, tổ chức bộ máy",
        "Đầu mối",
        "Gọi thư ngay.",
        "một",
        "hai",
    ]


def test_a_page_of_tables_alone_says_why_it_is_not_read(opened: Site, desk: Desk, web: Person) -> None:
    page(opened, web, desk, "| Việc | Số |\n|---|---|\n| Điện | 9 |")
    aloud.turn(now=desk.now)
    assert not Rendition.objects.exists()
    shown = client_of(web).get(reverse("portal:section", args=[section(opened, "gioi-thieu").pk])).text
    assert "Trang chỉ có bảng, không có lời để đọc." in shown
    assert read("muc/gioi-thieu/").status_code == 200


def test_the_readings_of_the_place_hold(opened: Site, desk: Desk, web: Person) -> None:
    Reading.objects.create(
        place=desk.here, written="HTX", spoken="hợp tác xã nhà", created_by=desk.editor, created_at=desk.now
    )
    page(opened, web, desk, "HTX mở cửa.")
    aloud.turn(now=desk.now)
    assert "hợp tác xã nhà mở cửa" in Rendition.objects.get().spoken


def test_the_old_sound_goes_with_the_old_words(opened: Site, desk: Desk, web: Person) -> None:
    page(opened, web, desk, "Xã có 8 thôn.")
    aloud.turn(now=desk.now)
    made(desk)
    old = File.objects.get()
    page(opened, web, desk, "Xã có 9 thôn.", seen=1)
    aloud.turn(now=desk.now)
    assert "Nghe trang này" not in read("muc/gioi-thieu/").text, "what was said before is not what is written"
    made(desk)
    rendition = Rendition.objects.get()
    assert "chín thôn" in rendition.spoken
    assert File.objects.get() == rendition.file
    assert not File.objects.filter(pk=old.pk).exists()


def test_the_same_words_once_more_keep_their_sound(opened: Site, desk: Desk, web: Person) -> None:
    page(opened, web, desk, "Xã có 8 thôn.")
    aloud.turn(now=desk.now)
    made(desk)
    sound = Rendition.objects.get()
    again = editions.renew(section=section(opened, "gioi-thieu"), actor=web, now=desk.now)
    again.refresh_from_db()
    approve(again.review, desk)
    aloud.turn(now=desk.now)
    assert Rendition.objects.get() == sound
    assert "Nghe trang này" in read("muc/gioi-thieu/").text


def test_the_bytes_go_too(
    opened: Site, desk: Desk, web: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    event = happening.standing(desk, opened, web).event
    aloud.turn(now=desk.now)
    made(desk)
    path = File.objects.get().path
    assert default_storage.exists(path)
    events.cancel(event=event, why="Bão", actor=web, now=desk.now)
    with django_capture_on_commit_callbacks(execute=True):
        aloud.turn(now=desk.now)
    assert not File.objects.exists()
    assert not default_storage.exists(path)


def test_the_same_words_are_spoken_once_and_kept_while_anybody_has_them(opened: Site, desk: Desk, web: Person) -> None:
    said = papers.Said(**{**vars(SAID), "issued_on": date(2026, 11, 2), "issuer": "UBND xã"})
    first, second = (
        papers.add(section=section(opened, key), said=said, actor=web, now=desk.now) for key in ("van-ban", "ngan-sach")
    )
    for one in (first, second):
        approve(one.review, desk)
    aloud.turn(now=desk.now)
    made(desk)
    sound = Rendition.objects.get()
    assert "Kế hoạch phòng chống thiên tai" in sound.spoken
    assert f'src="{AT}/tai-lieu/{first.pk}/nghe"' in read("muc/van-ban/").text
    assert read(f"tai-lieu/{first.pk}/nghe").status_code == 200
    papers.withdraw(paper=first, why="Nhầm", actor=web, now=desk.now)
    aloud.turn(now=desk.now)
    assert Rendition.objects.filter(pk=sound.pk).exists()
    assert read(f"tai-lieu/{first.pk}/nghe").status_code == 404
    assert read(f"tai-lieu/{second.pk}/nghe").status_code == 200
    papers.withdraw(paper=Paper.objects.get(pk=second.pk), why="Nhầm", actor=web, now=desk.now)
    aloud.turn(now=desk.now)
    assert not Rendition.objects.exists()


def test_an_event_is_read_until_it_is_over(opened: Site, desk: Desk, web: Person) -> None:
    one = happening.standing(desk, opened, web, contact="Trạm Y tế")
    assert f"ngày {one.first:%d/%m/%Y}, cả ngày" in spoken.words_of(one)
    assert spoken.words_of(one).split("\n\n")[2:] == ["Địa điểm: Trạm Y tế xã", "Liên hệ: Trạm Y tế"]
    aloud.turn(now=desk.now)
    made(desk)
    assert "Nghe trang này" in read(f"su-kien/{one.event.slug}").text
    assert read(f"su-kien/{one.event.slug}/nghe").status_code == 200
    aloud.turn(now=desk.now + timedelta(days=9))
    assert not Rendition.objects.exists()
    assert read(f"su-kien/{one.event.slug}/nghe").status_code == 404


def test_a_voice_that_fails_leaves_the_page_and_tells_the_owner(opened: Site, desk: Desk, web: Person) -> None:
    one = page(opened, web, desk, "Xã có 8 thôn.")
    aloud.turn(now=desk.now)
    Rendition.objects.update(state=State.FAILED, error="Giọng đọc không trả lời.")
    assert "Nghe trang này" not in read("muc/gioi-thieu/").text
    here = reverse("portal:aloud", args=["trang", one.pk])
    client = client_of(web)
    assert "Giọng đọc không trả lời." in client.get(here).text
    assert "Thử đọc lại" in client.get(here).text
    assert "Thử đọc lại" not in client_of(desk.approver).get(here).text
    assert "Đang tạo giọng đọc: 0%" in client.post(here, follow=True).text
    assert Rendition.objects.get().state == State.QUEUED
    stranger = client_of(desk.neighbour)
    assert stranger.post(here).status_code == 404
    with pytest.raises(Forbidden):
        aloud.again(row=one, actor=desk.neighbour, now=desk.now)


def test_a_server_without_a_voice_says_so(opened: Site, desk: Desk, web: Person, settings: Settings) -> None:
    one = page(opened, web, desk, "Xã có 8 thôn.")
    settings.NGUON_VOICES = []
    voices.status.cache_clear()
    try:
        aloud.turn(now=desk.now)
    finally:
        voices.status.cache_clear()
    one.refresh_from_db()
    assert "Máy chủ chưa có giọng đọc nào" in one.unsaid
    settings.NGUON_VOICES = ["nguon.plugs.espeak.Espeak"]
    assert (
        "Đang tạo giọng đọc"
        in client_of(web).post(reverse("portal:aloud", args=["trang", one.pk]), headers={"hx-request": "true"}).text
    )
    voices.status.cache_clear()


def test_a_page_too_long_to_be_read_says_so(opened: Site, desk: Desk, web: Person) -> None:
    one = page(opened, web, desk, "Bà con chú ý nghe. " * 2500)
    aloud.turn(now=desk.now)
    one.refresh_from_db()
    assert one.sound is None
    assert "quá" in one.unsaid


def test_only_so_many_are_under_way_at_once(opened: Site, desk: Desk, web: Person) -> None:
    for number in range(aloud.AT_ONCE + 2):
        said = papers.Said(title=f"Thông báo số {number}", url="https://a.example")
        approve(papers.add(section=section(opened, "van-ban"), said=said, actor=web, now=desk.now).review, desk)
    for _turn in range(2):
        aloud.turn(now=desk.now)
        assert Rendition.objects.count() == aloud.AT_ONCE
    made(desk)
    aloud.turn(now=desk.now)
    assert Rendition.objects.count() == aloud.AT_ONCE + 2


def test_an_exported_site_takes_its_sounds_along(opened: Site, desk: Desk, web: Person, tmp_path: Path) -> None:
    page(opened, web, desk, "Xã có 8 thôn.")
    one = happening.standing(desk, opened, web)
    aloud.turn(now=desk.now)
    made(desk)
    cache.clear()
    told = copies.weigh(opened, desk.now).sounds
    done = export.into_folder(site=opened, folder=tmp_path / "luu", now=desk.now)
    assert told == sum(one.stat().st_size for one in (tmp_path / "luu").rglob("*.mp3")), "what was told beforehand"
    assert done.missing == []
    assert reverse("portal:list") == "/trang-xa/", "the addresses of the office are found again"
    assert (tmp_path / "luu/muc/gioi-thieu/nghe.mp3").stat().st_size > 5000
    assert (tmp_path / f"luu/su-kien/{one.event.slug}/nghe.mp3").stat().st_size > 5000
    assert (tmp_path / f"luu/su-kien/{one.event.slug}.ics").exists()
    assert 'src="nghe.mp3"' in (tmp_path / "luu/muc/gioi-thieu/index.html").read_text()
