"""Piper voices from a folder of this machine (NGUON_PIPER): each `*.onnx` with its `*.onnx.json` is one."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from nguon.kit.text import clean
from nguon.plugs.voices import piper_model, sound
from nguon.plugs.voices.account import infos
from nguon.plugs.voices.piper_model import Model
from nguon.plugs.voices.sound import Samples
from nguon.plugs.voices.tape import recording, trimmed
from nguon.ports.voice import Failure, VoiceFailed, VoiceInfo
from nguon.speech import script

log = logging.getLogger(__name__)
NAMES = "voices.yaml"  # in the folder, if there: `- id, name, region, gender, style`; id may be `model#speaker`
LONGEST = 300  # characters of one sentence
STRETCH = (0.5, 2.0)
MEASURED = "kính mời bà con đến hội trường xã, dự buổi họp lúc bảy giờ ba mươi sáng mai, mong bà con đến đúng giờ."


class Piper:
    """All Vietnamese voices of the folder; those that `voices.yaml` names first. It needs the extra `piper`."""

    key = "piper"

    def __init__(self, folder: Path | None = None, program: str = "espeak-ng") -> None:
        self.folder = folder or Path(settings.NGUON_PIPER)
        self.program = program
        self._lock = threading.Lock()
        self._loaded: dict[Path, Any] = {}
        self._paces: dict[str, float] = {}

    def check(self) -> None:
        """Raises RuntimeError with all reasons if there is no voice, or nothing to run one with."""
        for name in ("onnxruntime", "numpy"):
            if find_spec(name) is None:
                raise RuntimeError(f"{name} is not installed (pip install 'nguon[piper]')")
        if shutil.which(self.program) is None:
            raise RuntimeError(f"{self.program} is not installed (apt-get install espeak-ng)")
        if not self.folder.is_dir():
            raise RuntimeError(f"NGUON_PIPER: no folder {self.folder}")
        found, faults = self._found
        if not found:
            raise RuntimeError(f"no Vietnamese voice in {self.folder}. {'; '.join(faults) or 'No file *.onnx'}")
        for fault in faults:
            log.warning("piper: %s", fault)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The usable ones of the folder."""
        return tuple(model.info for model in self._found[0].values())

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """Sentence by sentence into one WAV (mono, 16 bits, at the model's rate). Raises VoiceFailed."""
        model, end = self._found[0].get(voice), time.monotonic() + within
        if model is None:
            raise VoiceFailed(f"piper has no voice {voice!r}", Failure.TEXT)
        lines = script(clean(text), longest=LONGEST)
        if not lines:
            raise VoiceFailed("nothing to say", Failure.TEXT)
        stretch = self._pace(model) / rate
        done, total = 0, sum(len(line.text) for line in lines)
        with recording(out, model.rate) as tape:
            for line in lines:
                slower = min(max(stretch / line.pace, STRETCH[0]), STRETCH[1])
                samples = self._said(model, line.text, slower)
                if time.monotonic() > end:
                    raise VoiceFailed(f"piper did not finish within {within:g} s", Failure.LATE)
                sound.check([samples], line.text, rate, model.rate)
                tape.add(samples, line.pause / 1000)
                progress((done + len(line.text) / 2) / total)
                done += len(line.text)
                progress(done / total)

    def _said(self, model: Model, text: str, stretch: float) -> "Samples[int]":
        read = piper_model.numbers(piper_model.sounds(text, model.language, self.program), model.ids)
        return trimmed(piper_model.run(self._session(model.path), model, read, stretch), model.rate)

    def _session(self, path: Path) -> Any:
        """The model loaded: the last one is kept, and no more, as each takes some 60 MB."""
        with self._lock:
            if path not in self._loaded:
                self._loaded = {path: piper_model.session(path)}
            return self._loaded[path]

    def _pace(self, model: Model) -> float:
        """Syllables a minute as the voice speaks by itself: measured once, on a sentence of notices."""
        if model.info.id not in self._paces:
            seconds = len(self._said(model, MEASURED, 1.0)) / model.rate
            self._paces[model.info.id] = len(MEASURED.split()) * 60 / max(seconds, 0.1)
        return self._paces[model.info.id]

    @cached_property
    def _found(self) -> tuple[dict[str, Model], tuple[str, ...]]:
        """The voices by id, those with a name first; and what is wrong with the rest of the folder."""
        models, faults = {}, []
        for path in sorted(self.folder.glob("*.onnx")):
            try:
                model = piper_model.read(path)
                models[model.info.id] = model
            except ValueError as error:
                faults.append(str(error))
        named = {}
        for info in self._names(faults):
            stem, _mark, speaker = info.id.partition("#")
            base = models.get(stem)
            number = piper_model.speakers(base.path).get(speaker) if base and speaker else None
            if base is None or (speaker and number is None):
                faults.append(f"{NAMES}: no voice {info.id}")
            else:
                named[info.id] = replace(base, info=info, speaker=number if speaker else base.speaker)
        return named | {key: model for key, model in models.items() if key not in named}, tuple(faults)

    def _names(self, faults: list[str]) -> list[VoiceInfo]:
        try:
            lines = yaml.safe_load((self.folder / NAMES).read_text()) or []
            return [info for line in lines for info in infos(str(line))]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
            faults.append(f"{NAMES}: {error}")
            return []
