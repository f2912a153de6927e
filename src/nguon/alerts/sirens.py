"""The sound before the words, made once by ffmpeg: loud in the range of horns, and unlike any music."""

from datetime import datetime

from nguon.alerts.models import SirenSound
from nguon.cap.hazards import Siren
from nguon.media import actions as media
from nguon.media import ffmpeg, work
from nguon.media.models import File
from nguon.media.passes import MP3

SECONDS = 6
_RATE = 44_100
_PHASES = {  # of a tone, as a function of t: its derivative over 2π is the pitch
    Siren.STEADY: "2*PI*660*t",
    Siren.WAIL: "2*PI*(700*t-300*2/(2*PI)*cos(2*PI*t/2))",  # 400 to 1,000 Hz and back in 2 s
    Siren.PULSES: "2*PI*850*t",
}
_GATES = {Siren.PULSES: "*lt(mod(t,0.6),0.35)"}


def file_of(pattern: Siren, now: datetime) -> File:
    """The file of a siren. The same for all places; made at first need."""
    found = SirenSound.objects.filter(pattern=pattern).select_related("file").first()
    if found is None:
        found, _new = SirenSound.objects.get_or_create(pattern=pattern, defaults={"file": _make(pattern, now)})
    return found.file


def _make(pattern: Siren, now: datetime) -> File:
    phase, gate = _PHASES[pattern], _GATES.get(pattern, "")
    tone = f"0.55*(sin({phase})+0.35*sin(2*({phase}))+0.2*sin(3*({phase}))){gate}"
    source = f"aevalsrc=exprs='{tone}':s={_RATE}:d={SECONDS}"
    shape = f"afade=t=in:d=0.05,afade=t=out:st={SECONDS - 0.2}:d=0.2,alimiter=limit=0.9"
    with work.folder() as folder:
        path = folder / "siren.mp3"
        arguments = ["-f", "lavfi", "-i", source, "-af", shape, "-ac", "1", *MP3, str(path)]
        ffmpeg.run(arguments, report=lambda seconds: None, timeout=60)
        return media.store_file(path=path, mime="audio/mpeg", now=now, duration_ms=SECONDS * 1000)
