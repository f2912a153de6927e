"""Music around a voice, and sounds after one another: jingle, voice over a bed that gives way to it, jingle.

Whatever is mixed is PCM at 44,100 samples a second; the result is limited, encoded and measured again like any sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nguon.media import passes, rules
from nguon.media.ffmpeg import Progress
from nguon.media.passes import MP3, Heard, part
from nguon.media.peaks import Envelope
from nguon.media.rules import Levels, Loudness, Plan

_AT = f"aresample={rules.SAMPLE_RATE},aformat=sample_fmts=flt:channel_layouts=mono"
# The bed is held down by the voice itself, heard a little ahead of time so that no word begins over a loud bed. A voice
# at the target takes about 12 dB off it; it comes back over most of a second, so that it does not pump between words.
_AHEAD = 0.15  # seconds
_DUCK = "sidechaincompress=threshold=0.015:ratio=2:attack=20:release=1500:knee=2:makeup=1"


@dataclass(frozen=True)
class Music:
    """Music to be put around a voice: files at the loudness of the target. None: without."""

    opening: Path | None = None
    closing: Path | None = None
    bed: Path | None = None


@dataclass(frozen=True)
class Mixed:
    """What came out: how loud, its envelope, and where the voice or each of the sounds begins (seconds)."""

    loudness: Loudness
    envelope: Envelope
    starts: tuple[float, ...]


def around(
    voice: Heard, music: Music, out: Path, folder: Path, progress: Progress, coding: Sequence[str] = MP3
) -> Mixed:
    """Put music around a voice (PCM at the target) and keep it as `out`. Raises NotLevel, ToolFailed, AudioRefused."""
    given = {name: path for name, path in vars(music).items() if path is not None}
    heard = {name: _pcm(path, folder, name) for name, path in given.items()}
    seconds = {name: one.envelope.seconds for name, one in heard.items()}
    plan = rules.plan(voice.envelope.seconds, **seconds)
    if "bed" in heard and seconds["bed"] < plan.bed[1] - plan.bed[0]:
        heard["bed"] = _loop(heard["bed"], folder)
    inputs = [*passes.raw(voice)]
    for name in heard:
        inputs += [*(["-stream_loop", "-1"] if name == "bed" else []), *passes.raw(heard[name])]
    graph = _graph(plan, list(heard))
    loudness, envelope = _settled(inputs, graph, out, folder, plan.seconds, list(coding), progress)
    return Mixed(loudness, envelope, (plan.voice,))


def join(sounds: Sequence[Path], out: Path, folder: Path, progress: Progress, *, pauses: Sequence[float]) -> Mixed:
    """Sounds after one another, each brought to the target, with `pauses` seconds after each but the last.

    `folder` is for what lies between. Raises ValueError if the pauses do not fit, AudioRefused, NotLevel, ToolFailed.
    """
    if not sounds or len(pauses) != len(sounds) - 1:
        raise ValueError("one pause fewer than sounds")
    share = 0.5 / len(sounds)
    heard = [
        _pcm(path, folder, f"sound{number}", part(progress, share * number, share * (number + 1)))
        for number, path in enumerate(sounds)
    ]
    inputs = [argument for one in heard for argument in passes.raw(one)]
    chains, starts, at = [], [], 0.0
    for number, (one, pause) in enumerate(zip(heard, [*pauses, 0.0], strict=True)):
        edges = _fades(one.envelope.seconds, rules.SOFT, rules.SOFT)
        chains.append(f"[{number}:a]{_level(one)},{edges},apad=pad_dur={pause:g}[s{number}]")
        starts.append(at)
        at += one.envelope.seconds + pause
    names = "".join(f"[s{number}]" for number in range(len(heard)))
    graph = [*chains, f"{names}concat=n={len(heard)}:v=0:a=1[mixed]"]
    rest = part(progress, 0.5, 1.0)
    loudness, envelope = _settled(inputs, graph, out, folder, at, MP3, rest)
    return Mixed(loudness, envelope, tuple(starts))


def _pcm(path: Path, folder: Path, name: str, do: Progress = lambda done: None) -> Heard:
    """A file as PCM of the mix, under a name of its own; what is silent before and after stays."""
    stream = passes.Stream(0.0, rules.SAMPLE_RATE, 1)
    heard = passes.listen(path, stream, folder, cap=4 * 3600, look=False, mixing=passes.one_channel(stream), do=do)
    return replace(heard, pcm=heard.pcm.rename(folder / f"{name}.pcm"))


def _loop(bed: Heard, folder: Path) -> Heard:
    """The bed cut so that its end goes over into its beginning: it can then be repeated without a seam."""
    pcm, length = folder / "loop.pcm", bed.envelope.seconds
    over = min(rules.CROSS, length / 4)
    graph = (
        f"[0:a]{_AT},asplit[a][b];[a]atrim=start={over:.3f},asetpts=PTS-STARTPTS[rest];"
        f"[b]atrim=end={over:.3f}[begin];[rest][begin]acrossfade=d={over:.3f}:c1=qsin:c2=qsin[loop]"
    )
    arguments = [*passes.raw(bed), "-filter_complex", graph, "-map", "[loop]", "-f", "s16le", "-y", pcm.name]
    passes.run(arguments, length, folder, lambda done: None)
    return replace(bed, pcm=pcm)


def _graph(plan: Plan, names: list[str]) -> list[str]:
    """The chains that lay everything at its time, the bed under the voice: input 0 is the voice, then `names`."""
    whole = f"apad=whole_dur={plan.seconds:.3f}"
    chains = [f"[0:a]{_AT},{_delay(plan.voice)},{whole}[voice]"]
    if "bed" in names:
        early = _delay(max(0.0, plan.voice - _AHEAD))
        chains = [f"[0:a]{_AT},asplit[spoken][ahead];[spoken]{_delay(plan.voice)},{whole}[voice]"]
        chains += [f"[ahead]{early},{whole}[key]"]
    for number, name in enumerate(names, 1):
        start, end = getattr(plan, name)
        length, fades = end - start, plan.fades[name]
        shaped = (
            f"atrim=end={length:.3f},afade=t=in:d={fades[0]:g},afade=t=out:st={length - fades[1]:.3f}:d={fades[1]:g}"
        )
        raised = passes.ROOM + (rules.BED if name == "bed" else 0.0)
        laid = f"[{number}:a]{_AT},volume={raised:g}dB,{shaped},{_delay(start)},{whole}"
        chains.append(f"{laid}[under];[under][key]{_DUCK}[bed]" if name == "bed" else f"{laid}[{name}]")
    labels = "".join(f"[{name}]" for name in ("voice", *names))
    return [*chains, f"{labels}amix=inputs={len(names) + 1}:normalize=0:duration=first[mixed]"]


def _settled(
    inputs: list[str], graph: list[str], out: Path, folder: Path, seconds: float, coding: list[str], do: Progress
) -> tuple[Loudness, Envelope]:
    """What the graph calls `[mixed]`, limited and encoded, as often as it takes."""

    def attempt(levels: Levels, do: Progress) -> tuple[Loudness, Envelope]:
        whole = ";".join([*graph, f"[mixed]{passes.limited(levels, rounded=False)}[out]"])
        arguments = [*inputs, "-filter_complex", whole, "-map", "[out]", *passes.written(coding, out)]
        passes.run(arguments, seconds, folder, part(do, 0.0, 0.7))
        return passes.verify(out, folder, seconds, part(do, 0.7, 1.0))

    return passes.settle(attempt, Levels(0.0, rules.CEILING - 1.0), do)


def _level(one: Heard) -> str:
    """The filters that bring a sound to the target; one that is there already is left as it is."""
    off = rules.TARGET - one.loudness.integrated
    gain = 0.0 if abs(off) <= rules.TOLERANCE else max(-40.0, min(40.0, off))
    return f"{_AT},volume={passes.ROOM + gain:.2f}dB"


def _fades(seconds: float, comes: float, goes: float) -> str:
    """The filters that let a sound of this length come and go, in so many seconds each."""
    return f"afade=t=in:d={comes:g},afade=t=out:st={max(0.0, seconds - goes):.3f}:d={goes:g}"


def _delay(seconds: float) -> str:
    return f"adelay={round(seconds * 1000)}"
