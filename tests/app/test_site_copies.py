"""A whole site as a ZIP, asked for in the office: made beside the web, given up, kept for some days."""

import errno
import io
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.channels.site import export, stores
from nguon.channels.site.copies import actions, making, queries
from nguon.channels.site.copies.errors import CopyError
from nguon.channels.site.copies.models import State
from nguon.channels.site.models import Copy
from nguon.journal.models import Entry
from nguon.journal.queries import verify
from nguon.media.models import File
from nguon.people.scope import Forbidden
from nguon.portal.models import Section, Site
from tests.app import desk as desks
from tests.app import onsite
from tests.app.desk import Desk, device
from tests.app.postings import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Settings) -> Desk:
    settings.NGUON_PUBLIC_URL, settings.NGUON_ARCHIVE_RESERVE_MB = "https://nguon.example", 1
    return desks.make_desk()


@pytest.fixture
def site(desk: Desk) -> Site:
    cluster = device("Cụm loa Quảng Vân", desk.one, desk.now)
    site, bulletin = onsite.site(desk.here, desk.now), desk.approved()
    onsite.posted(desk, site, bulletin, slug="cat-dien")
    onsite.went_out(desk, bulletin, cluster, file=onsite.sound(b"0123456789", desk.now))
    return site


def asked(site: Site, desk: Desk, sounds: bool = True) -> Copy:
    return actions.ask(site=site, sounds=sounds, base="https://nguon.example", actor=desk.editor, now=desk.now)


def made(copy: Copy) -> Copy:
    making.make(copy_id=copy.pk)
    copy.refresh_from_db()
    return copy


def held(copy: Copy) -> zipfile.ZipFile:
    assert copy.file is not None, copy.error
    with default_storage.open(copy.file.path) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_what_was_asked_for_is_made_and_fetched_and_told_in_the_journal(
    site: Site, desk: Desk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client, page = as_(desk.editor), reverse("site-office:copies", args=[site.pk])
    assert page in client.get(reverse("portal:site", args=[site.pk])).text
    assert "khoảng" in client.get(page).text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"sounds": "yes"}).status_code == 302
    copy = Copy.objects.get()
    assert "Đang chờ tới lượt" in client.get(page).text
    making.make(copy_id=copy.pk)
    shown = client.get(page).text
    fetched = client.get(reverse("site-office:copy-file", args=[copy.pk]))
    assert reverse("site-office:copy-file", args=[copy.pk]) in shown
    assert "phuoc-thuan-" in fetched.headers["Content-Disposition"]
    whole = zipfile.ZipFile(io.BytesIO(fetched.getvalue()))
    assert whole.testzip() is None
    assert {"index.html", "tin/cat-dien.html", "static/ui/public.css"} <= set(whole.namelist())
    assert "Bản lưu lúc" in whole.read("index.html").decode()
    verbs = list(Entry.objects.filter(verb__startswith="portal.copy").values_list("verb", flat=True))
    assert sorted(verbs) == ["portal.copy", "portal.copy-fetch"]
    assert verify().sound


def test_the_zip_holds_what_the_command_writes(site: Site, desk: Desk, tmp_path: Path) -> None:
    copy = made(asked(site, desk))
    export.into_folder(site=site, folder=tmp_path / "luu", now=desk.now)
    written = {str(one.relative_to(tmp_path / "luu")) for one in (tmp_path / "luu").rglob("*") if one.is_file()}
    whole = held(copy)
    assert set(whole.namelist()) == written
    assert whole.read("tin-moi.rss") == (tmp_path / "luu/tin-moi.rss").read_bytes()
    assert copy.pages + copy.files == len(written)


def test_without_sounds_they_are_heard_from_the_site_itself(site: Site, desk: Desk) -> None:
    Section.objects.create(site=site, key="nghe-lai", kind="built", title="Nghe lại")
    whole = held(made(asked(site, desk, sounds=False)))
    assert not [name for name in whole.namelist() if name.endswith(".mp3")]
    assert 'src="https://nguon.example/trang/phuoc-thuan/' in whole.read("nghe-lai/index.html").decode()
    assert queries.weigh(site, desk.now).sounds == sum(
        File.objects.filter(mime="audio/mpeg", pk__in=_sounds(site)).values_list("size", flat=True)
    )


def _sounds(site: Site) -> list[str]:
    posting = site.postings.select_related("sound").get()
    assert posting.sound is not None
    again = File.objects.get(size=10).pk
    return [again, posting.sound.file_id or ""]


def test_only_who_edits_the_site_asks_and_fetches(site: Site, desk: Desk) -> None:
    copy = made(asked(site, desk))
    there = reverse("site-office:copy-file", args=[copy.pk])
    other = desks.person("ke", "Hàng Xóm", desk.there, "editor", "web", "approver", "admin")
    for person in (desk.stranger, other, desk.approver):
        assert as_(person).get(there).status_code == 404
        assert as_(person).post(reverse("site-office:copies", args=[site.pk])).status_code == 404
        with pytest.raises(Forbidden):
            actions.fetch(copy=copy, rest=False, actor=person, now=desk.now)
        with pytest.raises(Forbidden):
            actions.ask(site=site, sounds=True, base="", actor=person, now=desk.now)


def test_one_at_a_time_and_a_closed_site_has_nothing_to_copy(site: Site, desk: Desk) -> None:
    copy = asked(site, desk)
    with pytest.raises(CopyError, match="Đang xuất trang này rồi"):
        asked(site, desk)
    actions.cancel(copy=copy, actor=desk.editor, now=desk.now)
    Site.objects.update(opened_at=None)
    with pytest.raises(CopyError, match="chưa mở cho dân"):
        asked(site, desk)


def test_a_disk_without_room_is_said_before_anything_begins(site: Site, desk: Desk, settings: Settings) -> None:
    settings.NGUON_ARCHIVE_RESERVE_MB = 10**9
    answer = as_(desk.editor).post(reverse("site-office:copies", args=[site.pk]), {"sounds": "yes"})
    assert answer.status_code == 422
    assert "không đủ chỗ" in answer.text
    assert not Copy.objects.exists()


def test_a_disk_that_becomes_full_ends_it_with_words(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path  # that of all tests has work of others in it

    def refuse(self: stores.Zip, name: str, parts: Iterable[bytes]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    copy = asked(site, desk)
    monkeypatch.setattr(stores.Zip, "write", refuse)
    made(copy)
    assert (copy.state, copy.file) == ("failed", None)
    assert "đầy giữa chừng" in copy.error
    assert "đầy giữa chừng" in as_(desk.editor).get(reverse("site-office:copies", args=[site.pk])).text
    monkeypatch.undo()
    again = asked(site, desk)
    settings.NGUON_ARCHIVE_RESERVE_MB = 10**9  # others filled it meanwhile
    assert "đầy giữa chừng" in made(again).error
    assert not list(Path(settings.DATA, "work").iterdir()), "nothing half made is left"


def test_what_is_given_up_ends_at_the_next_address_and_leaves_nothing(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, before = asked(site, desk), File.objects.count()
    seen: list[str] = []
    told = making._Mine.told

    def giving_up(mine: making._Mine, step: export.Step) -> None:
        seen.append(step.address)
        if len(seen) == 3:
            as_(desk.editor).post(reverse("site-office:copy-cancel", args=[copy.pk]))
            mine._noted = 0.0
        told(mine, step)

    monkeypatch.setattr(making._Mine, "told", giving_up)
    made(copy)
    assert (copy.state, len(seen), File.objects.count()) == ("cancelled", 3, before)
    assert made(copy).state == "cancelled", "a job that comes again changes nothing"


def test_a_worker_that_died_is_followed_by_another_and_comes_too_late(site: Site, desk: Desk) -> None:
    copy = asked(site, desk)
    Copy.objects.update(state="working", run=UUID(int=7), done=3, known=9)
    assert made(copy).state == "ready"
    late = making._Mine(copy.pk, UUID(int=7))
    assert not late.end(State.FAILED, error="muộn")
    with pytest.raises(making._Over):
        late.told(export.Step("/", 1, 2))
    copy.refresh_from_db()
    assert copy.state == "ready"


def test_nobody_at_work_is_said_on_the_page(site: Site, desk: Desk) -> None:
    asked(site, desk)
    Copy.objects.update(updated_at=desk.now - timedelta(hours=1))
    assert "Chưa thấy máy làm" in as_(desk.editor).get(reverse("site-office:copies-progress", args=[site.pk])).text


def test_a_zip_goes_after_its_days_and_when_a_newer_one_is_ready(
    site: Site, desk: Desk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = made(asked(site, desk))
    assert first.file is not None
    path = first.file.path
    site.sections.create(key="moi", kind="link", title="Mục mới", target="https://a.example")
    with django_capture_on_commit_callbacks(execute=True):
        second = made(asked(site, desk))
    assert not default_storage.exists(path)
    first.refresh_from_db()
    assert first.state == "gone"
    assert first.file_id is None
    assert second.until is not None
    actions.sweep(second.until - timedelta(seconds=1))
    second.refresh_from_db()
    assert second.state == "ready"
    actions.sweep(second.until)
    second.refresh_from_db()
    assert second.state == "gone"
    assert second.file_id is None
    answer = as_(desk.editor).get(reverse("site-office:copy-file", args=[second.pk]), follow=True)
    assert "không còn trên máy chủ" in answer.text


def test_links_to_nowhere_and_addresses_left_out_are_told(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.sections.create(key="moi", kind="link", title="Mục mới", target="/trang/phuoc-thuan/tin/khong-co")
    copy = made(asked(site, desk))
    assert copy.lost == 1
    shown = as_(desk.editor).get(reverse("site-office:copies", args=[site.pk])).text
    assert "/trang/phuoc-thuan/tin/khong-co" in shown
    monkeypatch.setattr(export, "MOST", 5)
    assert made(asked(site, desk)).cut > 0


def test_the_thread_goes_on_with_the_addresses_of_the_office(site: Site, desk: Desk) -> None:
    made(asked(site, desk))
    assert reverse("portal:site", args=[site.pk]).startswith("/trang-xa/")
