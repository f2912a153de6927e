"""What stands on the pages of both sides, in an officer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nguon.channels.board.upper import rules
from nguon.channels.board.upper.models import UpperSource
from nguon.channels.board.upper.ports import Fault
from nguon.outside.words import UNHAD
from nguon.programme.words import WEEKDAYS

FAULTS: dict[str, str | Promise] = {
    **UNHAD,
    "content": gettext_lazy("máy chủ gửi nội dung không đọc được"),
    Fault.DENIED: gettext_lazy("cấp trên không nhận mã liên kết này, có thể đã thu hồi. Hãy xin mã mới"),
    Fault.GONE: gettext_lazy("cấp trên không còn loại bảng này, hoặc mã liên kết không được lấy nó. Hãy hỏi cấp trên"),
    Fault.FORM: gettext_lazy("máy chủ trả lời không đúng dạng. Hãy kiểm tra lại địa chỉ, hoặc báo cấp trên"),
    Fault.KEY: gettext_lazy("chữ ký không phải của cấp trên đã đối chiếu. Nội dung này bị từ chối"),
    Fault.OTHER: gettext_lazy("địa chỉ này đưa danh sách của loại bảng khác. Hãy hỏi cấp trên"),
    Fault.OLD: gettext_lazy("danh sách cũ hơn bản đang giữ hoặc đã hết hạn nên không nhận. Hãy báo cấp trên"),
    Fault.AHEAD: gettext_lazy("danh sách ghi ngày ở tương lai. Hãy kiểm tra giờ của hai máy chủ"),
    Fault.SECRET: gettext_lazy("không mở được mã liên kết đã cất. Hãy sửa và dán lại mã"),
}


@dataclass(frozen=True)
class Badge:
    """A state in words with the shape of a badge."""

    words: str | Promise
    kind: str


def fault(code: str) -> str:
    """Why it failed: the rest of a sentence; empty for none."""
    return str(FAULTS.get(code, code)) if code else ""


def course(source: UpperSource, now: datetime) -> Badge:
    """How it stands with a source."""
    showing = source.until is not None and now < source.until and bool(source.keys)
    if source.ended_at is not None:
        return Badge(_("Đã thôi"), "off")
    if source.fault == Fault.KEY:
        return Badge(_("Chữ ký lạ, đã từ chối"), "bad")
    if source.offered:
        return Badge(_("Chờ đối chiếu dấu vân"), "wait")
    if source.fault or source.number:
        return _standing(source, showing)
    return Badge(_("Chờ lấy lần đầu"), "wait")


def _standing(source: UpperSource, showing: bool) -> Badge:
    if not showing:
        return Badge(_("Hỏng, bảng không hiện"), "bad")
    if source.fault:
        return Badge(_("Cũ, vẫn đang hiện"), "warn")
    if source.lacking:
        return Badge(ngettext("Thiếu %(n)d trang", "Thiếu %(n)d trang", source.lacking) % {"n": source.lacking}, "warn")
    return Badge(_("Đang có"), "ok")


def times(weekdays: Sequence[int], minutes: Sequence[Sequence[int]]) -> str:
    """On which days of the week and at which hours something counts."""
    days = ", ".join(str(WEEKDAYS[day - 1]) for day in weekdays)
    return "; ".join(filter(None, (days, rules.said(minutes)))) or _("mọi ngày, cả ngày")
