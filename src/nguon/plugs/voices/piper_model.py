"""A Piper voice from its two files: text → sounds of speech by espeak-ng → samples by onnxruntime.

Written after the format of the files; Piper itself (GPL) is not used. espeak-ng (GPL) is run, not linked.
"""

import array
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nguon.plugs.voices.sound import Samples
from nguon.ports.voice import Failure, VoiceFailed, VoiceInfo

PAD, START, END = "_", "^", "$"
THREADS = 1  # measured faster than two on two processors, and the server needs one too
TIMEOUT = 30.0  # seconds for one call of espeak-ng; it needs about 0.02
_CLAUSES = re.compile(r"[^,.;:!?…]+[,.;:!?…]*")
# espeak-ng 1.51 writes the level tone as 1 or 7; the voices were trained on sounds without it. `(en)`: a language.
_DROPPED = re.compile(r"\([a-z-]+\)|[17\u200d\u0361]")


@dataclass(frozen=True)
class Model:
    """One speaker of one model: `ids` are the numbers of each sound; `scales` are noise, length and noise of length."""

    info: VoiceInfo
    path: Path
    rate: int  # samples a second
    language: str  # the voice of espeak-ng that gives the sounds
    ids: dict[str, tuple[int, ...]]
    scales: tuple[float, float, float]
    speaker: int | None


def read(path: Path) -> Model:
    """A model by its `.onnx` beside its `.onnx.json`. Raises ValueError with the reason if it is no use here."""
    try:
        config: dict[str, Any] = json.loads(path.with_name(f"{path.name}.json").read_text())
        language, rate = str(config["espeak"]["voice"]), int(config["audio"]["sample_rate"])
        ids = {str(sound): tuple(map(int, numbers)) for sound, numbers in config["phoneme_id_map"].items()}
        given = config.get("inference", {})
        scales = tuple(float(given.get(name, usual)) for name, usual in _SCALES)
    except OSError:
        raise ValueError(f"{path.name}: no {path.name}.json beside it") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path.name}.json is not of a Piper voice ({type(error).__name__}: {error})") from None
    if language.split("-")[0] != "vi":
        raise ValueError(f"{path.name} speaks {language}, not Vietnamese")
    if not {PAD, START, END} <= set(ids) or config.get("phoneme_type", "espeak") != "espeak":
        raise ValueError(f"{path.name} is not made for the sounds of espeak-ng")
    name = str(config.get("dataset") or path.stem)
    speaker = 0 if int(config.get("num_speakers") or 1) > 1 else None
    info = VoiceInfo(path.stem, name, "bac", "nu")
    return Model(info, path, rate, language, ids, (scales[0], scales[1], scales[2]), speaker)


def speakers(path: Path) -> dict[str, int]:
    """The named speakers of a model with more than one."""
    found = json.loads(path.with_name(f"{path.name}.json").read_text()).get("speaker_id_map") or {}
    return {str(name): int(number) for name, number in found.items()}


def sounds(text: str, language: str, program: str = "espeak-ng") -> Iterator[str]:
    """The sounds of a text one by one (code points of IPA, decomposed), with its marks. Raises VoiceFailed."""
    between = False
    for clause in _CLAUSES.findall(text):
        spoken = _DROPPED.sub("", _ipa(clause, language, program))
        spoken = " ".join(unicodedata.normalize("NFD", spoken).split())
        if not spoken:
            continue
        if between:
            yield " "
        yield from spoken
        mark = clause.rstrip()[-1]
        if mark in ",.;:!?…":
            yield "." if mark == "…" else mark
        between = True


def numbers(spoken: Iterator[str], ids: dict[str, tuple[int, ...]]) -> list[int]:
    """What the model reads: start, each sound followed by a pad, end. A sound it does not know is left out."""
    found = [*ids[START], *ids[PAD]]
    for each in spoken:
        if each in ids:
            found += [*ids[each], *ids[PAD]]
    return [*found, *ids[END]]


def session(path: Path) -> Any:
    """The model loaded, ready to run. Raises VoiceFailed."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = THREADS
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # it raises classes of its own making, without a common one
        raise VoiceFailed(f"{path.name} cannot be loaded: {type(error).__name__}") from error


def run(loaded: Any, model: Model, read: list[int], stretch: float) -> "Samples[int]":
    """Samples of what the model read, `stretch` times as long as usual. Raises VoiceFailed."""
    import numpy

    noise, length, width = model.scales
    given: dict[str, Any] = {
        "input": numpy.array([read], dtype=numpy.int64),
        "input_lengths": numpy.array([len(read)], dtype=numpy.int64),
        "scales": numpy.array([noise, length * stretch, width], dtype=numpy.float32),
    }
    if model.speaker is not None:
        given["sid"] = numpy.array([model.speaker], dtype=numpy.int64)
    try:
        (wave, *_more) = loaded.run(None, given)
    except Exception as error:
        raise VoiceFailed(f"{model.path.name} cannot speak: {type(error).__name__}", Failure.SOUND) from error
    flat = numpy.nan_to_num(numpy.asarray(wave, dtype=numpy.float32).reshape(-1))
    peak = float(numpy.abs(flat).max(initial=0.0))
    return array.array("h", (flat * (32_767 / max(1.0, peak))).astype(numpy.int16).tobytes())


def _ipa(clause: str, language: str, program: str) -> str:
    command = [program, "-v", language, "-q", "--ipa", "--stdin"]
    try:
        ended = subprocess.run(command, input=clause.encode(), capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise VoiceFailed(f"{program} did not finish within {TIMEOUT:g} s", Failure.LATE) from error
    except OSError as error:
        raise VoiceFailed(f"{program} cannot be run: {error}") from error
    if ended.returncode != 0:
        raise VoiceFailed(f"{program} ended with {ended.returncode}: {ended.stderr.decode(errors='replace')[:200]}")
    return ended.stdout.decode()


_SCALES = (("noise_scale", 0.667), ("length_scale", 1.0), ("noise_w", 0.8))
