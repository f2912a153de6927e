"""A place's own readings: they win over every rule, and what they say is as speakable as all else."""

import re
from collections.abc import Callable

from nguon.kit.text import nfc
from nguon.speech import structure
from nguon.speech.draft import Found, Rule, Said
from nguon.speech.lexicon import alternation

Readings = tuple[tuple[str, str], ...]
_ADDRESS = re.compile(r"@|://|\.[A-Za-z]{2,4}(?:/|$|[,;)])")  # a word of a web or mail address is not a word of the text


def rules(readings: Readings, say: Callable[[str], str]) -> tuple[Rule, ...]:
    """One rule for all readings of a place, the first of two for the same writing.

    `say` reads what they say, so that nothing unspeakable comes in; a reading that has nothing to say although something
    was written for it is left out, an empty one silences.
    """
    said: dict[str, str] = {}
    for written, spoken in readings:
        words = " ".join(say(spoken).replace("\n", ", ").split()).rstrip(".?!,;: ")
        if (key := _key(structure.clean(nfc(written)).text)) and (words or not spoken.strip()):
            said.setdefault(key, words)
    if not said:
        return ()
    for words in [words for words in said.values() if words]:
        said.setdefault(_key(words), words)  # what is said already is not said again: `Phước` inside `xã Phước`

    def found_in(found: Found) -> Said:
        if _ADDRESS.search(_token(found)) and not _ADDRESS.search(found[0]):
            return None
        return said.get(_key(found[0]))

    kinds: dict[tuple[str, str], list[str]] = {}
    for key in said:
        kinds.setdefault(_bounds(key), []).append(key)
    return tuple(
        Rule("own", re.compile(f"{before}{alternation(keys)}{after}", re.IGNORECASE), found_in, 1.0)
        for (before, after), keys in sorted(kinds.items(), key=lambda kind: -max(map(len, kind[1])))
    )


def _key(written: str) -> str:
    """What a reading is found by: case and the width of blanks do not count."""
    return " ".join(nfc(written).casefold().split())


def _bounds(key: str) -> tuple[str, str]:
    """What may not stand before and after the key, so that it takes no part of a word or of a number."""
    before = r"(?<!\w)" if key[0].isalnum() or key[0] == "_" else ""
    after = r"(?!\w)" if key[-1].isalnum() or key[-1] == "_" else ""
    if key[0].isdigit():
        before += r"(?<!\d[.,/:-])"
    if key[-1].isdigit():
        after += r"(?![.,/:-]\d)"
    return before, after


def _token(found: Found) -> str:
    """The characters around the match up to blanks."""
    head, tail = found.before(80), found.after(80)
    return head[max(head.rfind(" "), head.rfind("\t")) + 1 :] + found[0] + tail.split(" ", 1)[0]
