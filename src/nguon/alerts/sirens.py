"""The sound before the words: a siren with one prepared sentence, made beforehand and kept on every device.

Loud in the range of horns and unlike any music. A drill says that it is one before anybody hears a siren.
"""

from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage

from nguon.alerts.models import SirenSound
from nguon.cap import hazards
from nguon.cap.hazards import Siren
from nguon.devices import channels
from nguon.media import actions as media
from nguon.media import ffmpeg, work
from nguon.media.models import File
from nguon.media.passes import MP3
from nguon.ports.channel import Sound, Wording

SECONDS = 6
_RATE = 44_100
_PHASES = {  # of a tone, as a function of t: its derivative over 2π is the pitch
    Siren.STEADY: "2*PI*660*t",
    Siren.WAIL: "2*PI*(700*t-300*2/(2*PI)*cos(2*PI*t/2))",  # 400 to 1,000 Hz and back in 2 s
    Siren.PULSES: "2*PI*850*t",
}
_GATES = {Siren.PULSES: "*lt(mod(t,0.6),0.35)"}
_BOTH = f"aresample={_RATE},aformat=channel_layouts=mono"


def file_of(pattern: Siren, now: datetime, *, drill: bool) -> File:
    """What is heard first: with its sentence if that was made by now, else the siren alone, made at first need."""
    found = _found(_name(pattern, drill)) or _found(pattern.value)
    return found or _keep(pattern.value, _siren(pattern, now))


def kept() -> list[Sound]:
    """What every device is to have on its disk at any time: of each siren the newest that was made."""
    made = {row.pattern: row.file for row in SirenSound.objects.select_related("file")}
    found = [made.get(_name(one, drill)) or made.get(one.value) for one in Siren for drill in (False, True)]
    return [_sound(file) for file in dict.fromkeys(found) if file is not None]


def is_one(sha256: str) -> bool:
    """Whether this is a siren, of now or of before: a plan that is not the newest still names that."""
    return SirenSound.objects.filter(file=sha256).exists()


def prepare(now: datetime) -> int:
    """Make what is not there yet; how many were made. A sentence is asked for, and joined to its siren once read."""
    made = 0
    for drill in (False, True):
        spoken = _spoken(hazards.opening(drill=drill), now)
        for pattern in Siren:
            if _found(_name(pattern, drill)):
                continue
            alone = file_of(pattern, now, drill=drill)
            if spoken is not None:
                _keep(_name(pattern, drill), _joined([spoken, alone] if drill else [alone, spoken], now))
                made += 1
    return made


def _spoken(words: str, now: datetime) -> File | None:
    job = channels.active()["speaker"].speech(Wording(title="", body=words, language="vi"))
    return media.request_speech(spoken=job.spoken, voice=job.voice, rate=job.rate, now=now).file


def _name(pattern: Siren, drill: bool) -> str:
    return f"{pattern}-{'drill' if drill else 'alert'}"


def _found(name: str) -> File | None:
    row = SirenSound.objects.filter(pattern=name).select_related("file").first()
    return row.file if row else None


def _keep(name: str, file: File) -> File:
    row, _new = SirenSound.objects.get_or_create(pattern=name, defaults={"file": file})
    return row.file


def _sound(file: File) -> Sound:
    return Sound(
        url=f"/api/1/content/{file.sha256}",
        sha256=file.sha256,
        size=file.size,
        duration_ms=file.duration_ms or 1,
        mime=file.mime,
    )


def _siren(pattern: Siren, now: datetime) -> File:
    phase, gate = _PHASES[pattern], _GATES.get(pattern, "")
    tone = f"0.55*(sin({phase})+0.35*sin(2*({phase}))+0.2*sin(3*({phase}))){gate}"
    source = f"aevalsrc=exprs='{tone}':s={_RATE}:d={SECONDS}"
    shape = f"afade=t=in:d=0.05,afade=t=out:st={SECONDS - 0.2}:d=0.2,alimiter=limit=0.9"
    return _made(["-f", "lavfi", "-i", source, "-af", shape], SECONDS * 1000, now)


def _joined(files: list[File], now: datetime) -> File:
    paths = [default_storage.path(file.path) for file in files]
    inputs = [part for path in paths for part in ("-i", path)]
    chain = "".join(f"[{n}:a]{_BOTH}[p{n}];" for n in range(len(files)))
    chain += "".join(f"[p{n}]" for n in range(len(files))) + f"concat=n={len(files)}:v=0:a=1[out]"
    return _made(
        [*inputs, "-filter_complex", chain, "-map", "[out]"], sum(file.duration_ms or 0 for file in files), now
    )


def _made(arguments: list[str], duration_ms: int, now: datetime) -> File:
    with work.folder() as folder:
        path = Path(folder) / "siren.mp3"
        ffmpeg.run([*arguments, "-ac", "1", *MP3, str(path)], report=lambda seconds: None, timeout=60)
        return media.store_file(path=path, mime="audio/mpeg", now=now, duration_ms=duration_ms)
