"""How it goes with a source, and what is wrong with a table or a feed, in an officer's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.channels.board.document import MOST_CELL, MOST_COLUMNS
from nguon.channels.board.feeds import queries
from nguon.channels.board.feeds.models import Edition, Kind, Source
from nguon.channels.board.feeds.pasted import Unread
from nguon.channels.board.feeds.rules import MOST_LETTERS, Feed, Trouble, terms_of
from nguon.channels.board.feeds.timetable import MOST_ROWS, BadTable, Wrong
from nguon.kit.clock import LOCAL
from nguon.outside.addresses import Fault
from nguon.outside.words import UNHAD
from nguon.review.models import State

TROUBLES: dict[str, str | Promise] = {
    **UNHAD,
    Fault.CONTENT: gettext_lazy("máy chủ gửi dữ liệu nén mà hệ thống không nhận"),
    Trouble.HTML: gettext_lazy("máy chủ gửi một trang web thay cho số liệu"),
    Trouble.UNREAD: gettext_lazy("không đọc được số liệu: cần JSON, CSV, RSS hoặc Atom"),
    Trouble.FORM: gettext_lazy("số liệu đổi sang dạng khác với lúc chọn"),
    Trouble.EMPTY: gettext_lazy("không còn giá trị ở chỗ đã chọn"),
    Trouble.LONG: gettext_lazy("giá trị dài hơn 80 chữ cái"),
    Trouble.MARKUP: gettext_lazy("giá trị có lẫn mã của trang web"),
    Trouble.HOUR: gettext_lazy("không đọc được giờ của số liệu"),
    Trouble.OLD: gettext_lazy("nguồn vẫn trả lời nhưng số liệu đã quá cũ"),
}
_ADVICE = {
    Unread.SPREADSHEET: gettext_lazy(
        "Đây là tệp Excel. Hãy chọn Lưu thành “CSV UTF-8”, hoặc chép các ô rồi dán vào khung bảng."
    ),
    Unread.LARGE: gettext_lazy("Tệp lớn quá 512 KB. Hãy chỉ giữ phần cần hiện trên bảng."),
    Unread.LETTERS: gettext_lazy(
        "Không đọc được chữ trong tệp. Hãy lưu lại thành “CSV UTF-8”, hoặc chép các ô rồi dán vào khung bảng."
    ),
    Unread.EMPTY: gettext_lazy("Tệp trống. Hãy chọn tệp khác."),
}


@dataclass(frozen=True)
class Course:
    """How it goes: a badge, and a sentence that says why and what to do."""

    badge: str
    kind: str
    why: str = ""


def span(minutes: int) -> str:
    """A rhythm or an age in words: `30 phút`, `6 giờ`, `2 ngày`."""
    if minutes % 60:
        return _("%(count)s phút") % {"count": minutes}
    if minutes < 2880 or minutes % 1440:
        return _("%(count)s giờ") % {"count": minutes // 60}
    return _("%(count)s ngày") % {"count": minutes // 1440}


def rhythm(edition: Edition | None) -> dict[str, str]:
    """How often a feed is asked, and how long its values are kept: `every` and `oldest`; nothing of a timetable."""
    terms = terms_of(edition.terms) if edition else None
    return {"every": span(terms.every), "oldest": span(terms.oldest)} if isinstance(terms, Feed) else {}


def unread(why: Unread) -> str:
    """Why a file is not read, and what to do."""
    return str(_ADVICE[why])


def trouble(fault: str, detail: str = "") -> str:
    """Why a feed brings nothing; empty if it does. A status or a name stands after it."""
    said = str(TROUBLES.get(fault, ""))
    told = fault in (Fault.STATUS, Trouble.EMPTY, Trouble.LONG, Trouble.MARKUP, Trouble.HOUR, Trouble.OLD)
    return f"{said} ({detail})" if said and told and detail else said


def bad_table(error: BadTable) -> str:
    """What is wrong with a table, in which row, and what to do."""
    facts = {"row": error.row, "said": error.said, "count": error.count}
    return {
        Wrong.NO_ROWS: _("Bảng chưa có dòng nào. Hãy dán ít nhất một dòng, ngoài dòng tên cột."),
        Wrong.MANY_ROWS: _("Bảng có %(count)s dòng, nhiều nhất là %(most)s. Hãy bớt dòng, hoặc chia thành nhiều bảng."),
        Wrong.TOO_MUCH: _("Bảng có %(count)s chữ cái, nhiều nhất là %(most)s. Hãy bớt dòng hoặc viết ngắn lại."),
        Wrong.MANY_COLUMNS: _("Bảng có %(count)s cột, nhiều nhất là %(most)s. Hãy bỏ cột không cần."),
        Wrong.LONG_CELL: _(
            "Dòng %(row)s: ô “%(said)s…” dài %(count)s chữ cái, nhiều nhất là %(most)s. Hãy viết ngắn lại."
        ),
        Wrong.NO_DAY: _("Dòng %(row)s: “%(said)s” không phải ngày. Hãy viết như 27/11/2026 hoặc 27/11."),
        Wrong.NO_HOUR: _("Dòng %(row)s: “%(said)s” không phải giờ. Hãy viết như 7:30 hoặc 7:30 – 11:00."),
    }[error.wrong] % {**facts, "most": _most(error.wrong)}


def _most(wrong: Wrong) -> int:
    most = {Wrong.MANY_ROWS: MOST_ROWS, Wrong.MANY_COLUMNS: MOST_COLUMNS, Wrong.TOO_MUCH: MOST_LETTERS}
    return most.get(wrong, MOST_CELL)


def course(source: Source, now: datetime) -> Course:
    """How it goes with what is approved."""
    if source.ended_at is not None:
        return Course(_("Đã thôi dùng"), "off")
    if source.shown is None:
        return _not_yet(source)
    page, why = queries.current(source, now), trouble(source.fault, source.fault_detail)
    if page is not None and why:
        return Course(
            _("Số liệu cũ"),
            "warn",
            _("Đang hiện số liệu lúc %(hour)s. Lần lấy gần nhất hỏng: %(why)s.")
            % {"hour": _hour(source.as_of), "why": why},
        )
    if page is not None:
        return Course(_("Đang có"), "ok")
    if why:
        return Course(_("Hỏng"), "bad", _("Bảng không hiện nguồn này: %(why)s.") % {"why": why})
    if source.kind == Kind.TIMETABLE:
        return Course(
            _("Đã hết lịch"),
            "off",
            _("Mọi dòng đã qua ngày nên bảng không hiện nữa. Hãy thêm dòng mới hoặc thôi dùng."),
        )
    return Course(_("Đang lấy"), "wait", _("Đang lấy số liệu lần đầu."))


def _not_yet(source: Source) -> Course:
    review = source.current.review if source.current else None
    if review is not None and review.state == State.APPROVED:
        return Course(_("Đang lấy"), "wait", _("Vừa được duyệt, chờ ít giây."))
    if review is not None and review.state == State.RETURNED:
        return Course(_("Bị trả lại"), "bad", review.reason)
    return Course(_("Chờ duyệt"), "wait", _("Bảng hiện nguồn này sau khi có người khác duyệt."))


def pending(source: Source) -> str:
    """What is to be known of an edition that is newer than the one in use; empty if there is none."""
    review = source.current.review if source.current else None
    if source.shown is None or review is None or source.current_id == source.shown_id:
        return ""
    if review.state == State.RETURNED:
        return _("Bản sửa bị trả lại: %(reason)s") % {"reason": review.reason}
    return _("Bản sửa đang chờ duyệt; bảng vẫn hiện bản đã duyệt trước.") if review.state == State.SUBMITTED else ""


def _hour(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL).strftime("%H:%M %d/%m") if moment else ""
