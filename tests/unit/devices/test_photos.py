"""What a photo of a screen may be: a JPEG of a size that can be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.devices.photos import rules

APP = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def jpeg(width: int, height: int, *, before: bytes = APP, frame: int = 0xC0) -> bytes:
    """As far as its header goes."""
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"\xff\xd8" + before + bytes([0xFF, frame, 0, 11, 8]) + size + b"\x01\x01\x11\x00" + b"\xff\xd9"


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2])
def test_its_size_is_read(frame: int) -> None:
    assert rules.pixels(jpeg(1280, 720, frame=frame)) == (1280, 720)
    assert rules.pixels(jpeg(320, 96, before=APP + b"\xff\xc4\x00\x05abc", frame=frame)) == (320, 96)
    assert rules.pixels(jpeg(320, 96, before=APP + b"\xff", frame=frame)) == (320, 96)  # a mark may be filled up


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xd9",
        b"<html>\xff\xd9",
        jpeg(1280, 720)[:-2],
        jpeg(0, 720),
        jpeg(1280, 5000),
        b"\xff\xd8\xff\xe0\x00\x00" * 9 + b"\xff\xd9",
    ],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="JPEG"):
        rules.pixels(data)


@given(st.binary(max_size=60), st.integers(0, 30))
def test_noise_never_goes_on_for_ever(noise: bytes, at: int) -> None:
    whole = jpeg(64, 64)
    try:
        width, height = rules.pixels(whole[: 3 + at] + noise + whole[3 + at :])
    except ValueError:
        return
    assert 0 < width <= rules.LONGEST_SIDE
    assert 0 < height <= rules.LONGEST_SIDE
