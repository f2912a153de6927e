"""A few words heard at once, by the voice that will speak. Nothing is kept of it."""

import logging
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from nguon import speech
from nguon.media import ffmpeg, rules, voices
from nguon.media.errors import MediaError

LONGEST = 400  # characters as spoken: a sentence
PATIENCE = 10.0  # seconds for ffmpeg, which needs about 0.2
# One pass, near the loudness of the whole chain: half a second of sound is too short to be measured and made again.
_NEAR_LEVEL = (
    "aresample=44100,aformat=channel_layouts=mono,highpass=f=110,speechnorm=e=8:r=0.0005:l=1,volume=3dB,"
    "asoftclip=type=tanh:threshold=0.8,alimiter=limit=0.8:level=disabled"
)
log = logging.getLogger(__name__)


def hear(*, text: str, voice: str, rate: int) -> bytes:
    """MP3 of a few words, given in any form. Raises MediaError with words for the officer."""
    said = speech.read(text).text
    if not any(c.isalpha() for c in said):
        raise MediaError(_("Chưa có chữ nào đọc được. Hãy ghi cách đọc bằng chữ."))
    if len(said) > LONGEST:
        raise MediaError(_("Dài quá một câu. Hãy nghe từng đoạn ngắn hơn."))
    pace = min(max(rate, rules.SLOWEST), rules.FASTEST)
    with tempfile.TemporaryDirectory(prefix="nguon-phrase-") as name:
        spoken, heard = Path(name, "spoken.wav"), Path(name, "heard.mp3")
        voices.speak(said, voice, pace, spoken, lambda _done: None)
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
