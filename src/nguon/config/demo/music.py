"""The music of the demonstration, made here by ffmpeg from a few notes: nobody else has rights in it."""

import tempfile
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files import File

from nguon.config.demo.load import found
from nguon.kit.clock import LOCAL
from nguon.media import ffmpeg, music_actions
from nguon.media.ffmpeg import ToolFailed
from nguon.media.models import Music
from nguon.people.models import Person

DISTRICT, TOWN = "gso:550", "gso:21952"
KEEPER, TOWNS = "bt.huyen", "bt.thitran"  # editors of the district and of its town
RATE = 22_050  # samples a second
# Five tones of one scale, as folk songs here have them: (beginning in seconds, hertz)
CHIME = ((0.0, 392.0), (0.32, 523.25), (0.64, 587.33), (0.96, 698.46), (1.28, 783.99), (1.92, 1046.5))
LENGTH = 24  # seconds of the bed; every swell goes a whole number of times into it, so that it repeats without a seam
SWELLS = ((262, 1, 0.0), (294, 2, 2.1), (349, 1, 1.6), (392, 2, 0.0), (440, 3, 3.1), (523, 1, 3.1), (587, 3, 0.8))
"""Of the bed: (hertz, swells in all its length, where it begins in radians)."""


def bell(at: float, hertz: float) -> str:
    """A struck bell from a moment on: its tone and two higher ones that die away sooner."""
    time = f"max(0,t-{at})"
    parts = ((1.0, 1.0, 1.6), (2.0, 0.35, 3.0), (3.01, 0.15, 5.0))
    tones = "+".join(f"{loud}*sin(2*PI*{hertz * times:.2f}*{time})*exp(-{dies}*{time})" for times, loud, dies in parts)
    return f"0.2*({tones})*(1-exp(-400*{time}))"


def swell(hertz: int, times: int, begin: float) -> str:
    """The filters of a soft tone that comes and goes."""
    loud = f"0.96*pow(0.5+0.5*sin(2*PI*{times}/{LENGTH}*t+{begin}),2)"  # `sine` is an eighth of full scale
    return f"sine=f={hertz}:r={RATE}:d={LENGTH}:samples_per_frame=128,volume='{loud}':eval=frame"


def make(*, now: datetime) -> bool:
    """A jingle and a bed for the district, the jingle usual in its town. False if ffmpeg cannot make them."""
    keeper, day = Person.objects.get(username=KEEPER), now.astimezone(LOCAL).date()
    place, town = found(DISTRICT, day), found(TOWN, day)
    with tempfile.TemporaryDirectory(prefix="nguon-demo-") as folder:
        try:
            bells = "+".join(bell(*one) for one in CHIME)
            jingle = _synth(Path(folder, "nhac-hieu.flac"), [f"aevalsrc='{bells}':s={RATE}:d=5"])
            bed = _synth(Path(folder, "nhac-nen.flac"), [swell(*one) for one in SWELLS])
        except (ToolFailed, OSError):
            return False
        chime = _add(jingle, place.pk, Music.Kind.JINGLE, "Chuông sáu tiếng", keeper, now)
        _add(bed, place.pk, Music.Kind.BED, "Nền êm", keeper, now)
    wanted = {"opening": chime.pk.hex, "closing": chime.pk.hex}
    music_actions.set_usual(place_id=town.pk, wanted=wanted, actor=Person.objects.get(username=TOWNS), now=now)
    return True


def _synth(out: Path, sources: list[str]) -> Path:
    """The sum of some sources as a file. Raises ToolFailed, OSError."""
    chains = [f"{source}[s{number}]" for number, source in enumerate(sources)]
    names = "".join(f"[s{number}]" for number in range(len(sources)))
    graph = ";".join([*chains, f"{names}amix=inputs={len(sources)}:normalize=0[out]"])
    arguments = ["-filter_complex", graph, "-map", "[out]", "-c:a", "flac", "-y", f"file:{out}"]
    ffmpeg.run(arguments, report=lambda at: None, timeout=60)
    return out


def _add(path: Path, place_id: UUID, kind: str, name: str, actor: Person, now: datetime) -> Music:
    """One piece. The jobs service makes its sound ready as soon as it runs."""
    with path.open("rb") as handle:
        given = File(handle, name=path.name)
        return music_actions.add(place_id=place_id, kind=kind, name=name, upload=given, actor=actor, now=now)
