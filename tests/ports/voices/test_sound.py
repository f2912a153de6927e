"""What comes is looked at before it is believed; what is joined has clean edges."""

import array
import math
from itertools import pairwise
from pathlib import Path

import pytest

from nguon.plugs.voices import sound, tape
from nguon.ports.voice import Failure, VoiceFailed
from tests.ports.voices import hearing
from tests.ports.voices.fakes.server import HTML, said

TEXT = "kính mời bà con đến hội trường xã."


def tone(seconds: float, rate: int = sound.RATE) -> "array.array[int]":
    return array.array("h", [round(9000 * math.sin(i * 0.06)) for i in range(round(seconds * rate))])


def quiet(seconds: float, rate: int = sound.RATE) -> "array.array[int]":
    return array.array("h", bytes(2 * round(seconds * rate)))


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("wav", "wav"),
        ("mp3", "mp3"),
        ("ogg", "ogg"),
        ("flac", "flac"),
        ("aac", "aac"),
        ("m4a", "m4a"),
        ("webm", "webm"),
    ],
)
def test_a_sound_is_known_by_its_first_bytes_and_decoded(form: str, found: str) -> None:
    data = said(TEXT, 1.0, form)
    assert sound.kind(data) == found
    seconds = len(sound.decode(data, tempo=1.0, within=10)) / sound.RATE
    assert seconds == pytest.approx(len(said(TEXT, 1.0)) / 2 / 22_050, rel=0.05)


@pytest.mark.parametrize("data", [b"", HTML, b"  \n<html>", b'{"a": 1}', b"#EXTM3U\nhttp://x", b"ffmpeg", b"\xff\x00"])
def test_what_is_no_sound_is_never_given_to_the_decoder(data: bytes) -> None:
    assert sound.kind(data) == ""
    with pytest.raises(VoiceFailed, match="instead of sound") as failed:
        sound.decode(data, tempo=1.0, within=10)
    assert failed.value.failure is Failure.AWAY


def test_a_wav_that_is_shorter_than_it_says_is_seen_and_a_streamed_one_is_fine() -> None:
    whole = said(TEXT, 1.0)
    with pytest.raises(VoiceFailed, match="shorter") as failed:
        sound.decode(whole[:-4000], tempo=1.0, within=10)
    assert failed.value.failure is Failure.SOUND
    streamed = whole[:4] + b"\xff\xff\xff\xff" + whole[8:40] + b"\xff\xff\xff\xff" + whole[44:]
    assert len(sound.decode(streamed, tempo=1.0, within=10)) > sound.RATE
    with pytest.raises(VoiceFailed) as failed:
        sound.decode(b"ID3" + bytes(500), tempo=1.0, within=10)
    assert failed.value.failure is Failure.SOUND


def test_tempo_changes_the_length_and_not_the_pitch() -> None:
    data = sound.pcm(tone(3.0).tobytes(), sound.RATE)
    plain, fast = (sound.decode(data, tempo=tempo, within=10) for tempo in (1.0, 1.25))
    assert len(fast) / len(plain) == pytest.approx(0.8, rel=0.03)
    crossings = [sum((a < 0) != (b < 0) for a, b in pairwise(x)) / len(x) for x in (plain, fast)]
    assert crossings[1] == pytest.approx(crossings[0], rel=0.03)


def test_edges_are_trimmed_to_a_margin() -> None:
    made = tape.trimmed(quiet(0.7) + tone(1.0) + quiet(0.3) + tone(0.5) + quiet(1.2))
    assert len(made) / sound.RATE == pytest.approx(1.8 + 2 * tape.MARGIN, abs=0.03)
    assert tape.trimmed(tone(0.5)) == tone(0.5)
    assert len(tape.trimmed(quiet(2.0))) / sound.RATE <= 2 * tape.MARGIN + 0.02
    assert len(tape.trimmed(array.array("h"))) == 0


def test_pieces_are_joined_without_a_click_and_with_their_pauses(tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    loud = array.array("h", [20_000] * sound.RATE)  # an edge that would crack
    with tape.recording(out) as file:
        file.add(loud, 0.25)
        file.add(loud, 0.6)
    samples, rate = hearing.heard(out)
    assert len(samples) == 2 * sound.RATE + round(0.25 * rate)
    assert (samples[0], samples[-1]) == (0, 0)
    assert hearing.steepest(samples) < 100


def test_the_text_decides_how_long_a_sound_may_be() -> None:
    text = " ".join(["một"] * 20)  # six seconds at 200 a minute
    sound.check([tone(6.0)], text, 200)
    sound.check([tone(3.5), tone(2.0)], text, 200)
    for parts, words in (
        ([tone(2.0)], "only"),
        ([tone(40.0)], "more was said"),
        ([quiet(6.0)], "silence"),
        ([], "sil"),
    ):
        with pytest.raises(VoiceFailed, match=words) as failed:
            sound.check(parts, text, 200)
        assert failed.value.failure is Failure.SOUND
    sound.check([tone(0.15)], "ạ", 200)
