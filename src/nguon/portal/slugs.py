"""The end of an article's address, from its title. Pure."""

import re
from collections.abc import Container
from itertools import count

from nguon.kit.text import fold

LONGEST = 100  # letters; a number behind it still has room
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """`Lịch cắt điện ngày 25/11` → `lich-cat-dien-ngay-25-11`; `tin` where no letter is left."""
    words = _OTHER.sub("-", fold(title)).strip("-")
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return words or "tin"


def free(wanted: str, taken: Container[str]) -> str:
    """The same, with a number behind it where it is taken already."""
    if wanted not in taken:
        return wanted
    return next(name for number in count(2) if (name := f"{wanted}-{number}") not in taken)
