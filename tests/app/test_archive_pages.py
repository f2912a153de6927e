"""Pages of the archive: what they show and offer, what they refuse, and an upload from the first file to the report."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.archive import importing, jobs
from nguon.archive.models import Batch, Item, Recording
from nguon.kit import clock
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin
from nguon.people.models import Person
from tests.app import tapes
from tests.app.desk import Desk, make_desk
from tests.app.tapes import coded, spoken

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def _settings(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"
    settings.NGUON_ARCHIVE_RESERVE_MB = 1


@pytest.fixture
def tape(desk: Desk, tmp_path: Path) -> Recording:
    coded(spoken("dien"), tmp_path / "băng/BTT 12-5-2019 thu 2.mp3")
    tapes.imported(tmp_path / "băng", desk.here)
    return Recording.objects.get()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_list_is_empty_then_full_and_marks_what_was_searched_for(desk: Desk, tape: Recording) -> None:
    page = reverse("archive:list")
    assert "BTT 12-5-2019" in words(as_(desk.watcher).get(page))
    assert "<mark>BTT</mark>" in as_(desk.editor).get(page, {"q": "btt"}).content.decode()
    assert "Không có bản thu nào khớp" in words(as_(desk.editor).get(page, {"q": "xổ số"}))
    odd = {"q": "\x00'\"%_", "first": "x", "last": "9999-99-99", "length": "?", "place": "?", "page": "x"}
    assert as_(desk.editor).get(page, odd).status_code == 200
    neighbour = words(as_(desk.neighbour).get(page))
    assert "Kho còn trống" in neighbour
    assert "BTT" not in neighbour


def test_a_recording_shows_what_was_guessed_and_is_confirmed_or_corrected(desk: Desk, tape: Recording) -> None:
    page = reverse("archive:detail", args=[tape.pk])
    shown = words(as_(desk.editor).get(page))
    assert "đọc từ “BTT”" in shown
    assert "Chưa chắc" in shown
    assert "Đúng cả" not in words(as_(desk.watcher).get(page))
    as_(desk.editor).post(reverse("archive:confirm", args=[tape.pk]))
    assert "Chưa chắc" not in words(as_(desk.editor).get(page))
    edit = reverse("archive:edit", args=[tape.pk])
    typed = {
        "title": "Bản tin trưa",
        "recorded": "05/2019",
        "category": "news",
        "place": desk.one.pk,
        "notes": "Băng A",
    }
    assert as_(desk.editor).post(edit, typed).status_code == 302
    shown = words(as_(desk.editor).get(page))
    assert "05/2019" in shown
    assert "Băng A" in shown
    assert "Sửa thông tin bản thu" in shown
    assert as_(desk.watcher).get(edit).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Hãy đặt tên"),
        ({"recorded": "hôm qua"}, "Ghi ngày 12/05/2019"),
        ({"recorded": "31/02/2019"}, "Ghi ngày 12/05/2019"),
        ({"recorded": "1/1/2099"}, "chưa tới"),
        ({"recorded": "2019 – 2018"}, "từ ngày đầu trở đi"),
        ({"place": "?"}, "Địa bàn"),
        ({"notes": "x" * 10_001}, "Nhiều nhất"),
    ],
)
def test_a_refused_correction_says_why_and_loses_nothing(
    desk: Desk, tape: Recording, changes: dict[str, str], said: str
) -> None:
    typed = {"title": "Bản tin", "recorded": "2019", "place": desk.here.pk, "notes": "Băng A"} | changes
    answer = as_(desk.editor).post(reverse("archive:edit", args=[tape.pk]), typed)
    assert answer.status_code == 422
    assert said in words(answer)
    tape.refresh_from_db()
    assert tape.title == "BTT 12-5-2019 thu 2"


def test_the_original_comes_under_its_own_name_and_only_to_whoever_may(
    desk: Desk, tape: Recording, tmp_path: Path
) -> None:
    address = reverse("archive:original", args=[tape.pk])
    answer = as_(desk.watcher).get(address)
    assert b"".join(answer.streaming_content) == (tmp_path / "băng/BTT 12-5-2019 thu 2.mp3").read_bytes()  # type: ignore[attr-defined]
    assert "BTT%2012-5-2019%20thu%202.mp3" in answer.headers["Content-Disposition"]
    assert as_(desk.neighbour).get(address).status_code == 404


def test_a_recording_becomes_a_bulletin_whose_sound_is_there_at_once(desk: Desk, tape: Recording) -> None:
    page = as_(desk.editor).get(reverse("archive:detail", args=[tape.pk])).content.decode()
    found = re.search(r'href="([^"]*am-thanh=[^"]+)"', page)
    assert found
    editor = as_(desk.editor).get(found[1].replace("&amp;", "&")).content.decode()
    assert f'name="kept" value="{tape.original_id}"' in editor
    assert "BTT 12-5-2019 thu 2" in editor
    typed = {
        "title": "Phát lại", "body": "", "how": "sound", "kept": tape.original_id, "place": desk.here.pk,
        "category": "local", "priority": "ordinary", "language": "vi", "rate": "210", "seen": "0", "do": "hear",
    }  # fmt: skip
    as_(desk.editor).post(reverse("newsroom:new"), typed)
    version = newsroom.newest(Bulletin.objects.get())
    assert version.sound_id == tape.original_id
    assert newsroom.sha256(version) == tape.file_id


def test_nobody_puts_a_sound_they_may_not_hear_into_a_bulletin(desk: Desk, tape: Recording, settings: Settings) -> None:
    new = reverse("newsroom:new")
    assert tape.original_id not in as_(desk.neighbour).get(new, {"am-thanh": tape.original_id}).content.decode()
    typed: dict[str, Any] = {
        "title": "Trộm", "body": "", "how": "sound", "kept": tape.original_id, "place": desk.there.pk,
        "category": "local", "priority": "ordinary", "language": "vi", "rate": "210", "seen": "0",
    }  # fmt: skip
    answer = as_(desk.neighbour).post(new, typed)
    assert (answer.status_code, "bạn không được nghe" in words(answer)) == (422, True)
    for odd in ("x", "0" * 64, "../../etc"):
        assert as_(desk.neighbour).post(new, typed | {"kept": odd}).status_code == 422
        assert as_(desk.neighbour).get(new, {"am-thanh": odd, "ten": "\x00" * 999}).status_code == 200
    settings.NGUON_MAX_AUDIO_MINUTES = 0
    answer = as_(desk.editor).post(new, typed | {"place": desk.here.pk})
    assert (answer.status_code, "quá mức cho phép" in words(answer)) == (422, True)
    assert not Bulletin.objects.exists()


def uploaded(desk: Desk) -> Batch:
    typed = {"do": "upload", "place": desk.here.pk, "title": "Băng chị Hoa"}
    answer = as_(desk.editor).post(reverse("archive:import-new"), typed)
    assert answer.status_code == 302
    return Batch.objects.get()


def send(desk: Desk, batch: Batch, name: str, data: bytes, path: str = "", script: bool = True) -> Any:
    headers = {"Accept": "application/json"} if script else {}
    given = {"file": SimpleUploadedFile(name, data), "path": path}
    return as_(desk.editor).post(reverse("archive:import-add", args=[batch.pk]), given, headers=headers)


def test_an_upload_from_the_first_file_to_the_report(
    desk: Desk, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    batch = uploaded(desk)
    page = reverse("archive:import", args=[batch.pk])
    steer = reverse("archive:import-steer", args=[batch.pk])
    as_(desk.editor).post(steer, {"do": "begin"})
    batch.refresh_from_db()
    assert batch.state == Batch.State.COLLECTING, "nothing to begin with"
    tape = coded(spoken("tiem"), tmp_path / "a.mp3").read_bytes()
    sent = send(desk, batch, "a.mp3", tape, "Băng 1/Tiêm phòng 3-6-2019.mp3").json()
    assert sent["state"] == "waiting"
    assert send(desk, batch, "a.mp3", tape, "Băng 1/Tiêm phòng 3-6-2019.mp3").json()["state"] == "waiting"
    assert "không phải tệp âm thanh" in send(desk, batch, "hỏng.mp3", b"\xff" * 999).json()["reason"]
    assert send(desk, batch, "=cmd.docx", b"PK").json()["state"] == "skipped"
    assert "trống" in send(desk, batch, "trống.mp3", b"").json()["reason"]
    assert batch.items.count() == 4
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("trong/Họp thôn.mp3", coded(spoken("hop"), tmp_path / "b.mp3").read_bytes())
    assert send(desk, batch, "băng.zip", packed.getvalue(), script=False).status_code == 302
    staged = batch.items.get(name="băng.zip").staged
    assert default_storage.exists(staged)
    with django_capture_on_commit_callbacks(execute=True):
        as_(desk.editor).post(steer, {"do": "begin"})
    task = DBTaskResult.objects.get(task_path="nguon.archive.jobs.work")
    assert task.queue_name == "archive"
    assert send(desk, batch, "muộn.mp3", tape).status_code == 422
    assert "Tạm dừng" in words(as_(desk.editor).get(page))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.work.call(*task.args_kwargs["args"])
        batch = tapes.worked(batch)
    shown = words(as_(desk.watcher).get(page))
    assert "2 vào kho" in shown
    assert "Tải bảng kê" in shown
    assert set(Recording.objects.values_list("title", flat=True)) == {"Tiêm phòng 3-6-2019", "Họp thôn"}
    assert Recording.objects.get(title="Họp thôn").folder == "băng.zip/trong"
    assert not default_storage.exists(staged), "the zip is not kept when its members were taken in"
    sheet = as_(desk.watcher).get(reverse("archive:import-sheet", args=[batch.pk])).content.decode()
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))
    assert len(rows) == 1 + 5
    assert "'=cmd.docx" in {row[1] for row in rows}
    assert "?ket-qua=failed" in as_(desk.watcher).get(page).content.decode()
    assert "Tiêm phòng" not in words(as_(desk.watcher).get(page, {"ket-qua": "failed"}))


def test_pause_resume_and_cancel(desk: Desk, tmp_path: Path) -> None:
    for name in ("dien", "tiem", "hop"):
        coded(spoken(name), tmp_path / f"băng/{name}.mp3")
    batch = tapes.begun(tmp_path / "băng", desk.here)
    steer = reverse("archive:import-steer", args=[batch.pk])
    run = batch.run
    assert run
    assert importing.work(batch_id=batch.pk, run=run, turn=0)
    for do, state in (("pause", "paused"), ("pause", "paused"), ("resume", "running"), ("resume", "running")):
        as_(desk.editor).post(steer, {"do": do})
        batch.refresh_from_db()
        assert batch.state == state
    assert not importing.work(batch_id=batch.pk, run=run, turn=0), "the old ticket counts no more"
    assert batch.items.filter(state=Item.State.DONE).count() == 1
    assert as_(desk.watcher).post(steer, {"do": "pause"}).status_code == 403
    assert as_(desk.editor).post(steer, {"do": "nonsense"}).status_code == 400
    as_(desk.editor).post(steer, {"do": "cancel"})
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert batch.run
    assert not importing.work(batch_id=batch.pk, run=batch.run)
    assert Recording.objects.count() == 1, "what came in stays"


def test_an_import_that_nobody_works_on_says_so_and_goes_on(desk: Desk, tmp_path: Path) -> None:
    coded(spoken("dien"), tmp_path / "băng/a.mp3")
    batch = tapes.begun(tmp_path / "băng", desk.here)
    run, long_ago = batch.run, clock.now() - importing.QUIET - timedelta(seconds=1)
    assert run
    assert importing.adopt(batch_id=batch.pk, run=run), "somebody was there a moment ago: look again later"
    assert not DBTaskResult.objects.filter(task_path="nguon.archive.jobs.work").exists()
    Batch.objects.update(beat_at=long_ago)
    page = words(as_(desk.editor).get(reverse("archive:import", args=[batch.pk])))
    assert "Chưa thấy máy làm tiếp" in page
    as_(desk.editor).post(reverse("archive:import-steer", args=[batch.pk]), {"do": "resume"})
    batch.refresh_from_db()
    assert batch.run != run
    assert not importing.adopt(batch_id=batch.pk, run=run), "the old ticket is nobody's"
    assert tapes.worked(batch).state == "done"


def test_the_service_takes_over_from_a_terminal_that_is_gone(
    desk: Desk, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    coded(spoken("dien"), tmp_path / "băng/a.mp3")
    with django_capture_on_commit_callbacks(execute=True):
        batch = tapes.begun(tmp_path / "băng", desk.here)
    waiting = DBTaskResult.objects.get(task_path="nguon.archive.jobs.watch")
    assert waiting.run_after > clock.now() + timedelta(minutes=10)
    Batch.objects.update(beat_at=clock.now() - importing.QUIET - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.watch.call(*waiting.args_kwargs["args"])
    task = DBTaskResult.objects.get(task_path="nguon.archive.jobs.work")
    jobs.work.call(*task.args_kwargs["args"])
    batch.refresh_from_db()
    assert batch.state == "done"


def test_only_folders_of_ones_own_places_are_offered(desk: Desk, tmp_path: Path, settings: Settings) -> None:
    settings.NGUON_ARCHIVE_ROOT = str(tmp_path / "gốc")
    coded(spoken("dien"), tmp_path / "gốc/xa-phuoc-thuan/1998/a.mp3")
    (tmp_path / "gốc/Xã Phước Sơn").mkdir()
    (tmp_path / "gốc/khác").mkdir()
    (tmp_path / "gốc/xa-phuoc-thuan/ra ngoài").symlink_to(tmp_path)
    new = reverse("archive:import-new")
    page = as_(desk.editor).get(new).content.decode()
    assert "1998" in page
    assert "Phước Sơn" not in page
    assert "khác<" not in page
    assert "ra ngoài" not in page
    assert "Xã Phước Sơn" in as_(desk.neighbour).get(new).content.decode()
    for folder in ("../..", "/etc", "Xã Phước Sơn", "khác", "xa-phuoc-thuan/ra ngoài", "xa-phuoc-thuan/../khác"):
        typed = {"do": "folder", "folder": folder.encode().hex(), "place": desk.here.pk}
        assert as_(desk.editor).post(new, typed).status_code == 422
    typed = {"do": "folder", "folder": b"xa-phuoc-thuan/1998".hex(), "place": desk.here.pk}
    assert as_(desk.editor).post(new, typed).status_code == 302
    batch = Batch.objects.get()
    page = words(as_(desk.editor).get(reverse("archive:import", args=[batch.pk])))
    assert "Đang lập danh sách" in page
    assert "Chưa thấy máy làm tiếp" not in page, "it has only just begun"
    batch = tapes.worked(batch)
    assert (batch.title, batch.state) == ("1998", "done")
    assert Recording.objects.get().created_by == desk.editor
    assert as_(desk.watcher).get(new).status_code == 403


def test_a_link_that_leads_out_of_the_root_later_is_not_followed(
    desk: Desk, tmp_path: Path, settings: Settings
) -> None:
    settings.NGUON_ARCHIVE_ROOT = str(tmp_path / "gốc")
    tape = coded(spoken("dien"), tmp_path / "gốc/xa-phuoc-thuan/1998/a.mp3")
    secret = coded(spoken("tiem"), tmp_path / "kín/a.mp3")
    typed = {"do": "folder", "folder": b"xa-phuoc-thuan".hex(), "place": desk.here.pk}
    as_(desk.editor).post(reverse("archive:import-new"), typed)
    batch = Batch.objects.get()
    assert batch.run
    importing._list(batch, batch.run)
    tape.unlink()
    tape.parent.rmdir()
    tape.parent.symlink_to(secret.parent)
    assert tapes.results(tapes.worked(batch))["a.mp3"][0] == Item.State.FAILED
    assert not Recording.objects.exists()


def test_two_copies_are_compared_and_one_is_kept(desk: Desk, tmp_path: Path) -> None:
    coded(spoken("dien"), tmp_path / "băng/BTT 12-5-2019.wav")
    coded(spoken("dien"), tmp_path / "băng/BTT 13-5-2019.mp3")
    tapes.imported(tmp_path / "băng", desk.here)
    assert "1 cặp bản thu giống nhau" in words(as_(desk.editor).get(reverse("archive:list")))
    listed = as_(desk.editor).get(reverse("archive:pairs")).content.decode()
    found = re.search(r'href="(/kho-tu-lieu/giong-nhau/[^"]+)"', listed)
    assert found
    page = words(as_(desk.editor).get(found[1]))
    assert "Hai bản ghi hai ngày khác nhau" in page
    assert as_(desk.watcher).post(found[1], {"keep": "both"}).status_code == 403
    for odd in ("", "x", "0" * 32):
        assert as_(desk.editor).post(found[1], {"keep": odd}).status_code == 302
    assert Recording.objects.filter(merged_into=None).count() == 2
    one, two = Recording.objects.order_by("name")
    answer = as_(desk.editor).post(found[1], {"keep": one.pk.hex})
    assert answer.headers["Location"] == reverse("archive:detail", args=[one.pk])
    moved = as_(desk.watcher).get(reverse("archive:detail", args=[two.pk]))
    assert moved.headers["Location"] == reverse("archive:detail", args=[one.pk])
    as_(desk.editor).post(reverse("archive:split", args=[one.pk]), {"merged": two.pk.hex})
    assert Recording.objects.filter(merged_into=None).count() == 2
    assert as_(desk.editor).post(reverse("archive:split", args=[one.pk]), {"merged": "x"}).status_code == 404
