"""Old recordings for the demonstration: spoken by the machine, coded as stations have them, imported like others."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from nguon.archive import importing, steering
from nguon.archive.models import Batch
from nguon.config.demo.load import NotLoaded
from nguon.kit.text import nfc
from nguon.media import voices
from nguon.media.errors import MediaError
from nguon.people.models import Person
from nguon.speech import read

FILE = Path(__file__).with_name("tapes.yaml")
EDITOR = "bt.phuocthuan"
CODINGS = {"wav": (), "mp3": ("-b:a", "48k"), "ogg": ("-c:a", "libopus", "-b:a", "24k"), "m4a": ("-b:a", "40k")}


def make(*, now: datetime) -> Batch:
    """Speak them and import them here and now, as the commune's editor would. Raises NotLoaded."""
    editor = Person.objects.select_related("office__place").filter(username=EDITOR).first()
    if editor is None or editor.office is None:
        raise NotLoaded(EDITOR)
    with tempfile.TemporaryDirectory(prefix="nguon-demo-tapes-") as name:
        folder = Path(name)
        _speak_all(folder / "tapes", folder / "spoken.wav")
        batch = steering.start_folder(
            place=editor.office.place,
            path=os.fsencode(folder / "tapes"),
            within=b"",
            title="Băng và tệp cũ của trạm truyền thanh",
            denoise=True,
            actor=editor,
            now=now,
        )
        assert batch.run is not None
        importing.work(batch_id=batch.pk, run=batch.run, turn=None)
    batch.refresh_from_db()
    return batch


def _speak_all(folder: Path, spoken: Path) -> None:
    rows: list[Mapping[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for row in rows:
        if not row.get("copy"):
            said = read(nfc(row["text"])).text
            _say(said, row["voice"], spoken)
        out = folder / f"{nfc(row['path'])}.{row['ending']}"
        out.parent.mkdir(parents=True, exist_ok=True)
        mix = f"anoisesrc=a={row.get('hiss', 0)}:r=22050:c=white:seed=1[n];[0:a][n]amix=2:duration=first:normalize=0"
        shape = ["-filter_complex", mix] if row.get("hiss") else []
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(spoken), *shape, *CODINGS[row["ending"]], str(out)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _say(text: str, name: str, out: Path) -> None:
    """With the first voice of this server, by the name of one of its voices. Raises MediaError without any."""
    voice = next(iter(voices.active()), None)
    if voice is None:
        raise MediaError("no voice")
    offered = [one.id for one in voice.voices()]
    voice.speak(text, voice=name if name in offered else offered[0], rate=200, out=out, progress=lambda _done: None)
