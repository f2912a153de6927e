"""The frames of an MP3 file (MPEG-1, 2 and 2.5, layer III), found by their headers."""

from collections.abc import Iterator
from typing import NamedTuple

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by version bits
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


class Frame(NamedTuple):
    """`start` and `size` in bytes, `duration` in microseconds."""

    start: int
    size: int
    duration: float


def frames(data: bytes) -> Iterator[Frame]:
    """The frames that make sound, in order. Tags are passed over, and so is the frame that only describes the file."""
    at = _after_id3(data)
    first = True
    while at + 4 <= len(data):
        frame = _frame_at(data, at)
        if frame is None or (first and not _continues(data, frame)):
            at = data.find(b"\xff", at + 1)
            if at < 0:
                return
            continue
        if frame.start + frame.size > len(data):
            return
        if not (first and _describes(data[frame.start : frame.start + frame.size])):
            yield frame
        first = False
        at = frame.start + frame.size


def _after_id3(data: bytes) -> int:
    """Where the tag at the beginning ends (its length is 4 × 7 bits)."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = (data[6] & 127) << 21 | (data[7] & 127) << 14 | (data[8] & 127) << 7 | (data[9] & 127)
    return 10 + size + (10 if data[5] & 16 else 0)


def _frame_at(data: bytes, at: int) -> Frame | None:
    if data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    bitrate, rate, padding = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    hertz = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    kbits = (_KBITS_1 if version == 3 else _KBITS_2)[bitrate]
    return Frame(at, samples * kbits * 125 // hertz + padding, samples * 1_000_000 / hertz)


def _continues(data: bytes, frame: Frame) -> bool:
    """Whether another frame, or the end, follows: two bytes that look like a header may be anything."""
    after = frame.start + frame.size
    return after == len(data) or (after + 4 <= len(data) and _frame_at(data, after) is not None)


def _describes(frame: bytes) -> bool:
    """Whether this is the silent first frame with the length of the whole file: untrue of a part of it."""
    return any(mark in frame[:64] for mark in (b"Xing", b"Info", b"VBRI"))
