"""What is said of sites and sections to those who look after them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nguon.portal.models import SectionKind
from nguon.portal.office import Row, Standing
from nguon.portal.rules import NO_ANSWER, STATUS, Fill
from nguon.review.models import State

BADGES = {
    Fill.FULL: (gettext_lazy("Có"), "ok"),
    Fill.EMPTY: (gettext_lazy("Trống"), "off"),
    Fill.OVERDUE: (gettext_lazy("Quá hạn"), "warn"),
}
_EMPTY = {
    SectionKind.PAGE: gettext_lazy("Viết trang này rồi gửi duyệt."),
    SectionKind.PAPERS: gettext_lazy("Thêm văn bản đầu tiên."),
    SectionKind.NEWS: gettext_lazy("Đưa lên trang một bản tin thuộc lĩnh vực của mục."),
    SectionKind.LINK: gettext_lazy("Ghi địa chỉ mà mục dẫn tới."),
}
_OVERDUE = {
    SectionKind.PAGE: gettext_lazy("Xem lại: sửa rồi gửi duyệt, hoặc xác nhận vẫn đúng."),
    SectionKind.PAPERS: gettext_lazy("Thêm văn bản mới của kỳ này."),
    SectionKind.NEWS: gettext_lazy("Đưa lên trang một bản tin mới."),
}


@dataclass(frozen=True)
class Told:
    """One section in the list of its owner: its state, and what to do (empty: nothing)."""

    row: Row
    badge: str
    kind: str
    todo: str
    pending: str


def told(row: Row) -> Told:
    """How a section stands, in words."""
    badge, kind = BADGES[row.fill]
    advice = {Fill.EMPTY: _EMPTY, Fill.OVERDUE: _OVERDUE}.get(row.fill, {})
    said = advice.get(SectionKind(row.section.kind), "")
    waits = row.review is not None and row.review.state == State.SUBMITTED
    return Told(row, str(badge), kind, "" if waits else str(said), _pending(row))


def _pending(row: Row) -> str:
    if row.review is None:
        return ""
    if row.review.state == State.SUBMITTED:
        return _("Có bản đang chờ duyệt.")
    return _("Bị trả lại: %s") % row.review.reason


def short(standing: Standing) -> str:
    """How many sections want something, in one sentence; empty if none does."""
    parts = []
    if standing.overdue:
        parts.append(ngettext("%d mục quá hạn", "%d mục quá hạn", standing.overdue) % standing.overdue)
    if standing.empty:
        parts.append(ngettext("%d mục trống", "%d mục trống", standing.empty) % standing.empty)
    return ", ".join(parts)


def failed(code: str) -> str:
    """Why an article was not right when its page was looked at, in words; `code` as `rules` names them."""
    if code == NO_ANSWER:
        return _("máy chủ không trả lời ở địa chỉ của trang")
    if code.startswith(STATUS):
        return _("trang trả lời mã %(status)s") % {"status": code.removeprefix(STATUS)}
    return _("trang hiện nội dung khác bản đã duyệt")
