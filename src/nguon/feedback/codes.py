"""Codes of cases: short, read out on the telephone, and wrong in no single sign without being noticed.

`TP-26-7K3M9`: two letters of the territory, the year, four signs by chance, one sign that checks the rest. Signs are of
an alphabet of 31 (a prime) without 0, O, 1, I and L; every sign has a weight of its own, so that any one wrong sign and
any two neighbours changed round give another sum.
"""

import re
import secrets
from datetime import datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from nguon.kit.clock import LOCAL, local_day
from nguon.kit.text import fold
from nguon.places import queries as places

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BY_CHANCE = "".join(sign for sign in ALPHABET if sign not in "AEUY")  # no vowels: no words come about
NOWHERE = "PA"  # before there is any place
_WRITTEN = re.compile(r"([2-9A-HJKMNP-Z]{2})([0-9OIL]{2})([2-9A-HJKMNP-Z]{5})")
_YEAR = str.maketrans("OIL", "011")


def new_code(now: datetime) -> str:
    """A code nobody can guess the next of. It may exist already (1 of 500,000 a year): the caller tries again."""
    body = (
        prefix(now) + f"{now.astimezone(LOCAL).year % 100:02d}" + "".join(secrets.choice(BY_CHANCE) for _ in range(4))
    )
    return _shown(body + check_sign(body))


def parsed(typed: str) -> str | None:
    """The code as it is kept, of what somebody typed: any case, blanks or none, O for 0; None if it is none."""
    bare = "".join(sign for sign in fold(typed).upper() if sign.isalnum())
    found = _WRITTEN.fullmatch(bare)
    if found is None:
        return None
    plain = found[1] + found[2].translate(_YEAR) + found[3]
    return _shown(plain) if check_sign(plain[:-1]) == plain[-1] else None


def check_sign(body: str) -> str:
    """The last sign for the eight before it."""
    return ALPHABET[-sum(weight * _value(sign) for weight, sign in enumerate(body, 2)) % len(ALPHABET)]


def prefix(now: datetime) -> str:
    """Two letters: NGUON_CASE_PREFIX, or how the name of the whole territory begins (Tuy Phước: TP)."""
    if given := _letters(settings.NGUON_CASE_PREFIX):
        return given
    roots = places.roots(local_day(now))
    return (_letters(roots[0].name) if roots else "") or NOWHERE


def new_tail() -> str:
    """Four digits by chance, for whoever gives no telephone number."""
    return f"{secrets.randbelow(10_000):04d}"


def tail_of(phone: str) -> str:
    """The last four digits of a telephone number; empty if it has fewer."""
    digits = "".join(sign for sign in phone if sign in "0123456789")
    return digits[-4:] if len(digits) >= 4 else ""


def sealed(code: str, tail: str) -> str:
    """The tail as it is kept: salted by its code, and with the server's own secret, as four digits alone are few."""
    return _sealed(code, tail, settings.SECRET_KEY)


def opens(code: str, tail: str, kept: str) -> bool:
    """Whether these are the digits that go with the code."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return bool(tail) and any(constant_time_compare(_sealed(code, tail, key), kept) for key in keys)


def _sealed(code: str, tail: str, key: str | bytes) -> str:
    return salted_hmac("nguon.feedback.tail", f"{code}\n{tail}", secret=key, algorithm="sha256").hexdigest()


def _letters(name: str) -> str:
    """Two letters of a name: of its first two words, else the first two that may stand in a code."""
    words = ["".join(sign for sign in word if sign in ALPHABET[8:]) for word in fold(name).upper().split()]
    words = [word for word in words if word]
    if not words:
        return ""
    return (words[0][0] + words[1][0]) if len(words) > 1 else words[0][:2] if len(words[0]) > 1 else ""


def _value(sign: str) -> int:
    """0 and 1 stand in the year only, and so meet no letter of the same number."""
    return int(sign) - 2 if sign.isdecimal() else ALPHABET.index(sign)


def _shown(plain: str) -> str:
    return f"{plain[:2]}-{plain[2:4]}-{plain[4:]}"
