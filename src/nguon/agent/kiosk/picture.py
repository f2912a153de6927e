"""Whether a small picture is dark and empty: a PNG as browsers write it, read without a library."""

import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}  # by colour type: with and without transparency
LARGEST = 1_000_000  # pixels: what is looked at is small, and this is slow
DARK = 96  # of 255: no channel of an empty picture is brighter
NEAR = 16  # of 255: what differs less is the same colour
FEW = 0.002  # of all pixels: so many may differ


def is_blank(png: bytes, light: int = 100) -> bool:
    """Whether it is (nearly) one dark colour. `light` (percent): how bright the page shows by itself, at most 100.

    Raises ValueError for what is no PNG of 8 bits a channel.
    """
    dark, near = DARK * light / 100, NEAR * light / 100
    pixels = [row[at : at + 3] for channels, row in rows(png) for at in range(0, len(row), channels)]
    colour, _ = Counter(map(bytes, pixels)).most_common(1)[0]
    if max(colour) > dark:
        return False
    differ = sum(any(abs(one - other) > near for one, other in zip(pixel, colour, strict=True)) for pixel in pixels)
    return differ <= FEW * len(pixels)


def rows(png: bytes) -> list[tuple[int, bytearray]]:
    """Its rows from the top, each with the number of channels its bytes are for. Raises ValueError."""
    width, height, channels, packed = _parts(png)
    try:
        data = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError(f"a broken PNG: {error}") from error
    long = width * channels
    if len(data) != height * (long + 1):
        raise ValueError("a PNG of another length than it says")
    made, above = [], bytearray(long)
    for start in range(0, len(data), long + 1):
        above = _unfiltered(data[start], bytearray(data[start + 1 : start + 1 + long]), above, channels)
        made.append((channels, above))
    return made


def _parts(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, channels and the packed pixels."""
    if not png.startswith(SIGNATURE) or png[12:16] != b"IHDR" or len(png) < 33:
        raise ValueError("not a PNG")
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    depth, colour, interlaced = png[24], png[25], png[28]
    if depth != 8 or colour not in CHANNELS or interlaced or not 0 < width * height <= LARGEST:
        raise ValueError(f"not a PNG of this kind: {width}×{height}, {depth} bits, colour type {colour}")
    at, packed = 33, b""
    while at + 8 <= len(png):
        size, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        if kind == b"IDAT":
            packed += png[at + 8 : at + 8 + size]
        at += 12 + size
    return width, height, CHANNELS[colour], packed


def _unfiltered(kind: int, row: bytearray, above: bytearray, channels: int) -> bytearray:
    """A row as it was before it was made easy to pack (PNG specification, chapter 9)."""
    if kind > 4:
        raise ValueError(f"a PNG with an unknown filter: {kind}")
    for at in range(len(row)):
        left, up = row[at - channels] if at >= channels else 0, above[at]
        if kind == 1:
            row[at] = (row[at] + left) & 255
        elif kind == 2:
            row[at] = (row[at] + up) & 255
        elif kind == 3:
            row[at] = (row[at] + (left + up) // 2) & 255
        elif kind == 4:
            corner = above[at - channels] if at >= channels else 0
            row[at] = (row[at] + _nearest(left, up, corner)) & 255
    return row


def _nearest(left: int, up: int, corner: int) -> int:
    """The neighbour nearest to left + up − corner."""
    guess = left + up - corner
    _, _, found = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
    return found
