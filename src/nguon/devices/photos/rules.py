"""What a photo of a screen may be. Pure."""

from datetime import timedelta

from nguon.kit.words import gettext_noop

LARGEST = 500_000  # bytes
LONGEST_SIDE = 4_096  # pixels
MOST_AN_HOUR = 60  # of one device
REPEAT = timedelta(seconds=60)  # a request that waits is not made again so soon
PATIENCE = timedelta(minutes=3)  # then a request of a device that is online is taken for unanswered
SCHEDULES = (15, 30, 60, 120, 240, 480)  # minutes between two photos taken by themselves
NEVER = gettext_noop("Không tự chụp")
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the segments that say how large a picture is
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # marks without a length


def pixels(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, as its header says. Raises ValueError for what is none, or too large to be shown."""
    if not jpeg.startswith(b"\xff\xd8\xff") or not jpeg.endswith(b"\xff\xd9"):
        raise ValueError("not a JPEG")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        mark = jpeg[at + 1]
        if mark in _FRAMES:
            height, width = (int.from_bytes(jpeg[at + 5 + 2 * i : at + 7 + 2 * i], "big") for i in (0, 1))
            if not 0 < width <= LONGEST_SIDE or not 0 < height <= LONGEST_SIDE:
                raise ValueError(f"a JPEG of {width}×{height}")
            return width, height
        at += 2 if mark in _BARE else 1 if mark == 0xFF else 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    raise ValueError("a JPEG without a picture")
