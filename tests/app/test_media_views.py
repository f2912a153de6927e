"""Hearing a file over HTTP, and watching a rendition."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.media import actions, drawing, jobs
from nguon.media.models import File, Rendition, Source, State
from nguon.people.models import Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DATA = bytes(range(256)) * 20
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.app.media_urls")]


def own(person: Any, mark: str) -> bool:
    """A guard for these tests: only the officer named so may hear."""
    return str(person.username) == "officer"


def nobody(person: Any, mark: str) -> bool:
    return False


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    settings.NGUON_AUDIO_GUARDS = ["tests.app.test_media_views.nobody", "tests.app.test_media_views.own"]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.create_user(name, full_name=name))
    return client


@pytest.fixture
def officer() -> Client:
    return signed_in("officer")


@pytest.fixture
def url() -> str:
    file = actions.store_bytes(data=DATA, mime="audio/mpeg", now=NOW)
    return reverse("media:audio", args=[file.sha256])


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)


def rendition(**changes: Any) -> Rendition:
    made = actions.request_speech(text="Kính mời bà con.", voice="espeak/vi", rate=200, now=NOW)
    Rendition.objects.filter(pk=made.pk).update(**changes)
    return made


def test_the_whole_file_and_any_part_of_it(officer: Client, url: str) -> None:
    whole = officer.get(url)
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "audio/mpeg", "bytes")
    assert body(whole) == DATA
    part = officer.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{len(DATA)}")
    assert body(part) == DATA[100:200]


def test_a_file_is_for_whom_a_guard_lets_in_and_for_nobody_else(url: str) -> None:
    assert signed_in("stranger").get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_without_guards_nobody_hears(officer: Client, url: str, settings: Settings) -> None:
    settings.NGUON_AUDIO_GUARDS = []
    assert officer.get(url).status_code == 404


def test_an_unknown_file_is_not_found(officer: Client) -> None:
    assert officer.get(reverse("media:audio", args=["0" * 64])).status_code == 404


def test_files_are_only_read(officer: Client, url: str) -> None:
    assert officer.post(url).status_code == 405


def test_progress_asks_again_until_it_is_done(officer: Client) -> None:
    made = rendition(state=State.WORKING, progress=0.25)
    page = officer.get(reverse("media:progress", args=[made.pk])).content.decode()
    assert 'hx-trigger="every 500ms"' in page
    assert 'value="0.25"' in page
    assert "Đang tạo âm thanh" in page


def test_what_is_ready_can_be_heard_and_is_not_asked_for_again(officer: Client, url: str) -> None:
    made = rendition(state=State.READY, file_id=url.rsplit("/", 1)[1])
    page = officer.get(reverse("media:progress", args=[made.pk])).content.decode()
    assert "hx-trigger" not in page
    assert f'src="{url}"' in page
    assert "<audio controls" in page


def test_what_failed_says_why_and_offers_to_try_again(officer: Client) -> None:
    made = rendition(state=State.FAILED, error="Tệp <b>hỏng</b>")
    address = reverse("media:progress", args=[made.pk])
    page = officer.get(address).content.decode()
    assert "Tệp &lt;b&gt;hỏng&lt;/b&gt;" in page
    assert "Thử lại" in page
    assert "note-bad" in page
    again = officer.post(address).content.decode()
    assert "Đang chờ" in again
    assert Rendition.objects.get(pk=made.pk).state == State.QUEUED


def test_progress_as_json(officer: Client, url: str) -> None:
    made = rendition(state=State.WORKING, progress=0.5)
    address = reverse("media:progress", args=[made.pk])
    got = officer.get(address, headers={"Accept": "application/json"}).json()
    assert got == {"state": "working", "progress": 0.5, "error": "", "url": "", "duration_ms": None}
    Rendition.objects.filter(pk=made.pk).update(state=State.READY, progress=1, file_id=url.rsplit("/", 1)[1])
    assert officer.get(address, headers={"Accept": "application/json"}).json()["url"] == url


def test_a_stranger_sees_no_progress_and_cannot_try_again() -> None:
    made = rendition(state=State.FAILED, error="Bí mật")
    address = reverse("media:progress", args=[made.pk])
    stranger = signed_in("stranger")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404
    assert Rendition.objects.get(pk=made.pk).state == State.FAILED
    assert Client().get(address).status_code == 302


def sine(folder: Path, name: str = "x.wav", length: float = 4) -> bytes:
    """A second of silence, then a tone."""
    out = folder / name
    source = f"sine=f=300:r=8000:d={length},volume='if(lt(t,1),0,1)':eval=frame"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(out)], check=True)
    return out.read_bytes()


def waveform_of(file: File) -> str:
    return reverse("media:waveform", args=[file.sha256])


def test_a_waveform_is_drawn_when_first_asked_for_and_kept(officer: Client, tmp_path: Path) -> None:
    file = actions.store_bytes(data=sine(tmp_path), mime="audio/wav", now=NOW, duration_ms=4000)
    answer = officer.get(waveform_of(file))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert len(answer.content) == 200  # 4 s of 20 ms
    assert max(answer.content[:48]) == 0
    assert min(answer.content[52:]) > 100
    file.refresh_from_db()
    assert file.peaks is not None
    assert bytes(file.peaks) == answer.content
    Path(default_storage.path(file.path)).unlink()  # it is not looked at again
    assert officer.get(waveform_of(file)).content == answer.content


def test_a_rendition_brings_its_waveform_and_that_of_its_original(officer: Client, tmp_path: Path) -> None:
    given = SimpleUploadedFile("x.wav", sine(tmp_path, length=30), "audio/wav")
    made = actions.request_upload(upload=given, source=Source.UPLOAD, now=NOW)
    actions.render(rendition_id=made.pk, now=NOW)
    made.refresh_from_db()
    for file in (made.file, made.original):
        assert file
        assert file.peaks is not None
        assert len(file.peaks) == 800
        assert officer.get(waveform_of(file)).content == bytes(file.peaks)


def test_what_is_no_sound_has_no_waveform_and_is_not_tried_again(officer: Client) -> None:
    file = actions.store_bytes(data=DATA, mime="audio/mpeg", now=NOW)
    answer = officer.get(waveform_of(file))
    assert (answer.status_code, answer.content) == (200, b"")
    file.refresh_from_db()
    assert file.peaks == b""


def test_a_long_sound_is_drawn_beside_and_asked_for_once(
    officer: Client, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    file = actions.store_bytes(data=sine(tmp_path), mime="audio/wav", now=NOW, duration_ms=3_600_000)
    with django_capture_on_commit_callbacks(execute=True):
        answer = officer.get(waveform_of(file))
        assert (answer.status_code, answer.content) == (202, b"")
        assert answer["Cache-Control"] == "no-store"
        assert officer.get(waveform_of(file)).status_code == 202
    assert DBTaskResult.objects.count() == 1
    jobs.draw_waveform.call(file.sha256)
    assert len(officer.get(waveform_of(file)).content) == 200


def test_fifty_players_do_not_start_fifty_programs(officer: Client, tmp_path: Path) -> None:
    """Two are drawn at a time; the others are told to come again."""
    file = actions.store_bytes(data=sine(tmp_path), mime="audio/wav", now=NOW, duration_ms=4000)
    with drawing._AT_ONCE, drawing._AT_ONCE:
        assert officer.get(waveform_of(file)).status_code == 202
    assert officer.get(waveform_of(file)).status_code == 200


def test_a_waveform_is_for_whom_the_sound_is(tmp_path: Path) -> None:
    file = actions.store_bytes(data=sine(tmp_path), mime="audio/wav", now=NOW)
    assert signed_in("stranger").get(waveform_of(file)).status_code == 404
    assert Client().get(waveform_of(file)).status_code == 302
    assert signed_in("officer").post(waveform_of(file)).status_code == 405
    file.refresh_from_db()
    assert file.peaks is None  # who may not hear it costs nothing


def test_what_was_found_stands_under_the_player(officer: Client, url: str) -> None:
    found = [{"kind": "clipped", "value": 2, "at": [[12, 13], [45, 47]]}, {"kind": "trimmed", "value": 9, "at": []}]
    made = rendition(state=State.READY, file_id=url.rsplit("/", 1)[1], findings=found)
    page = officer.get(reverse("media:progress", args=[made.pk])).content.decode()
    assert "Tiếng bị vỡ ở 0:12, 0:45–0:47." in page
    assert "note-warn" in page
    assert "Đã cắt bớt 9 giây im lặng" in page
