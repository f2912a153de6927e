"""Recordings into the archive: files a second and times real time, beside one bare decoding of the same files."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nguon.places.models import Place

KINDS = (("mp3", ("-b:a", "48k")), ("wav", ()), ("ogg", ("-c:a", "libopus", "-b:a", "24k")), ("m4a", ("-b:a", "64k")))
SEED = 7
SYLLABLES = "ba bốn cây cầu chợ dân đê điện đường gia hội khuyến lúa mưa nước quê ruộng sông thôn trạm xã yên"
SEARCHES = ("ban tin 12", "Bản tin 12", "tin khong co")


def run(files: int, seconds: int, rows: int) -> dict[str, Any]:
    """Make recordings, import them in this process, search among `rows` more."""
    folder = Path(tempfile.mkdtemp(prefix="nguon-bench-archive-"))
    os.environ.update(DJANGO_SETTINGS_MODULE="nguon.config.settings", NGUON_DATA=str(folder), NGUON_LOG="WARNING")
    for name in ("NGUON_DATABASE_URL", "NGUON_BROKER_URL"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from django.core.management import call_command

    from nguon.places.models import Place

    try:
        call_command("migrate", verbosity=0)
        place = Place.objects.create(name="Bench", kind="place", folded="place bench")
        _record(folder / "tapes", files, seconds)
        bare = _bare(folder / "tapes")
        return _imported(folder / "tapes", place, files * seconds, bare) | _searched(place, rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _record(folder: Path, files: int, seconds: int) -> None:
    """Speech of made-up words, each file other, in four codings by turns; one in ten is a copy in another coding."""
    folder.mkdir()
    source = random.Random(SEED)
    syllables = SYLLABLES.split()
    for number in range(files):
        spoken = folder.parent / "spoken.wav"
        if number % 10 != 9:
            text = ". ".join(" ".join(source.choices(syllables, k=9)) for _ in range(seconds // 3 + 1))
            subprocess.run(["espeak-ng", "-v", "vi", "--stdin", "-w", str(spoken)], input=text.encode(), check=True)
        ending, coding = KINDS[number % len(KINDS)]
        out = folder / f"Bản tin {number} ngày {number % 28 + 1}-{number % 12 + 1}-2019.{ending}"
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(spoken), "-t", str(seconds), *coding, str(out)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _bare(folder: Path) -> float:
    """Seconds to decode all of them once and do nothing with it."""
    began = time.monotonic()
    for path in folder.iterdir():
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "null", "-"]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return time.monotonic() - began


def _imported(folder: Path, place: "Place", sound: int, bare: float) -> dict[str, Any]:
    from nguon.archive import importing, queries, steering
    from nguon.archive.models import Pair
    from nguon.kit import clock

    began = time.monotonic()
    batch = steering.start_folder(
        place=place,
        path=os.fsencode(folder),
        within=b"",
        title="bench",
        denoise=False,
        actor="nguon bench",
        now=clock.now(),
    )
    assert batch.run is not None
    importing.work(batch_id=batch.pk, run=batch.run, turn=None)
    took = time.monotonic() - began
    counts = queries.counts(batch)
    return {
        "files": counts.total,
        "imported": counts.done,
        "not_imported": counts.failed + counts.skipped + counts.duplicate,
        "copies_found": Pair.objects.filter(kind="same").count(),
        "sound_s": sound,
        "took_s": round(took, 1),
        "files_per_s": round(counts.total / took, 2),
        "times_real_time": round(sound / took, 1),
        "bare_decoding_s": round(bare, 1),
        "ratio": round(took / bare, 1),
    }


def _searched(place: "Place", rows: int) -> dict[str, Any]:
    """Milliseconds of a first page of results among so many recordings, the slowest of several searches."""
    from datetime import date

    from nguon.archive import queries, rules
    from nguon.archive.models import Recording
    from nguon.archive.queries import Filters
    from nguon.people.models import Person, Role

    one = Recording.objects.order_by("pk").first()
    assert one is not None
    person = Person.objects.create_user("bench", full_name="Bench")
    Role.objects.create(person=person, kind="editor", place=place)
    made = []
    for number in range(rows):
        title = f"Bản tin {number} ngày {number % 28 + 1} tháng {number % 12 + 1}, thôn số {number % 97}"
        day = date(2000 + number % 25, number % 12 + 1, number % 28 + 1)
        copied = Recording(
            place=place, title=title, exact=rules.exact(title), folded=rules.folded(title), sound_hash=f"bench {number}"
        )
        copied.recorded_on = copied.recorded_until = day
        copied.original_id, copied.file_id, copied.duration_ms, copied.name = one.original_id, one.file_id, 1, title
        copied.created_at = copied.updated_at = one.created_at
        made.append(copied)
    Recording.objects.bulk_create(made, batch_size=1000)
    slowest = 0.0
    for text in SEARCHES:
        began = time.monotonic()
        found = queries.found(person, Filters(text=text))
        found.count()
        queries.shown(found[:30], text)
        slowest = max(slowest, time.monotonic() - began)
    return {"searched_rows": rows, "search_ms": round(slowest * 1000)}
