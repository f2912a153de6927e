"""The prepared words of hazards as espeak-ng really says them: the sound is short enough to be listened to."""

import wave
from pathlib import Path

import pytest

from nguon.cap import hazards
from nguon.cap.hazards import Kind
from nguon.plugs.espeak import VOICES, Espeak
from nguon.speech import read

RATE = 210  # syllables a minute, as an announcer reads an alert
LONGEST = {False: 25.0, True: 31.0}  # seconds of sound; a drill says so at both ends
EXAMPLES = {name: blank.example for name, blank in hazards.known_blanks().items()}


@pytest.mark.parametrize("drill", [False, True], ids=["real", "drill"])
@pytest.mark.parametrize("hazard", hazards.all(), ids=lambda hazard: hazard.code)
def test_a_warning_is_heard_in_time(hazard: hazards.Hazard, drill: bool, tmp_path: Path) -> None:
    words = hazards.fill(hazard.say(Kind.WARNING, drill=drill), EXAMPLES)
    out = tmp_path / "said.wav"
    Espeak().speak(read(words.text).text, voice=VOICES[0].id, rate=RATE, out=out, progress=lambda _: None)
    with wave.open(str(out)) as sound:
        assert sound.getnframes() / sound.getframerate() <= LONGEST[drill], words.text
