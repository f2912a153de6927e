"""What ffmpeg tells of old recordings: hashes that only the sound decides; and what taking noise away does."""

import array
import math
import subprocess
from pathlib import Path

import pytest

from nguon.archive import prints, sound
from nguon.media.ffmpeg import ToolFailed
from tests.app import tapes
from tests.app.tapes import coded, ffmpeg, spoken

RATE = 16_000
FRAME = 400  # samples: 25 ms


def hash_of(path: Path) -> str:
    return sound.hear(path, 10, 60).sound_hash


def test_only_the_sound_decides_the_hash(tmp_path: Path) -> None:
    one = coded(spoken("dien"), tmp_path / "a.wav")
    same = [
        coded(one, tmp_path / "b.flac", "-metadata", "title=Khác"),
        coded(one, tmp_path / "c.aiff"),
        coded(one, tmp_path / "d.mkv", "-c:a", "copy"),
    ]
    assert {hash_of(path) for path in same} == {hash_of(one)}
    others = [
        coded(one, tmp_path / "e.wav", "-af", "volume=-1dB"),
        coded(one, tmp_path / "f.mp3"),
        coded(one, tmp_path / "g.wav", "-af", "atrim=start=0.001"),
        coded(spoken("tiem"), tmp_path / "h.wav"),
    ]
    assert len({hash_of(path) for path in [one, *others]}) == 5


def test_this_ffmpeg_makes_prints_of_eight_values_a_second(tmp_path: Path) -> None:
    assert sound.prints_made()
    heard = sound.hear(spoken("dien"), 10, 60)
    seconds = float(
        subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(spoken("dien"))],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    assert prints.length(heard.data) * prints.STEP_MS / 1000 == pytest.approx(seconds, abs=3)


def test_what_cannot_be_decoded_fails(tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_bytes(b"nothing to hear" * 100)
    with pytest.raises(ToolFailed):
        sound.hear(tmp_path / "x.mp3", 1, 60)


def samples(path: Path) -> "array.array[float]":
    run = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    found = array.array("f")
    found.frombytes(subprocess.run(run, capture_output=True, check=True).stdout)
    return found


def levels(found: "array.array[float]", begin: int = 0) -> list[float]:
    """The mean power of each 25 ms."""
    return [sum(x * x for x in found[at : at + FRAME]) / FRAME for at in range(begin, len(found) - FRAME, FRAME)]


def decibels(powers: list[float]) -> float:
    return 10 * math.log10(sum(powers) / len(powers) + 1e-12)


def ratio(clean: list[float], path: Path) -> tuple[float, float]:
    """(speech over pauses, speech) in dB of a sound that may begin up to 60 ms late, by where the clean one pauses."""
    found = samples(path)
    return max(_ratio(clean, levels(found, begin)) for begin in range(0, 61 * RATE // 1000, 5 * RATE // 1000))


def _ratio(clean: list[float], heard: list[float]) -> tuple[float, float]:
    loudest = max(clean)
    speech = [heard[n] for n, power in enumerate(clean) if power > loudest * 1e-3 and n < len(heard)]
    pauses = [heard[n] for n, power in enumerate(clean) if power < loudest * 1e-6 and n < len(heard)]
    return decibels(speech) - decibels(pauses), decibels(speech)


@pytest.mark.parametrize(("kind", "gain"), [("white", 7), ("pink", 1.2)])
def test_hiss_goes_and_speech_stays(tmp_path: Path, kind: str, gain: float) -> None:
    voice = coded(spoken("lua"), tmp_path / "voice.wav", "-ar", "22050")
    noisy = tmp_path / "noisy.wav"
    hiss = f"anoisesrc=a=0.02:r=22050:c={kind}:seed=3[n]"
    mix = f"[0:a]anull[a];{hiss};[a][n]amix=inputs=2:duration=first:normalize=0"
    ffmpeg("-i", str(voice), "-filter_complex", mix, str(noisy))
    assert sound.clean(noisy, tmp_path / "clean.flac", 20, 60)
    truth = levels(samples(voice))
    before, loud_before = ratio(truth, noisy)
    after, loud_after = ratio(truth, tmp_path / "clean.flac")
    assert after - before >= gain
    assert abs(loud_after - loud_before) < 0.6, "speech is not taken away with the noise"


def test_what_has_no_hiss_or_no_pauses_is_left_alone(tmp_path: Path) -> None:
    assert not sound.clean(spoken("lua"), tmp_path / "out.flac", 20, 60)
    music = tmp_path / "music.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=f=440:d=10,tremolo=f=2:d=0.3", str(music))
    assert not sound.clean(music, tmp_path / "out.flac", 10, 60)
    assert not (tmp_path / "out.flac").exists()


def test_the_floor_is_measured(tmp_path: Path) -> None:
    assert sound.noise_floor(spoken("dien"), 10, 60) is None
    floor = sound.noise_floor(tapes.noisy(spoken("dien"), tmp_path / "x.wav", 0.02), 10, 60)
    assert floor is not None
    assert -60 < floor < -35
