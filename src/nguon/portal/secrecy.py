"""What a document says of its own secrecy: papers marked mật, tối mật or tuyệt mật never enter the system.

Luật Bảo vệ bí mật nhà nước has these three grades. Pure: words in, an answer out.
"""

import re

from nguon.kit.text import fold, nfc

_GRADES = re.compile(r"tuyệt\s+mật|tối\s+mật|độ\s+mật|dấu\s+mật|\(\s*mật\s*\)|\[\s*mật\s*\]|^\W*mật\s*(?:$|[:.,;–—/-])")
_WORD = re.compile(r"(?<!\w)MẬT(?!\w)")
_MARK = re.compile(r"(?<!\w)mật(?!\w)")


def is_secret(title: str, sign: str = "", filename: str = "") -> bool:
    """Whether a document says of itself that it is secret.

    "Mật" is a word of its own in its number, a mark at the beginning of its title or in brackets, or written in
    capitals in a title that is not. "Mật ong" and "bảo mật" are no mark.
    """
    title, sign, filename = nfc(title), nfc(sign), nfc(filename).replace("_", " ")
    if _MARK.search(sign.casefold()) or "tuyet mat" in fold(f"{title} | {filename}"):
        return True
    if _GRADES.search(title.casefold()) or _GRADES.search(filename.casefold()):
        return True
    return bool(_WORD.search(title)) and not title.isupper()
