"""Vietnamese text at the doors: one form inside (NFC), and a folded form for searching."""

import unicodedata

_KEPT_CONTROLS = "\n\t"


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
