"""Sirens: made by ffmpeg, joined to a sentence that espeak-ng reads, kept on every device."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from nguon.alerts import sirens
from nguon.alerts.models import SirenSound
from nguon.api.queries import content_for
from nguon.cap.hazards import Siren
from nguon.devices.models import Device
from nguon.media import actions as media
from nguon.media.models import File, Rendition
from tests.app.stage import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


def seconds(file: File) -> float:
    """How long a sound is, as ffprobe finds it."""
    ask = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json"]
    told = subprocess.run([*ask, default_storage.path(file.path)], capture_output=True, check=True).stdout
    return float(json.loads(told)["format"]["duration"])


def spoken() -> None:
    """The sentences are read aloud."""
    for rendition in Rendition.objects.filter(state="queued"):
        media.render(rendition_id=rendition.pk, now=NOW)


def test_a_siren_is_there_at_once_and_its_sentence_as_soon_as_it_is_read() -> None:
    assert sirens.prepare(NOW) == 0
    alone = sirens.file_of(Siren.WAIL, NOW, drill=False)
    assert abs(seconds(alone) - sirens.SECONDS) < 0.2
    assert len(sirens.kept()) == 3
    spoken()
    assert sirens.prepare(NOW) == 6
    assert sirens.prepare(NOW) == 0
    joined = sirens.file_of(Siren.WAIL, NOW, drill=False)
    assert joined != alone
    for file in (alone, joined):  # a device that has not heard of the newer plan asks for the older
        assert content_for(Device(), file.sha256, NOW) == file
    assert joined.duration_ms is not None
    assert abs(seconds(joined) - joined.duration_ms / 1000) < 0.3
    assert seconds(joined) > sirens.SECONDS + 1
    assert {sound.sha256 for sound in sirens.kept()} == {
        row.file_id for row in SirenSound.objects.filter(pattern__contains="-")
    }


def test_a_drill_says_so_before_its_siren_and_sounds_otherwise() -> None:
    sirens.prepare(NOW)
    spoken()
    sirens.prepare(NOW)
    real, drill = (sirens.file_of(Siren.STEADY, NOW, drill=each) for each in (False, True))
    assert real.sha256 != drill.sha256
    assert loud(real, 0, 2) > loud(real, sirens.SECONDS + 0.5, 2), "the siren first"
    assert loud(drill, seconds(drill) - 3, 2) > loud(drill, 0, 1.5) - 1, "the siren last"


def loud(file: File, start: float, length: float) -> float:
    """Mean level of a part, dBFS, by ffmpeg."""
    cut = ["ffmpeg", "-hide_banner", "-nostats", "-ss", str(start), "-t", str(length)]
    cut += ["-i", default_storage.path(file.path), "-af", "volumedetect", "-f", "null", "-"]
    told = subprocess.run(cut, capture_output=True, text=True, check=True).stderr
    return float(told.split("mean_volume: ")[1].split(" dB")[0])
