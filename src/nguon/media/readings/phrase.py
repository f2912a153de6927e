"""A few words heard at once, by the server's own voice that is nearest to the one chosen. Nothing is kept of it.

A voice of an account would cost money and seconds for each try; how a word is read is heard as well by another.
"""

import logging
import tempfile
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from nguon import speech
from nguon.media import ffmpeg, rules, speaking, voice_sources
from nguon.media.errors import MediaError
from nguon.media.speaking import Errand

LONGEST = 400  # characters as spoken: a sentence
PATIENCE = 10.0  # seconds for ffmpeg, which needs about 0.2
# One pass, near the loudness of the whole chain: half a second of sound is too short to be measured and made again.
_NEAR_LEVEL = (
    "aresample=44100,aformat=channel_layouts=mono,highpass=f=110,speechnorm=e=8:r=0.0005:l=1,volume=3dB,"
    "asoftclip=type=tanh:threshold=0.8,alimiter=limit=0.8:level=disabled"
)
log = logging.getLogger(__name__)


def hear(*, text: str, voice: str, rate: int, now: datetime) -> bytes:
    """MP3 of a few words, given in any form. Raises MediaError with words for the officer."""
    said = speech.read(text).text
    if not any(c.isalpha() for c in said):
        raise MediaError(_("Chưa có chữ nào đọc được. Hãy ghi cách đọc bằng chữ."))
    if len(said) > LONGEST:
        raise MediaError(_("Dài quá một câu. Hãy nghe từng đoạn ngắn hơn."))
    pace = min(max(rate, rules.SLOWEST), rules.FASTEST)
    with tempfile.TemporaryDirectory(prefix="nguon-phrase-") as name:
        spoken, heard = Path(name, "spoken.wav"), Path(name, "heard.mp3")
        speaking.speak(Errand(said, pace, spoken, lambda _done: None, now), voice_sources.sources(None, now), voice)
        try:
            _level(spoken, heard)
        except ffmpeg.ToolFailed as error:
            log.error("phrase: %s", error)
            raise MediaError(_("Máy chủ không xử lý được âm thanh này. Xin thử lại.")) from error
        return heard.read_bytes()


def _level(spoken: Path, heard: Path) -> None:
    coding = ["-c:a", "libmp3lame", "-b:a", f"{rules.BIT_RATE}k", "-ac", "1", "-f", "mp3", "-y", f"file:{heard}"]
    arguments = [*ffmpeg.opening(spoken), "-map", "0:a:0", "-af", _NEAR_LEVEL, *coding]
    ffmpeg.run(arguments, report=lambda _at: None, timeout=PATIENCE)
