"""A text to a file for loudspeakers: voice and chain, beside ffmpeg's two-pass loudnorm over the same speech."""

import json
import os
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

import yaml

VOICE, RATE = "vi-vn-x-central", 210  # syllables a minute
TARGET = {"I": "-16", "TP": "-1.5", "LRA": "11"}
TOLD = {  # what the first pass says, and how the second is told
    "input_i": "measured_I",
    "input_tp": "measured_TP",
    "input_lra": "measured_LRA",
    "input_thresh": "measured_thresh",
    "target_offset": "offset",
}


@dataclass(frozen=True)
class Took:
    """Seconds of a piece of work: by the clock, and of processors (all programs it ran)."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Took:
    """How long it takes."""
    wall, cpu = time.monotonic(), _cpu()
    work()
    return Took(time.monotonic() - wall, _cpu() - cpu)


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spoken(seconds: int) -> str:
    """Text in spoken form for about so many seconds: the notices of the demonstration, again and again."""
    from nguon.speech import read

    rows = yaml.safe_load(resources.files("nguon.config.demo").joinpath("bulletins.yaml").read_text(encoding="utf-8"))
    words = read("\n".join(row["body"] for row in rows)).text.split()
    wanted = round(seconds / 60 * RATE)
    return " ".join((words * (wanted // len(words) + 1))[:wanted])


def bare(speech: Path, out: Path) -> None:
    """ffmpeg's loudnorm as its manual says: measured once, applied linearly, encoded as ours is."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y", "-i", str(speech)]
    aim = ":".join(f"{name}={value}" for name, value in TARGET.items())
    first = [*command, "-af", f"loudnorm={aim}:print_format=json", "-f", "null", "-"]
    log = subprocess.run(first, capture_output=True, text=True, check=True).stderr
    found = json.loads(log[log.rindex("{") : log.rindex("}") + 1])
    known = ":".join(f"{option}={found[name]}" for name, option in TOLD.items())
    second = [*command, "-af", f"loudnorm={aim}:{known}:linear=true"]
    coding = ["-ar", "44100", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "64k", str(out)]
    subprocess.run([*second, *coding], capture_output=True, check=True)


def loudness(path: Path) -> tuple[float, float]:
    """LUFS and dBTP of a file."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-i", str(path), "-af", "ebur128=peak=true"]
    log = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    found = [re.findall(pattern, log)[-1] for pattern in (r"I:\s+(-?[\d.]+) LUFS", r"Peak:\s+(-?[\d.]+) dBFS")]
    return float(found[0]), float(found[1])


def run(seconds: int, rounds: int) -> dict[str, Any]:
    """Voice, chain and the bare part by turns; medians of the rounds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()
    from nguon.media import audio
    from nguon.media.rules import Material
    from nguon.plugs.espeak import Espeak

    words, silently = spoken(seconds), lambda done: None
    with tempfile.TemporaryDirectory(prefix="nguon-bench-") as name:
        speech, ours, theirs = (Path(name, file) for file in ("speech.wav", "ours.mp3", "theirs.mp3"))
        limits = {"max_minutes": seconds, "progress": silently, "material": Material.VOICE}
        kinds: dict[str, Callable[[], object]] = {
            "voice": lambda: Espeak().speak(words, voice=VOICE, rate=RATE, out=speech, progress=silently),
            "chain": lambda: audio.level(speech, ours, **limits),  # type: ignore[arg-type]
            "bare": lambda: bare(speech, theirs),
        }
        took: dict[str, list[Took]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, work in kinds.items():
                took[kind].append(timed(work))
        made = audio.level(speech, ours, **limits)  # type: ignore[arg-type]
        return figures(made.duration_ms / 1000, took, loudness(ours), loudness(theirs))


def figures(
    length: float, took: dict[str, list[Took]], ours: tuple[float, float], theirs: tuple[float, float]
) -> dict[str, Any]:
    """What a run found; times are medians in seconds."""
    wall = {kind: median(one.wall for one in all_) for kind, all_ in took.items()}
    cpu = {kind: median(one.cpu for one in all_) for kind, all_ in took.items()}
    whole = wall["voice"] + wall["chain"]
    return {
        "seconds_of_sound": round(length, 1),
        "wall_s": round(whole, 2),
        "times_real_time": round(length / whole, 1),
        "cpu_s": round(cpu["voice"] + cpu["chain"], 2),
        "rtf": round(whole / length, 4),
        "loudness": ours[0],
        "true_peak": ours[1],
        "voice_s": round(wall["voice"], 2),
        "chain_s": round(wall["chain"], 2),
        "chain_cpu_s": round(cpu["chain"], 2),
        "bare_s": round(wall["bare"], 2),
        "bare_cpu_s": round(cpu["bare"], 2),
        "bare_times_real_time": round(length / wall["bare"], 1),
        "bare_loudness": theirs[0],
        "bare_true_peak": theirs[1],
        "ratio": round(wall["chain"] / wall["bare"], 2),
        "ratio_cpu": round(cpu["chain"] / cpu["bare"], 2),
        "rounds": len(took["chain"]),
    }
