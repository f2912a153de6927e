"""Whether words that everybody will read hold the personal data of who told the case. Pure."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.kit.text import fold

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .\-–]+(?=\d)")
_ADDRESSED = r"(?:ông|bà|anh|chị|cô|chú|bác|em|cụ)"
TAIL = 8  # last digits of a telephone number by which it is known
SHORTEST = 10  # letters of an address that is looked for


@dataclass(frozen=True)
class Whose:
    """What is known of a reporter. `share`: the name may be read by everybody."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    share: bool = False


NAMES: dict[str, Promise] = {
    "name": _("họ tên"),
    "phone": _("số điện thoại"),
    "email": _("thư điện tử"),
    "address": _("địa chỉ"),
}


def leaked(words: str, whose: Whose) -> list[str]:
    """Which of the reporter's data stand in the words: name, phone, email, address. The name not if it is shared."""
    folded, digits = fold(words), _BETWEEN_DIGITS.sub("", words)
    number = re.sub(r"\D", "", whose.phone)
    found = []
    if whose.name and not whose.share and _named(words, whose.name):
        found.append("name")
    if len(number) >= TAIL and number[-TAIL:] in digits:
        found.append("phone")
    if whose.email and whose.email.casefold() in words.casefold():
        found.append("email")
    if len(whose.address) >= SHORTEST and " ".join(fold(whose.address).split()) in " ".join(folded.split()):
        found.append("address")
    return found


def _named(words: str, name: str) -> bool:
    """A name of several words anywhere, however it is written; of one word only where somebody is addressed by it."""
    parts = fold(name).split()
    if len(parts) > 1:
        pattern = r"\s+".join(map(re.escape, parts))
        return re.search(rf"\b{pattern}\b", fold(words)) is not None
    return re.search(rf"\b{_ADDRESSED}\s+{re.escape(name.strip())}\b", words, re.IGNORECASE) is not None
