"""Music around a voice and sounds joined, with the real ffmpeg: what is heard is measured in what comes out."""

import itertools
import math
import re
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from nguon.media import audio, mix, passes, rules
from nguon.media.mix import Music
from nguon.media.passes import Heard
from nguon.media.rules import Material
from nguon.plugs.espeak import Espeak

WORDS = (
    "Kính thưa bà con. Hôm nay trạm y tế tiêm phòng cho trẻ em từ bảy giờ ba mươi. Bà con nhớ mang theo sổ tiêm. "
    "Mọi thắc mắc xin liên hệ trạm y tế xã. Xin trân trọng cảm ơn và kính chúc bà con một ngày nhiều sức khỏe."
)
RATE = rules.SAMPLE_RATE
CHORD = "0.3*sin(2*PI*262*t)+0.2*sin(2*PI*330*t)+0.2*sin(2*PI*392*t)"


def silently(done: float) -> None:
    """Nobody watches."""


def synth(out: Path, expression: str, seconds: float) -> Path:
    source = f"aevalsrc='{expression}':s={RATE}:d={seconds}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(out)], check=True)
    return out


def samples(path: Path, begin: float = 0.0, length: float | None = None) -> "array[float]":
    """The sound of a file, 1 being full scale."""
    cut = ["-ss", f"{begin}"] + (["-t", f"{length}"] if length else [])
    run = ["ffmpeg", "-v", "error", "-i", str(path), *cut, "-ar", str(RATE), "-ac", "1", "-f", "f32le", "-"]
    found = array("f", subprocess.run(run, capture_output=True, check=True).stdout)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def level(piece: "array[float]") -> float:
    """The mean of some sound in dBFS."""
    return 10 * math.log10(sum(one * one for one in piece) / max(1, len(piece)) + 1e-12)


def steps(path: Path, width: float = 0.4) -> list[float]:
    """The level of each `width` seconds."""
    all_, size = samples(path), round(RATE * width)
    return [level(all_[at : at + size]) for at in range(0, len(all_) - size, size)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a voice, a jingle and a bed, the music as it is kept."""
    folder = tmp_path_factory.mktemp("mix")
    Espeak().speak(WORDS, voice="vi", rate=200, out=folder / "voice.wav", progress=silently)
    synth(folder / "jingle.wav", "0.6*sin(2*PI*660*t)*exp(-2*t)", 4)
    synth(folder / "bed.wav", CHORD, 8)
    for name in ("jingle", "bed"):
        made = {"max_minutes": 5, "progress": silently, "material": Material.MUSIC}
        audio.level(folder / f"{name}.wav", folder / f"{name}.flac", **made)  # type: ignore[arg-type]
    return folder


def voice(room: Path, folder: Path) -> Heard:
    """The voice levelled, before music."""
    taken = passes.take(room / "voice.wav")
    assert taken
    shaped = passes.shape(taken, Material.VOICE, (0.0, taken.envelope.seconds), folder, silently)
    return passes.stem(shaped, rules.first_levels(shaped.loudness), folder, silently)


def mixed(room: Path, out: Path, **names: str) -> audio.Levelled:
    music = Music(**{kind: room / name for kind, name in names.items()})
    made = {"max_minutes": 60, "progress": silently, "material": Material.VOICE}
    return audio.level(room / "voice.wav", out, music=music, **made)  # type: ignore[arg-type]


def clicks(path: Path) -> list[float]:
    """Where the sound jumps: seconds at which two samples are farther apart than anything near them allows."""
    found = samples(path)
    jumps = [abs(b - a) for a, b in itertools.pairwise(found)]
    return [at / RATE for at in range(64, len(jumps) - 64) if jumps[at] > 0.05 + 6 * max(jumps[at - 64 : at - 1])]


@pytest.mark.parametrize(
    "names",
    [
        {"opening": "jingle.flac"},
        {"bed": "bed.flac"},
        {"opening": "jingle.flac", "closing": "jingle.flac", "bed": "bed.flac"},
    ],
    ids=lambda names: "-".join(names),
)
def test_with_music_it_is_as_loud_as_anything(room: Path, tmp_path: Path, names: dict[str, str]) -> None:
    made = mixed(room, tmp_path / "out.mp3", **names)
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(made.path), "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", log)[-1])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", log)[-1])
    assert abs(loudness - rules.TARGET) <= rules.TOLERANCE
    assert peak <= rules.CEILING
    assert made.loudness == pytest.approx(loudness, abs=0.1)


def test_jingle_voice_jingle_follow_each_other_over_the_bed(room: Path, tmp_path: Path) -> None:
    made = mixed(room, tmp_path / "out.mp3", opening="jingle.flac", closing="jingle.flac", bed="bed.flac")
    taken = passes.take(room / "voice.wav")
    assert taken
    jingle = len(samples(room / "jingle.flac")) / RATE
    planned = rules.plan(taken.envelope.seconds, opening=jingle, closing=jingle, bed=8.0)
    assert made.duration_ms / 1000 == pytest.approx(planned.seconds, abs=0.1)
    levels = steps(made.path)
    assert max(levels[1:4]) > -25  # the jingle
    assert max(levels[-10:-6]) > -25  # and the closing one
    assert made.findings == ()


def test_the_bed_stays_18_lu_under_the_voice_while_somebody_speaks(room: Path, tmp_path: Path) -> None:
    """What the bed adds is the difference between the same mix with it and with a silent one."""
    said = voice(room, tmp_path)
    synth(tmp_path / "silence.flac", "0", 8)
    found = {}
    for name, bed in (("with", room / "bed.flac"), ("without", tmp_path / "silence.flac")):
        out = tmp_path / f"{name}.flac"
        made = mix.around(said, Music(bed=bed), out, tmp_path, silently, coding=passes.FLAC)
        found[name] = samples(out)
    alone = array("f", [a - b for a, b in zip(found["with"], found["without"], strict=False)])
    size, begin = round(RATE * 0.4), round(RATE * (made.starts[0] + 0.4))
    pairs = [
        (level(found["without"][at : at + size]), level(alone[at : at + size]))
        for at in range(begin, len(alone) - size, size)
    ]
    speaking = [(spoken, under) for spoken, under in pairs if spoken > -24]
    assert len(speaking) > 20
    assert max(under for _, under in speaking) <= rules.TARGET - 18
    assert min(spoken - under for spoken, under in speaking) >= 14  # even where the voice itself is faint for a moment
    assert level(alone[begin : -3 * RATE]) <= level(found["without"][begin : -3 * RATE]) - 18
    before = level(alone[round(RATE * 1.1) : round(RATE * 1.3)])
    assert -32 < before < -26  # before anybody speaks it is heard
    assert before - max(under for _, under in speaking) > 3  # and gives way


def test_a_short_bed_goes_on_without_a_seam(room: Path, tmp_path: Path) -> None:
    said = voice(room, tmp_path)
    assert said.envelope.seconds > 16  # more than twice the bed
    out = tmp_path / "out.flac"
    mix.around(said, Music(bed=room / "bed.flac"), out, tmp_path, silently, coding=passes.FLAC)
    assert clicks(out) == []
    looped = tmp_path / "looped.flac"
    run = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "3", "-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    subprocess.run([*run, "-i", str(tmp_path / "loop.pcm"), str(looped)], check=True)
    assert clicks(looped) == []
    levels = steps(looped)
    assert max(levels) - min(levels) < 4  # no hole where it begins again


def test_the_clicks_of_a_hard_cut_would_be_heard(tmp_path: Path) -> None:
    """The test above can fail: two tones cut into each other click."""
    out = synth(tmp_path / "cut.flac", "if(lt(t,1.0003),0.5*sin(2*PI*200*t),0.5*cos(2*PI*200*t))", 2)
    assert len(clicks(out)) == 1


def test_sounds_become_one_programme_with_pauses(room: Path, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(room / "voice.wav"), "-af", "volume=-20dB", str(quiet)], check=True
    )
    told: list[float] = []
    parts = [room / "jingle.flac", quiet, room / "voice.wav"]
    made = audio.join(parts, tmp_path / "out.mp3", pauses=[0.5, 2.0], progress=told.append)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    taken = passes.take(room / "voice.wav")
    assert taken
    length = taken.envelope.seconds
    assert made.starts == pytest.approx([0.0, made.starts[1], made.starts[1] + length + 2.0], abs=0.05)
    assert made.duration_ms / 1000 == pytest.approx(made.starts[2] + length, abs=0.1)
    assert level(samples(made.path, made.starts[2] - 1.8, 1.6)) < -60
    first, second = (level(samples(made.path, start + 1, 6)) for start in made.starts[1:])
    assert first == pytest.approx(second, abs=1.5)  # what came faint is as loud as the rest
    assert clicks(made.path) == []
    assert told == sorted(told)


def test_one_sound_alone_is_a_programme_and_none_is_not(room: Path, tmp_path: Path) -> None:
    made = audio.join([room / "jingle.flac"], tmp_path / "one.mp3", pauses=[], progress=silently)
    assert made.starts == (0.0,)
    with pytest.raises(ValueError, match="pause"):
        audio.join([], tmp_path / "none.mp3", pauses=[], progress=silently)
    with pytest.raises(ValueError, match="pause"):
        audio.join([room / "jingle.flac"], tmp_path / "one.mp3", pauses=[1.0], progress=silently)
