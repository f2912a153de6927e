"""Where people can read on, beside a bulletin: the address as it is kept, and whether telephones will open it. Pure."""

import re

from nguon.kit.text import clean

LONGEST = 500  # letters of an address: a longer one makes squares that no telephone reads from afar
LONGEST_LABEL = 80
_ADDRESS = re.compile(r"https?://(?P<host>[^\s/?#:@\\\[\]]+)(:(?P<port>\d{1,5}))?([/?#]\S*)?", re.IGNORECASE)
_PART = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def tidy(url: str, label: str) -> tuple[str, str]:
    """Both as they are kept: on one line, without outer blanks."""
    return clean(url).strip(), " ".join(clean(label).split())


def opens(url: str) -> bool:
    """Whether it is the address of a page of the web: http or https, a named host, no blanks."""
    found = _ADDRESS.fullmatch(url)
    if found is None or int(found["port"] or 80) > 65_535:
        return False
    try:
        host = found["host"].encode("idna").decode()
    except UnicodeError:
        return False
    parts = host.removesuffix(".").split(".")
    named = len(parts) > 1 and parts[-1][:1].isalpha() and len(parts[-1]) > 1
    return named and all(map(_PART.fullmatch, parts))


def begun(url: str) -> bool:
    """Whether it says how it is opened (`https://…`), or only where."""
    return bool(re.match(r"https?://", url, re.IGNORECASE))
