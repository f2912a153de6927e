"""How the desk is told to an officer: tabs, states, time that is left, what was done."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nguon.feedback.desk import Tab
from nguon.feedback.models import Case
from nguon.feedback.rules import State

TABS: dict[Tab, Promise] = {
    Tab.OPEN: gettext_lazy("Đang mở"),
    Tab.MINE: gettext_lazy("Của tôi"),
    Tab.OFFICE: gettext_lazy("Cơ quan tôi"),
    Tab.LATE: gettext_lazy("Quá hạn"),
    Tab.SOON: gettext_lazy("Sắp đến hạn"),
    Tab.APPROVAL: gettext_lazy("Chờ duyệt"),
    Tab.DONE: gettext_lazy("Đã xong"),
    Tab.HELD: gettext_lazy("Để riêng"),
}
EMPTY: dict[Tab, Promise] = {
    Tab.OPEN: gettext_lazy("Không có phản ánh nào đang mở"),
    Tab.MINE: gettext_lazy("Không có phản ánh nào giao cho bạn"),
    Tab.OFFICE: gettext_lazy("Cơ quan của bạn không có phản ánh nào đang mở"),
    Tab.LATE: gettext_lazy("Không có phản ánh nào quá hạn"),
    Tab.SOON: gettext_lazy("Không có phản ánh nào sắp đến hạn"),
    Tab.APPROVAL: gettext_lazy("Không có câu trả lời nào chờ duyệt"),
    Tab.DONE: gettext_lazy("Chưa có phản ánh nào xong"),
    Tab.HELD: gettext_lazy("Không có phản ánh nào để riêng"),
}
KINDS = {  # of a badge
    State.NEW: "info",
    State.ACCEPTED: "wait",
    State.ASSIGNED: "wait",
    State.WORKING: "busy",
    State.ASKED: "wait",
    State.ANSWERED: "ok",
    State.CLOSED: "ok",
    State.REOPEN: "warn",
}
DAY = 24 * 60 * 60  # seconds
WORKING_DAY = 8  # hours


def kind_of(state: str) -> str:
    """The kind of badge of a state."""
    return KINDS.get(State(state), "off")


def left(due: datetime, now: datetime, worked: float) -> str:
    """What is left until a deadline: "còn 3 giờ làm việc", "còn 5 ngày", "quá hạn 2 ngày".

    `worked`: the working hours from now to the deadline, which count where it is near.
    """
    if due < now:
        return _("quá hạn %(gap)s") % {"gap": _gap((now - due).total_seconds())}
    if worked <= 2 * WORKING_DAY:
        hours = int(worked)
        if hours == 0:
            return _("còn chưa đến 1 giờ làm việc")
        said = ngettext("còn %(hours)d giờ làm việc", "còn %(hours)d giờ làm việc", hours)
        return said % {"hours": hours}
    return _("còn %(gap)s") % {"gap": _gap((due - now).total_seconds())}


def _gap(seconds: float) -> str:
    if seconds < 60 * 60:
        minutes = max(1, int(seconds // 60))
        return ngettext("%(count)d phút", "%(count)d phút", minutes) % {"count": minutes}
    if seconds < DAY:
        hours = int(seconds // 3600)
        return ngettext("%(count)d giờ", "%(count)d giờ", hours) % {"count": hours}
    days = int(seconds // DAY)
    return ngettext("%(count)d ngày", "%(count)d ngày", days) % {"count": days}


def urgency(due: datetime | None, now: datetime, worked: float) -> str:
    """The kind of badge of a deadline: bad once it is over, warn within two working days."""
    if due is None:
        return "off"
    if due < now:
        return "bad"
    return "warn" if worked <= 2 * WORKING_DAY else "off"


def title(case: Case, most: int = 90) -> str:
    """A case in one line: its public title, or the beginning of what was told."""
    words = case.public_title or " ".join(case.words.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]}…"
