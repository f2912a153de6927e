"""Small pictures, as browsers write them: dark and empty, or not; and what is none."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.agent.kiosk import picture

GROUND = (11, 31, 51)
Pixels = list[list[tuple[int, ...]]]


def plain(colour: tuple[int, ...] = GROUND, width: int = 96, height: int = 54) -> Pixels:
    return [[colour] * width for _ in range(height)]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels: Pixels, kind: int = 0, depth: int = 8) -> bytes:
    """A PNG whose rows are all filtered in this way."""
    channels, width = len(pixels[0][0]), len(pixels[0])
    head = struct.pack(">IIBBBBB", width, len(pixels), depth, 2 if channels == 3 else 6, 0, 0, 0)
    packed, above = b"", bytes(width * channels)
    for row in pixels:
        line = bytes(one for pixel in row for one in pixel)
        packed, above = packed + bytes([kind]) + filtered(kind, line, above, channels), line
    data = zlib.compress(packed)
    parts = chunk(b"IDAT", data[:20]) + chunk(b"IDAT", data[20:])
    return picture.SIGNATURE + chunk(b"IHDR", head) + parts + chunk(b"IEND", b"")


def filtered(kind: int, line: bytes, above: bytes, channels: int) -> bytes:
    made = bytearray()
    for at, value in enumerate(line):
        left, corner = (line[at - channels], above[at - channels]) if at >= channels else (0, 0)
        up = above[at]
        near = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        made.append((value - (0, left, up, (left + up) // 2, near)[kind]) & 255)
    return bytes(made)


def test_one_dark_colour_is_blank() -> None:
    assert picture.is_blank(png(plain()))
    assert picture.is_blank(png(plain((0, 0, 0, 255))))
    nearly = plain()
    nearly[3][4] = (255, 255, 255)  # one dead pixel
    nearly[9] = [(15, 25, 55)] * 96
    assert picture.is_blank(png(nearly))


def test_what_is_dimmed_by_itself_is_measured_by_its_own_light() -> None:
    dim = plain((2, 6, 10))
    dim[20][10:30] = [(14, 18, 22)] * 20  # words at a fifth of their light
    assert picture.is_blank(png(dim))
    assert not picture.is_blank(png(dim), light=20)
    assert not picture.is_blank(png(plain((25, 25, 25))), light=20)  # a bright ground, dimmed
    assert picture.is_blank(png(plain((2, 6, 10))), light=20)


def test_words_and_bright_grounds_are_not() -> None:
    words = plain()
    words[20][10:30] = [(255, 255, 255)] * 20
    assert not picture.is_blank(png(words))
    assert not picture.is_blank(png(plain((179, 19, 27))))
    assert not picture.is_blank(png(plain((255, 255, 255))))


@given(
    st.integers(0, 4),
    st.integers(3, 4).flatmap(
        lambda channels: st.lists(
            st.lists(st.tuples(*[st.integers(0, 255)] * channels), min_size=5, max_size=5), min_size=1, max_size=6
        )
    ),
)
def test_every_filter_is_undone(kind: int, pixels: Pixels) -> None:
    found = picture.rows(png(pixels, kind))
    assert [bytes(row) for _, row in found] == [bytes(one for pixel in row for one in pixel) for row in pixels]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        picture.SIGNATURE,
        png(plain())[:60],
        png(plain(), depth=16),
        png(plain()).replace(b"IDAT", b"IDAX"),
        png(plain(width=1001, height=1001)),
    ],
)
def test_what_cannot_be_read(data: bytes) -> None:
    with pytest.raises(ValueError):
        picture.is_blank(data)


@given(st.binary(max_size=60), st.integers(0, 100))
def test_broken_ones_are_errors_of_value_only(noise: bytes, at: int) -> None:
    whole = png(plain(width=8, height=4))
    with contextlib.suppress(ValueError):
        picture.is_blank(whole[:at] + noise + whole[at + len(noise) :])
