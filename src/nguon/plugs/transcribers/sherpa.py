"""sherpa-onnx (Apache-2.0) with a model in a folder of this machine. Installed with the extra `asr`; asks no network.

The folder holds a transducer (`encoder*.onnx`, `decoder*.onnx`, `joiner*.onnx`) or a CTC model (`model*.onnx`), with
`tokens.txt`. Of several files that fit, the one with `int8` in its name is taken: it is as good and three times faster.
"""

import wave
from array import array
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from nguon.kit.text import nfc
from nguon.ports.transcriber import RATE, Segment, TranscriberFailed

THREADS = 2
PIECE, OVERLONG = 20.0, 30.0  # seconds: where a pause is looked for, and where it is cut in any case
PAUSE = 0.25  # seconds of the quietest place that a piece may end in
_FRAME = RATE // 20


class Sherpa:
    """One offline recogniser, loaded when it is first needed."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.key = f"sherpa/{self.folder.name}"[:80]
        self._recogniser: Any = None

    def check(self) -> None:
        """Raises RuntimeError without the package, the folder or a model in it, or if the model cannot be loaded."""
        if not self.folder.is_dir():
            raise RuntimeError(f"no such folder: {self.folder}")
        if not (self.folder / "tokens.txt").is_file():
            raise RuntimeError(f"no tokens.txt in {self.folder}")
        if self._file("encoder") is None and self._file("model") is None:
            raise RuntimeError(f"no encoder*.onnx or model*.onnx in {self.folder}")
        try:
            import_module("sherpa_onnx")
        except ImportError as error:
            raise RuntimeError("sherpa-onnx is not installed (pip install 'nguon[asr]')") from error

    def transcribe(self, sound: Path, *, progress: Callable[[float], None]) -> list[Segment]:
        """Piece by piece, cut in pauses. Raises TranscriberFailed."""
        try:
            recogniser = self._loaded()
            with wave.open(str(sound), "rb") as given:
                if (given.getnchannels(), given.getsampwidth(), given.getframerate()) != (1, 2, RATE):
                    raise TranscriberFailed("not mono, 16 bits, 16 kHz")
                total = max(1, given.getnframes())
                found, at = [], 0
                for samples in _pieces(given):
                    text = nfc(_said(recogniser, samples)).strip()
                    if text:
                        found.append(Segment(at / RATE, (at + len(samples)) / RATE, text))
                    at += len(samples)
                    progress(min(1.0, at / total))
        except (wave.Error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise TranscriberFailed(str(error)) from error
        progress(1.0)
        return found

    def _loaded(self) -> Any:
        if self._recogniser is None:
            sherpa = import_module("sherpa_onnx")
            tokens = str(self.folder / "tokens.txt")
            encoder = self._file("encoder")
            if encoder is None:
                model = str(self._file("model"))
                self._recogniser = sherpa.OfflineRecognizer.from_zipformer_ctc(
                    model=model, tokens=tokens, num_threads=THREADS
                )
            else:
                rest = {name: str(self._file(name)) for name in ("decoder", "joiner")}
                self._recogniser = sherpa.OfflineRecognizer.from_transducer(
                    encoder=str(encoder), tokens=tokens, num_threads=THREADS, **rest
                )
        return self._recogniser

    def _file(self, kind: str) -> Path | None:
        found = sorted(self.folder.glob(f"{kind}*.onnx"), key=lambda path: ("int8" not in path.name, path.name))
        return found[0] if found else None


def _said(recogniser: Any, samples: "array[int]") -> str:
    stream = recogniser.create_stream()
    stream.accept_waveform(RATE, [sample / 32_768 for sample in samples])
    recogniser.decode_stream(stream)
    return str(stream.result.text)


def _pieces(given: wave.Wave_read) -> Iterator["array[int]"]:
    """The sound in pieces of 20 to 30 seconds that end where it is quietest."""
    held = array("h")
    while data := given.readframes(RATE):
        held.frombytes(data)
        if len(held) >= OVERLONG * RATE:
            cut = _quietest(held)
            yield held[:cut]
            held = held[cut:]
    if held:
        yield held


def _quietest(held: "array[int]") -> int:
    """The middle of the quietest quarter of a second between 20 and 30 seconds."""
    first, last = round(PIECE * RATE), round(OVERLONG * RATE)
    levels = [sum(map(abs, held[at : at + _FRAME])) for at in range(first, last - _FRAME + 1, _FRAME)]
    wide = round(PAUSE * RATE / _FRAME)
    sums = [sum(levels[at : at + wide]) for at in range(len(levels) - wide + 1)]
    return first + (sums.index(min(sums)) * 2 + wide) * _FRAME // 2
