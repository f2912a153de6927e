"""Vietnamese text at the doors: one form inside (NFC), and a folded form for searching."""

import re
import unicodedata

_KEPT_CONTROLS = "\n\t"
_BLANKS = re.compile(r"\s+")
_SHOUTING = 24  # letters in capitals in a row that are no abbreviation any more
_QUOTED = 30  # letters of what is meant


def nfc(text: str) -> str:
    """The text in NFC, with Windows line ends made plain. Every door passes its text through here."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def printable(text: str) -> str:
    """The text without control, private-use and unassigned characters; line ends and tabs stay."""
    return "".join(
        c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn", "Cs")
    )


def clean(text: str) -> str:
    """What a form keeps of typed or pasted text: NFC, printable, outer blanks gone."""
    return nfc(printable(nfc(text))).strip()  # again: a removed joiner may have kept a letter from its mark


def fold(text: str) -> str:
    """The text without marks and case, đ as d: `Đường` and `duong` fold alike."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")


def line(text: str) -> str:
    """The text on one line: NFC, without controls, one blank between words."""
    return _BLANKS.sub(" ", clean(text))


def paragraphs(body: str) -> tuple[str, ...]:
    """The paragraphs of a text: its lines, but a line that goes on in the middle of a sentence is one with the next."""
    found: list[str] = []
    broken = True
    for each in clean(body).split("\n"):
        tidy = line(each)
        if tidy and not broken and _goes_on(found[-1], tidy):
            found[-1] = f"{found[-1]} {tidy}"
        elif tidy:
            found.append(tidy)
        broken = not tidy
    return tuple(found)


def _goes_on(before: str, after: str) -> bool:
    """Whether a line end is only where the paper was over: `…tạm ngừng / cung cấp điện`, but not before `a) …`."""
    return before[-1] not in ".!?:;…" and after[0].islower() and after[1:2] not in (")", ".")


def quoted(text: str) -> str:
    """The beginning of a text, so much that one knows what is meant."""
    if len(text) <= _QUOTED:
        return text
    cut = text[: _QUOTED + 1]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"


def shouted(part: str) -> bool:
    """Whether a line is written in capitals throughout."""
    letters = [letter for letter in part if letter.isalpha()]
    return len(letters) >= _SHOUTING and all(letter.isupper() for letter in letters)
