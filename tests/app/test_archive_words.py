"""Words of recordings: written down where a recogniser is, promised nowhere else."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.archive import jobs, transcribers, transcribing
from nguon.archive.models import Recording, Transcript
from nguon.kit import clock
from nguon.people.models import Person
from tests.app import tapes
from tests.app.desk import Desk, make_desk
from tests.app.tapes import coded, spoken

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def _settings(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "kept"
    settings.NGUON_ARCHIVE_RESERVE_MB = 1
    transcribers.status.cache_clear()
    yield
    transcribers.status.cache_clear()


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


def test_without_a_recogniser_nothing_is_promised(desk: Desk, tape: Recording) -> None:
    assert "Chép lời" not in words(as_(desk.editor).get(reverse("archive:detail", args=[tape.pk])))
    assert not Transcript.objects.exists()
    as_(desk.editor).post(reverse("archive:transcribe", args=[tape.pk]))
    assert not Transcript.objects.exists()


def test_words_are_written_down_searched_for_and_shown(
    desk: Desk, tape: Recording, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.loud.Loud"]
    transcribers.status.cache_clear()
    page = reverse("archive:detail", args=[tape.pk])
    assert "Chép lời" in words(as_(desk.editor).get(page))
    assert as_(desk.watcher).post(reverse("archive:transcribe", args=[tape.pk])).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        as_(desk.editor).post(reverse("archive:transcribe", args=[tape.pk]))
    assert DBTaskResult.objects.get(task_path="nguon.archive.jobs.transcribe").priority == -10
    assert "Chờ chép lời" in words(as_(desk.watcher).get(page))
    jobs.transcribe.call(tape.pk.hex)
    shown = as_(desk.watcher).get(page).content.decode()
    assert "THỬ dòng 1 không phải lời thật" in shown
    assert 'data-at="5000"' in shown
    found = as_(desk.watcher).get(reverse("archive:list"), {"q": "khong phai loi"}).content.decode()
    assert "<mark>không</mark>" in found
    shown = as_(desk.watcher).get(page, {"q": "khong phai loi"}).content.decode()
    assert "<mark>không</mark> <mark>phải</mark> <mark>lời</mark>" in shown
    assert "every 2s" not in as_(desk.watcher).get(reverse("archive:words", args=[tape.pk])).content.decode()


def test_a_recogniser_that_fails_is_told_and_may_be_asked_again(
    desk: Desk, tape: Recording, settings: Settings, tmp_path: Path
) -> None:
    settings.NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.loud.Loud"]
    transcribers.status.cache_clear()
    transcribing.request(recording=tape, actor=desk.editor, now=clock.now())
    Path(default_storage.path(tape.file.path)).write_bytes(b"gone")
    transcribing.transcribe(recording_id=tape.pk)
    transcript = Transcript.objects.get()
    assert (transcript.state, "không chép được" in transcript.error) == ("failed", True)
    page = words(as_(desk.editor).get(reverse("archive:detail", args=[tape.pk])))
    assert "Máy không chép được lời" in page
    transcribing.request(recording=tape, actor=desk.editor, now=clock.now())
    assert Transcript.objects.get().state == "queued"


def test_new_recordings_are_transcribed_by_themselves(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    settings.NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.loud.Loud"]
    transcribers.status.cache_clear()
    coded(spoken("dien"), tmp_path / "băng/a.mp3")
    tapes.imported(tmp_path / "băng", desk.here)
    assert Transcript.objects.get().state == "queued"


def test_a_model_in_a_folder_is_enough(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    """The real recogniser with the tiny model of the port's tests, from the setting to the page."""
    settings.NGUON_ASR_MODEL = str(Path(__file__).parents[1] / "ports/asr_model")
    settings.NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.sherpa.Sherpa"]
    transcribers.status.cache_clear()
    coded(spoken("dien"), tmp_path / "băng/a.mp3")
    tapes.imported(tmp_path / "băng", desk.here)
    transcribing.transcribe(recording_id=Recording.objects.get().pk)
    transcript = Transcript.objects.get()
    assert (transcript.state, transcript.text, transcript.by) == ("ready", "xin chào", "sherpa/asr_model")
    found = as_(desk.watcher).get(reverse("archive:list"), {"q": "xin chao"}).content.decode()
    assert "<mark>xin</mark> <mark>chào</mark>" in found


def test_a_model_that_is_not_there_is_off_with_its_reason(settings: Settings) -> None:
    settings.NGUON_ASR_MODEL = "/no/such/model"
    settings.NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.sherpa.Sherpa"]
    transcribers.status.cache_clear()
    assert transcribers.active() is None
    assert "no such folder" in transcribers.status()[0].reason
