"""Renditions and files: the real voice and the real ffmpeg, on a database."""

import hashlib
import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.kit import ids
from nguon.media import actions, jobs, queries, rules, voices
from nguon.media.errors import MediaError
from nguon.media.models import File, Rendition, Source, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CENTRAL = "espeak/vi-vn-x-central"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path


@pytest.fixture(autouse=True)
def fresh_voices() -> Any:
    """The voices are loaded once for a process; tests change the settings."""
    voices.status.cache_clear()
    yield
    voices.status.cache_clear()


def speech(text: str = "UBND xã họp lúc 7h30.", **changes: Any) -> Rendition:
    asked: dict[str, Any] = {"text": text, "voice": CENTRAL, "rate": 210, "now": NOW}
    return actions.request_speech(**asked | changes)


def made(rendition: Rendition) -> Rendition:
    actions.render(rendition_id=rendition.pk, now=NOW)
    found = queries.rendition(rendition.pk)
    assert found
    return found


def sound(folder: Path, filters: str = "sine=440:duration=2", name: str = "given.mp3") -> bytes:
    out = folder / name
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", filters, str(out)], check=True)
    return out.read_bytes()


def upload(data: bytes, name: str = "thong-bao.mp3") -> Rendition:
    given = SimpleUploadedFile(name, data, "audio/mpeg")
    return actions.request_upload(upload=given, source=Source.UPLOAD, now=NOW)


def stored() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


def test_speech_becomes_a_file_for_loudspeakers() -> None:
    rendition = speech()
    assert (rendition.state, rendition.spoken) == (State.QUEUED, "ủy ban nhân dân xã họp lúc bảy giờ ba mươi.")
    rendition = made(rendition)
    assert (rendition.state, rendition.progress, rendition.error) == (State.READY, 1, "")
    file = rendition.file
    assert file
    assert file.loudness is not None
    assert file.true_peak is not None
    assert rules.acceptable(rules.Loudness(file.loudness, file.true_peak))
    assert 2000 < (file.duration_ms or 0) < 8000
    with default_storage.open(file.path) as handle:
        data = handle.read()
    assert hashlib.sha256(data).hexdigest() == file.sha256
    assert (len(data), file.mime) == (file.size, "audio/mpeg")
    assert file.size == pytest.approx((file.duration_ms or 0) * 8, rel=0.1)  # 64 kbit/s


def test_the_same_request_is_the_same_rendition_and_makes_nothing_anew(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first = made(speech())
    before = stored()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        again = speech()
    assert callbacks == []
    assert again == first
    assert again.state == State.READY
    actions.render(rendition_id=again.pk, now=NOW + timedelta(hours=1))
    assert queries.rendition(again.pk).updated_at == NOW  # type: ignore[union-attr]
    assert stored() == before
    assert len(before) == File.objects.count() == 1


def test_text_and_its_spoken_form_are_one_rendition_and_anything_else_is_another() -> None:
    one = speech("UBND xã")
    assert actions.request_speech(spoken="ủy ban nhân dân xã", voice=CENTRAL, rate=210, now=NOW) == one
    others = [speech("UBND xã ta"), speech("UBND xã", voice="espeak/vi"), speech("UBND xã", rate=180)]
    assert len({one.pk, *(other.pk for other in others)}) == 4


def test_the_work_is_put_in_the_queue_on_commit_and_the_job_does_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        rendition = speech()
        assert not DBTaskResult.objects.exists()
        speech()
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [rendition.pk.hex], "kwargs": {}}
    jobs.render_rendition.call(rendition.pk.hex)
    assert Rendition.objects.get(pk=rendition.pk).state == State.READY


def test_work_that_was_forgotten_is_asked_for_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    speech()
    with django_capture_on_commit_callbacks() as early:
        speech(now=NOW + timedelta(seconds=rules.STALE - 1))
    with django_capture_on_commit_callbacks() as late:
        speech(now=NOW + timedelta(seconds=rules.STALE + 1))
    assert (len(early), len(late)) == (0, 1)


def test_progress_moves_while_a_long_text_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    write = actions._set

    def watched(rendition: Rendition, **values: Any) -> None:
        write(rendition, **values)
        seen.append(Rendition.objects.get(pk=rendition.pk).progress)

    monkeypatch.setattr(actions, "_set", watched)
    monkeypatch.setattr(actions, "EVERY", 0.0)
    rendition = made(speech("Kính mời bà con đi họp. " * 10))
    assert rendition.state == State.READY
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_progress_is_written_at_most_twice_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(number / 100 for number in range(1001))  # ten seconds, a hundred calls in each
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    written: list[float] = []
    monkeypatch.setattr(actions, "_set", lambda rendition, **values: written.append(values["progress"]))
    note = actions._Note(speech(), NOW)
    for done in range(1000):
        note(done / 1000)
    assert len(written) == 20
    assert written == sorted(written)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "chưa có chữ"),
        (" \n\t ", "chưa có chữ"),
        ("!!! --- 😀 ***", "chưa có chữ"),
        ("<b></b>&nbsp;\x00\x07", "chưa có chữ"),
        ("một " * 250_000, "dài quá"),
        ("một hai ba bốn năm " * 1500, "phút"),
    ],
)
def test_text_that_cannot_be_spoken_is_refused(text: str, words: str, settings: Settings) -> None:
    settings.NGUON_MAX_AUDIO_MINUTES = 30
    with pytest.raises(MediaError, match=words):
        speech(text)
    assert not Rendition.objects.exists()


@pytest.mark.parametrize("rate", [0, 119, 301, 10_000])
def test_a_rate_nobody_follows_is_refused(rate: int) -> None:
    with pytest.raises(MediaError, match="Tốc độ"):
        speech(rate=rate)


def test_nfd_text_is_the_same_rendition_as_nfc() -> None:
    text = "Nhơn Hòa, Diêu Trì"
    assert speech(unicodedata.normalize("NFD", text)) == speech(text)


def test_a_voice_that_fails_is_followed_by_the_next(settings: Settings, folder: Path) -> None:
    settings.NGUON_VOICES = ["tests.app.test_media.Broken", "tests.app.test_media.Cut", "nguon.plugs.espeak.Espeak"]
    assert made(speech(voice="broken/one")).state == State.READY


def test_when_no_voice_works_the_officer_is_told_and_may_try_again(settings: Settings) -> None:
    settings.NGUON_VOICES = ["tests.app.test_media.Broken"]
    rendition = made(speech())
    assert rendition.state == State.FAILED
    assert "Không giọng đọc nào" in rendition.error
    settings.NGUON_VOICES = ["nguon.plugs.espeak.Espeak"]
    voices.status.cache_clear()
    again = actions.retry(rendition_id=rendition.pk, now=NOW)
    assert (again.pk, again.state, again.error) == (rendition.pk, State.QUEUED, "")
    assert made(again).state == State.READY
    assert actions.retry(rendition_id=rendition.pk, now=NOW).state == State.READY


def test_asking_again_for_what_failed_tries_again(settings: Settings) -> None:
    settings.NGUON_VOICES = ["tests.app.test_media.Broken"]
    failed = made(speech())
    assert (speech().pk, speech().state) == (failed.pk, State.QUEUED)


def test_voices_are_listed_and_those_that_are_off_say_why(settings: Settings) -> None:
    settings.NGUON_VOICES = ["nguon.plugs.espeak.Espeak", "tests.app.test_media.Off", "nguon.plugs.nothing.Nothing"]
    listed = [(voice.name, voice.label, voice.value) for voice in queries.voices()]
    assert listed == [
        ("espeak/vi-vn-x-central", "Giọng Trung (máy, nam)", "espeak/vi-vn-x-central"),
        ("espeak/vi", "Giọng Bắc (máy, nam)", "espeak/vi"),
        ("espeak/vi-vn-x-south", "Giọng Nam (máy, nam)", "espeak/vi-vn-x-south"),
    ]
    reasons = [status.reason for status in queries.voice_status()]
    assert reasons[0] == ""
    assert "no key" in reasons[1]
    assert "nothing" in reasons[2]


def test_an_uploaded_file_is_kept_and_levelled(folder: Path) -> None:
    data = sound(folder)
    rendition = upload(data)
    assert rendition.original_id == hashlib.sha256(data).hexdigest()
    rendition = made(rendition)
    assert rendition.state == State.READY
    assert rendition.file_id != rendition.original_id
    assert rules.acceptable(rules.Loudness(rendition.file.loudness or 0, rendition.file.true_peak or 0))  # type: ignore[union-attr]
    assert upload(data, "ten-khac.mp3") == rendition
    assert rendition.original
    assert actions.request_sound(original=rendition.original, now=NOW) == rendition


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "trống"), (b"day khong phai am thanh" * 99, "không phải tệp âm thanh")]
)
def test_what_is_no_sound_is_refused_at_the_door(data: bytes, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        upload(data)
    assert not File.objects.exists()
    assert stored() == []


def test_a_file_too_large_is_refused_before_it_is_read(settings: Settings, folder: Path) -> None:
    settings.NGUON_MAX_UPLOAD_MB = 1
    with pytest.raises(MediaError, match="lớn hơn mức cho phép 1 MB"):
        upload(sound(folder) + bytes(2**20))


def test_a_file_too_long_is_refused_at_the_door(settings: Settings, folder: Path) -> None:
    settings.NGUON_MAX_AUDIO_MINUTES = 1
    with pytest.raises(MediaError, match="2 phút"):
        upload(sound(folder, "sine=440:duration=62:sample_rate=8000", "long.wav"))


def test_silence_and_cut_files_fail_with_words(folder: Path) -> None:
    silent = made(upload(sound(folder, "anullsrc=r=16000:cl=mono,atrim=0:3", "silence.wav")))
    assert (silent.state, silent.file) == (State.FAILED, None)
    assert "im lặng" in silent.error
    whole = sound(folder, "sine=440:duration=20")
    cut = made(upload(whole[: len(whole) // 3]))
    assert cut.state == State.FAILED
    assert "cắt cụt" in cut.error


def test_the_same_bytes_are_stored_once_and_lost_bytes_are_put_back() -> None:
    first = actions.store_bytes(data=b"abc" * 1000, mime="audio/mpeg", now=NOW, duration_ms=5)
    assert actions.store_bytes(data=b"abc" * 1000, mime="audio/mpeg", now=NOW) == first
    assert first.duration_ms == 5
    assert len(stored()) == File.objects.count() == 1
    Path(default_storage.path(first.path)).write_bytes(b"half")
    again = actions.store_bytes(data=b"abc" * 1000, mime="audio/mpeg", now=NOW)
    assert again == first
    assert Path(default_storage.path(again.path)).read_bytes() == b"abc" * 1000
    assert len(stored()) == 1


def test_a_file_from_disk_and_its_bytes_are_one(folder: Path) -> None:
    path = folder / "x.mp3"
    path.write_bytes(b"xyz")
    assert actions.store_file(path=path, mime="audio/mpeg", now=NOW) == actions.store_bytes(
        data=b"xyz", mime="audio/mpeg", now=NOW
    )


def test_a_worker_that_comes_late_changes_nothing_that_is_ready() -> None:
    rendition = made(speech())
    late = Rendition.objects.get(pk=rendition.pk)
    actions._fail(late, "quá muộn", NOW)
    actions._set(late, state=State.READY, file=None)
    kept = Rendition.objects.get(pk=rendition.pk)
    assert (kept.state, kept.file_id, kept.error) == (State.READY, rendition.file_id, "")


def test_an_unknown_rendition_is_no_work() -> None:
    actions.render(rendition_id=ids.new(), now=NOW)
    assert queries.rendition(UUID(int=1)) is None


class Broken:
    """A voice that loads and then never speaks."""

    key = "broken"

    def check(self) -> None: ...

    def voices(self) -> Any:
        from nguon.ports.voice import VoiceInfo

        return (VoiceInfo("one", "Một", "bac", "nu"),)

    def speak(self, text: str, *, voice: str, rate: int, out: Path, progress: Any, within: float) -> None:
        from nguon.ports.voice import VoiceFailed

        raise VoiceFailed("broken on purpose")


class Cut(Broken):
    """A voice that gives a sound far too short for its text."""

    key = "cut"

    def speak(self, text: str, *, voice: str, rate: int, out: Path, progress: Any, within: float) -> None:
        from nguon.plugs.silent import Silent

        Silent().speak("bíp", voice="beep", rate=300, out=out, progress=progress)


class Off(Broken):
    """A voice that cannot work here."""

    def check(self) -> None:
        raise RuntimeError("no key")
