"""What is wrong with a sound, where, and in an officer's words. Nothing here refuses an upload: it is told, and stays.

The speech of a voice is another matter: `check_speech` refuses what cannot be the text, and the next voice is asked.
"""

import wave
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.media import peaks, rules
from nguon.media.peaks import Envelope
from nguon.media.rules import Second
from nguon.ports.voice import Failure, VoiceFailed

PAUSE_UNDER = 36.0  # dB under the loudest a voice is silent
LONGEST_GAP = 5.0  # seconds without a sound that no voice makes between two sentences
PAUSE = 0.15  # seconds: a shorter silence is part of a word
TOLD = 3  # places that are told one by one
Span = tuple[float, float]


class Kind(StrEnum):
    """What was found."""

    CLIPPED = "clipped"
    GAP = "gap"
    FAINT = "faint"
    OFFSET = "offset"
    CANCELLED = "cancelled"
    PACE = "pace"
    TRIMMED = "trimmed"


@dataclass(frozen=True)
class Finding:
    """One thing found: `at` is where in the finished sound (seconds), `value` what was measured (by kind)."""

    kind: Kind
    value: float = 0.0
    at: tuple[Span, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """How it is kept with a rendition."""
        return {"kind": str(self.kind), "value": round(self.value, 2), "at": [list(span) for span in self.at]}


def of_json(kept: Iterable[dict[str, Any]]) -> list[Finding]:
    """What `as_json` gave; kinds of a newer version are left out."""
    known = [row for row in kept if row.get("kind") in set(Kind)]
    return [Finding(Kind(row["kind"]), row["value"], tuple((a, b) for a, b in row["at"])) for row in known]


def of_original(looks: Sequence[Sequence[Second]], loudness: float, place: Callable[[float], float]) -> list[Finding]:
    """What is wrong with an original: each channel second by second, its loudness (LUFS).

    `place` turns seconds of the original into seconds of the finished sound.
    """
    found = []
    bad = sorted({at for channel in looks for at, second in enumerate(channel) if rules.is_clipped(second)})
    if bad:
        spans = [(place(first), place(last)) for first, last in _runs(bad)]
        found.append(Finding(Kind.CLIPPED, float(len(bad)), _rounded(spans)))
    if loudness < rules.FAINT:
        found.append(Finding(Kind.FAINT, loudness))
    offsets = [rules.steady_offset([second.offset for second in channel]) for channel in looks]
    if (worst := max(offsets, key=abs, default=0.0)) and abs(worst) > rules.OFFSET:
        found.append(Finding(Kind.OFFSET, worst))
    return found


def gaps(finished: Envelope, begins: float = 0.0) -> list[Finding]:
    """The silences inside a finished sound that are long enough to make people think it is over.

    `begins` is when it begins in what is played.
    """
    silent = peaks.quiet(finished, rules.silence_under(rules.TARGET))
    inner = [(a, b) for a, b in silent if a > 0 and b < finished.seconds and b - a > rules.GAP]
    where = _rounded((a + begins, b + begins) for a, b in inner)
    return [Finding(Kind.GAP, max(b - a for a, b in inner), where)] if inner else []


def trimmed(before: float, after: float) -> list[Finding]:
    """What was cut at the ends, in seconds."""
    return [Finding(Kind.TRIMMED, before + after)] if before + after >= 2 else []


def pace(spoken: str, rate: int, voiced: float) -> list[Finding]:
    """Whether a spoken sound has the length of its text; `voiced` is in seconds, pauses aside."""
    said = rules.syllables(spoken)
    return [] if rules.fits_text(said, voiced, rate) else [Finding(Kind.PACE, said / max(voiced, 0.01))]


def voiced_seconds(envelope: Envelope, under: float) -> float:
    """How long something is heard in it, pauses aside; `under` is the level of silence in dBFS."""
    return envelope.seconds - sum(b - a for a, b in peaks.quiet(envelope, under) if b - a >= PAUSE)


def of_speech(wav: Path, spoken: str, rate: int) -> list[Finding]:
    """What may be wrong with the speech of the last voice in the chain: it is told where others would be refused."""
    try:
        envelope, _clipped = look(wav)
    except VoiceFailed:  # a form of WAV that only ffmpeg reads
        return []
    loudest = peaks.decibels(max(envelope.tops, default=0) / peaks.FULL)
    return pace(spoken, rate, voiced_seconds(envelope, max(-60.0, loudest - PAUSE_UNDER)))


def check_speech(wav: Path, spoken: str, rate: int) -> None:
    """Nothing if this can be the text as a voice said it. Raises VoiceFailed(SOUND) with a reason for the log.

    `wav` is one channel of 16 bits, `rate` the syllables a minute that were asked for. It costs about a thousandth of
    the sound's length.
    """
    envelope, clipped = look(wav)
    loudest = peaks.decibels(max(envelope.tops, default=0) / peaks.FULL)
    if loudest < -50:
        raise VoiceFailed("nothing is heard", Failure.SOUND)
    under = max(-60.0, loudest - PAUSE_UNDER)
    gap = max((b - a for a, b in peaks.quiet(envelope, under)), default=0.0)
    if gap > LONGEST_GAP:
        raise VoiceFailed(f"a gap of {gap:.1f} s", Failure.SOUND)
    voiced = voiced_seconds(envelope, under)
    if pace(spoken, rate, voiced):
        raise VoiceFailed(f"{rules.syllables(spoken)} syllables in {voiced:.1f} s", Failure.SOUND)
    if clipped > 0.02:
        raise VoiceFailed(f"clipped in {clipped:.0%} of its time", Failure.SOUND)


def look(wav: Path) -> tuple[Envelope, float]:
    """The envelope of a WAV, and the part of its 20 ms that stay at full scale for at least three samples."""
    tops, flat = array("H"), 0
    try:
        with wave.open(str(wav), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise VoiceFailed("the sound is not one channel of 16 bits", Failure.SOUND)
            window = round(sound.getframerate() * peaks.STEP)
            stride = max(1, min(3, sound.getframerate() // peaks.RATE))  # at most 3: what stays is never stepped over
            while data := sound.readframes(window * 4096):
                samples = peaks.samples_of(data)
                found = list(peaks.highest(samples, window, stride))
                full = (at for at, top in enumerate(found) if top >= peaks.FULL)
                flat += sum(_stays(samples[at * window : (at + 1) * window]) for at in full)
                tops.extend(found)
    except (wave.Error, EOFError, OSError, ValueError) as error:
        raise VoiceFailed(f"no usable WAV: {error}", Failure.SOUND) from error
    return Envelope(tops), flat / max(1, len(tops))


def _stays(piece: "array[int]") -> bool:
    """Whether three samples in a row are at full scale."""
    full = [abs(sample) >= peaks.FULL for sample in piece]
    return any(map(all, zip(full, full[1:], full[2:], strict=False)))


def _runs(numbers: Sequence[int]) -> list[Span]:
    """Whole seconds that follow each other as spans: 3, 4, 9 → (3, 5), (9, 10)."""
    found: list[Span] = []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def _rounded(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple((round(max(0.0, a), 1), round(max(0.0, b), 1)) for a, b in spans)


def told(finding: Finding) -> str:
    """A finding in words: what, where, and what to do."""
    where = _places(finding.at)
    match finding.kind:
        case Kind.CLIPPED:
            return _("Tiếng bị vỡ ở %(where)s. Nên thu lại, để xa micro hoặc vặn nhỏ mức thu.") % {"where": where}
        case Kind.GAP:
            return _("Có quãng dài không có tiếng nói ở %(where)s. Người nghe dễ tưởng là đã hết.") % {"where": where}
        case Kind.FAINT:
            return _("Bản gốc thu quá nhỏ, đã tăng lên nên tiếng ồn cũng to theo. Nghe rè thì nên thu lại gần micro.")
        case Kind.OFFSET:
            return _("Tín hiệu bị lệch do máy thu hoặc dây nối có lỗi. Đã lọc bỏ, nên kiểm tra máy trước lần thu sau.")
        case Kind.CANCELLED:
            return _("Hai kênh của tệp triệt tiêu nhau (thường do dây micro đấu ngược). Đã lấy một kênh để nghe rõ.")
        case Kind.PACE:
            return _("Giọng đọc có thể thiếu hoặc thừa chữ: độ dài không khớp với nội dung. Hãy nghe kỹ cả bài.")
        case Kind.TRIMMED:
            return _("Đã cắt bớt %(seconds)d giây im lặng ở đầu hoặc cuối.") % {"seconds": round(finding.value) or 1}


def is_warning(finding: Finding) -> bool:
    """Whether something may have to be done about it."""
    return finding.kind is not Kind.TRIMMED


def _places(spans: Sequence[Span]) -> str:
    """`0:12, 0:45–0:47 và 2 chỗ khác`."""
    words = ", ".join(_place(*span) for span in spans[:TOLD])
    more = len(spans) - TOLD
    if more <= 0:
        return words
    rest = ngettext("%(number)d chỗ khác", "%(number)d chỗ khác", more) % {"number": more}
    return _("%(places)s và %(rest)s") % {"places": words, "rest": rest}


def _place(start: float, end: float) -> str:
    return _clock(start) if end - start < 1.5 else f"{_clock(start)}–{_clock(end)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
