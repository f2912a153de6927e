"""Hearing, with the real voice and the real ffmpeg: speech, uploads, recordings, and what is no sound."""

import io
import subprocess
import wave
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.media import actions as media
from nguon.media.models import Rendition, Source
from nguon.media.models import State as Rendering
from nguon.newsroom import actions, queries, sounding
from nguon.newsroom.actions import NewsroomError, Sound
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import Draft, State
from tests.app.desk import NOTICE, Desk, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def tone(seconds: float, rate: int = 8000) -> bytes:
    """A WAV of a square wave, loud enough to be heard."""
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(rate)
        out.writeframes((b"\x40" * 10 + b"\xc0" * 10) * round(rate * seconds / 20))
    return held.getvalue()


def upload(data: bytes, name: str = "thong-bao.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "audio/wav")


def made(version: Version, desk: Desk) -> Rendition:
    """The version's rendition after the jobs service has done its work."""
    asked = queries.rendition(version)
    assert asked is not None
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    return asked


def save(desk: Desk, bulletin: Bulletin | None, draft: Draft, **more: Any) -> Version:
    seen = queries.newest(bulletin).number if bulletin else 0
    return actions.save(
        bulletin=bulletin,
        seen=seen,
        draft=draft,
        details=desk.details(),
        actor=desk.editor,
        now=desk.now,
        **more,
    )


def test_a_notice_is_spoken_and_submitted_and_approved_by_its_hash(desk: Desk) -> None:
    version = save(desk, None, desk.draft(body=NOTICE[:160]), hear=True)
    assert desk.state(version.bulletin) == State.RENDERING
    rendition = made(version, desk)
    assert (rendition.state, rendition.error) == (Rendering.READY, "")
    assert rendition.file is not None
    assert rendition.file.duration_ms
    assert desk.state(version.bulletin) == State.HEARD
    review = actions.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    assert review.media_hash == rendition.file.sha256


def test_hearing_again_makes_nothing_again(desk: Desk) -> None:
    version = save(desk, None, desk.draft(body="Xin chào bà con."), hear=True)
    rendition = made(version, desk)
    again = sounding.hear(bulletin=version.bulletin, actor=desk.editor, now=desk.now)
    assert again.rendition_id == rendition.pk
    assert Rendition.objects.count() == 1
    renamed = save(desk, version.bulletin, desk.draft(title="Tên khác", body="Xin chào bà con."), hear=True)
    assert queries.rendition(renamed) == rendition  # the title is not spoken, so the sound is the same


def test_a_recording_takes_the_place_of_the_voice_and_follows_its_text(desk: Desk) -> None:
    sound = Sound(upload(tone(2.0), "thu-am.webm"), Source.RECORDING)
    version = save(desk, None, desk.draft(body=""), sound=sound)
    rendition = made(version, desk)
    assert (rendition.state, rendition.source) == (Rendering.READY, Source.RECORDING)
    assert version.sound_id == rendition.original_id
    noted = save(desk, version.bulletin, desk.draft(body="Lời ghi âm", sound=version.sound_id))
    assert noted.number == 2
    assert queries.rendition(noted) == rendition
    assert desk.state(version.bulletin) == State.HEARD
    spoken = save(desk, version.bulletin, desk.draft(body="Lời ghi âm"))
    assert spoken.sound_id is None
    assert queries.rendition(spoken) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 not a sound at all" * 100, "không phải tệp âm thanh"),
        (b"\x00", "không phải tệp âm thanh"),
    ],
)
def test_a_file_that_is_no_sound_is_refused_and_the_text_stays(desk: Desk, data: bytes, said: str) -> None:
    client = Client()
    client.force_login(desk.editor)
    typed = {
        "title": "Thông báo",
        "body": NOTICE,
        "how": "sound",
        "sound": upload(data),
        "place": desk.here.pk,
        "category": "local",
        "priority": "ordinary",
        "language": "vi",
        "seen": 0,
        "do": "hear",
    }
    response = client.post(reverse("newsroom:new"), typed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Điện lực Tuy Phước" in response.content.decode()
    assert not Bulletin.objects.exists()


def test_a_file_of_three_hours_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "dai.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(2000)
        out.writeframes(b"\x80" * 2000 * 3 * 3600)
    with path.open("rb") as handle, pytest.raises(media.MediaError, match="180 phút, quá mức cho phép 60 phút"):
        save(desk, None, desk.draft(body=""), sound=Sound(upload(handle.read())))
    assert not Bulletin.objects.exists()


def test_a_language_no_voice_reads_is_refused_before_anything_is_saved(desk: Desk) -> None:
    with pytest.raises(NewsroomError, match="ghi âm"):
        save(desk, None, desk.draft(language="bdq"), hear=True)
    assert not Bulletin.objects.exists()
    assert save(desk, None, desk.draft(language="bdq")).number == 1


def test_the_editors_page_hears_without_being_left(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.editor)
    typed = {
        "title": "Thông báo",
        "body": "Xin chào bà con.",
        "how": "speech",
        "voice": "",
        "rate": "210",
        "place": desk.here.pk,
        "category": "local",
        "priority": "ordinary",
        "language": "vi",
        "seen": 0,
        "do": "hear",
    }
    response = client.post(reverse("newsroom:new"), typed, headers={"HX-Request": "true"})
    bulletin = Bulletin.objects.get()
    edit = reverse("newsroom:edit", args=[bulletin.pk])
    assert response.status_code == 200
    assert response.headers["HX-Replace-Url"] == edit
    page = response.content.decode()
    assert "Đang tạo âm thanh" in page
    assert f'hx-post="{edit}"' in page  # the next press saves this bulletin, not a second one
    rendition = made(queries.newest(bulletin), desk)
    assert rendition.file is not None
    heard = client.get(reverse("newsroom:hear", args=[bulletin.pk])).content.decode()
    assert reverse("media:audio", args=[rendition.file.sha256]) in heard
    assert client.get(reverse("media:audio", args=[rendition.file.sha256])).status_code == 200
    for person in (desk.neighbour, desk.stranger):
        client.force_login(person)
        assert client.get(reverse("media:audio", args=[rendition.file.sha256])).status_code == 404


def test_a_broken_recording_is_told_to_the_editor_and_to_the_approver(desk: Desk, tmp_path: Path) -> None:
    """Found by the real ffmpeg in a real file; it is a warning, and nothing keeps it from being approved."""
    path = tmp_path / "vo-tieng.wav"
    source = "sine=f=300:r=16000:d=8,volume='if(between(t,3,4.9),80,0.8)':eval=frame,aformat=sample_fmts=s16"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, str(path)], check=True)
    version = save(desk, None, desk.draft(body=""), sound=Sound(upload(path.read_bytes())))
    rendition = made(version, desk)
    assert [found["kind"] for found in rendition.findings] == ["clipped"]
    client = Client()
    client.force_login(desk.editor)
    heard = client.get(reverse("newsroom:hear", args=[version.bulletin_id])).content.decode()
    assert "Tiếng bị vỡ ở 0:03–0:05." in heard
    review = actions.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    client.force_login(desk.approver)
    page = client.get(reverse("review:detail", args=[review.pk])).content.decode()
    assert "Tiếng bị vỡ ở 0:03–0:05." in page
