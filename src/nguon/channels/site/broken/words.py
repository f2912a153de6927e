"""What is wrong with a link, in an officer's words."""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from nguon.outside.words import UNHAD

OWN: dict[str, str | Promise] = {
    "missing": _("Trên trang không có địa chỉ này."),
    "gone": _("Bài này đã gỡ, hoặc trang này đã đóng."),
    "failed": _("Trang báo lỗi ở địa chỉ này."),
}


def fault(name: str) -> str:
    """Why it leads nowhere, as a sentence."""
    if name in OWN:
        return str(OWN[name])
    return f"{capfirst(str(UNHAD.get(name, UNHAD['status'])))}."
