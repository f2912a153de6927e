"""Getting in: the password, then the second step. Each says the same of a wrong name as of a wrong password."""

import math
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nguon.people import factors, tries
from nguon.people.errors import PeopleError
from nguon.people.models import Factor, Person


class WrongPassword(PeopleError):
    """No account that may be used has this name and this password."""

    message = _("Tên đăng nhập hoặc mật khẩu không đúng.")


class WrongCode(PeopleError):
    """Neither figures of now nor an unused code."""

    message = _("Mã chưa đúng, hoặc vừa được dùng. Hãy gõ 6 số đang hiện trên điện thoại, hay một mã dự phòng.")


class MustWait(PeopleError):
    """Too many wrong tries: how long is left."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(left)
        self.left = left

    def __str__(self) -> str:
        minutes = max(1, math.ceil(self.left.total_seconds() / 60))
        words = ngettext(
            "Thử sai quá nhiều lần. Hãy đợi %(count)d phút rồi thử lại.",
            "Thử sai quá nhiều lần. Hãy đợi %(count)d phút rồi thử lại.",
            minutes,
        )
        return words % {"count": minutes}


def by_password(*, request: HttpRequest, name: str, password: str, now: datetime) -> Person:
    """Whose name and password these are. Raises WrongPassword, MustWait."""
    at = tries.doors(request, name)
    if left := tries.waiting(at, now):
        raise MustWait(left)
    found = authenticate(request, username=name, password=password)
    if not isinstance(found, Person):
        tries.wrong(at, now)
        raise WrongPassword
    tries.right(at)
    return found


def by_code(*, request: HttpRequest, person: Person, code: str, now: datetime) -> str:
    """How the person proved who they are at the second step: `totp` or `recovery`. Raises WrongCode, MustWait."""
    at = tries.doors(request, person.username, "second step")
    if left := tries.waiting(at, now):
        raise MustWait(left)
    if factors.figures_right(person=person, figures=code, now=now):
        proof = "totp"
    elif len(code) > 8 and factors.code_right(person=person, code=code, now=now):
        proof = "recovery"
    else:
        tries.wrong(at, now)
        raise WrongCode
    tries.right(at)
    return proof


def by_own_password(*, request: HttpRequest, person: Person, password: str, now: datetime) -> None:
    """The password once more, of somebody who is in and has no second factor. Raises WrongPassword, MustWait."""
    if by_password(request=request, name=person.username, password=password, now=now).pk != person.pk:
        raise WrongPassword


def has_factor(person: Person) -> bool:
    """Whether the person has set up a second step."""
    return Factor.objects.filter(person=person).exists()
