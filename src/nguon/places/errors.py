"""What can go wrong with the territory, in words for the officer."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.places.plan import Fault

FAULTS: dict[Fault, str | Promise] = {
    Fault.EMPTY: gettext_lazy("Phương án chưa có đơn vị mới nào."),
    Fault.TWICE: gettext_lazy("Đơn vị mới “{name}” được khai hai lần."),
    Fault.NO_SOURCE: gettext_lazy("Đơn vị mới “{name}” chưa có đơn vị cũ nào nhập vào."),
    Fault.CLOSED: gettext_lazy("{name} đã thôi hiệu lực."),
    Fault.NOT_YET: gettext_lazy("{name} chưa có hiệu lực trước ngày sắp xếp."),
    Fault.BOTH: gettext_lazy("{name} vừa được nhập vào đơn vị mới vừa được ghi là kết thúc."),
    Fault.PARENT: gettext_lazy("Đơn vị cấp trên của “{name}” không hợp lệ."),
    Fault.HEIR: gettext_lazy("Chưa rõ {name} thuộc về đơn vị mới nào."),
    Fault.HOMELESS: gettext_lazy("Chưa rõ {name} về đơn vị mới nào."),
    Fault.STRAY: gettext_lazy("{name} không nằm trong đơn vị nào được sắp xếp."),
    Fault.LATER: gettext_lazy("{name} đã có thay đổi được ghi từ ngày sắp xếp trở đi."),
}


class PlaceError(Exception):
    """An act on the territory that cannot be done; `str()` is the reason in Vietnamese."""


class NotHere(PermissionDenied):
    """The actor does not administer this place."""

    def __str__(self) -> str:
        return _("Bạn không quản lý địa bàn này.")


class BadDate(PlaceError):
    """The day does not fit the life of the place."""

    def __str__(self) -> str:
        return _("Ngày không hợp với thời gian hiệu lực của địa bàn.")


class StillInUse(PlaceError):
    """A place with something in it cannot be closed by itself."""

    def __str__(self) -> str:
        return _("Địa bàn này còn đơn vị bên trong. Hãy chuyển các đơn vị đó đi trước, hoặc lập phương án sắp xếp.")


class Inside(PlaceError):
    """A place cannot be moved into itself or into what lies in it."""

    def __str__(self) -> str:
        return _("Không thể chuyển địa bàn vào chính nó hoặc vào đơn vị bên trong nó.")


class CodeTaken(PlaceError):
    """The code means another place on a day of that time."""

    def __init__(self, system: str, code: str, holder: str) -> None:
        super().__init__(system, code, holder)
        self.code, self.holder = code, holder

    def __str__(self) -> str:
        return _("Mã %(code)s đang là mã của %(holder)s.") % {"code": self.code, "holder": self.holder}


class TooEarly(PlaceError):
    """A reorganisation is carried out from the day it takes effect, not before."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on

    def __str__(self) -> str:
        return _("Phương án có hiệu lực từ %(day)s; đến ngày đó mới thực hiện được.") % {"day": _day(self.on)}


class AlreadyDone(PlaceError):
    """This reorganisation was carried out before."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on

    def __str__(self) -> str:
        return _("Phương án này đã được thực hiện, có hiệu lực từ %(day)s.") % {"day": _day(self.on)}


class Impossible(PlaceError):
    """The plan cannot be carried out; `reasons` are sentences for the officer."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)

    def __str__(self) -> str:
        return " ".join(self.reasons)


def _day(on: date) -> str:
    return date_format(on, "d/m/Y")
