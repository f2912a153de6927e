"""What the states of a case mean to the one who told it, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from nguon.feedback.models import Case, Event
from nguon.feedback.rules import State
from nguon.ui import words


@dataclass(frozen=True)
class Standing:
    """Where a case stands, in words: `means` now, `next` what comes and by when (empty: nothing more)."""

    label: str
    means: str
    next: str


@dataclass(frozen=True)
class Moment:
    """One line of what happened."""

    at: datetime
    label: str
    words: str
    who: str
    answered: bool  # then its words are the answer, which stands above


def standing(case: Case, now: datetime) -> Standing:
    """The state of a case for its reporter."""
    state = State(case.state)
    return Standing(case.get_state_display(), _means(case, state), _next(case, state, now))


def _means(case: Case, state: State) -> str:
    said = {
        State.NEW: _("Phản ánh đã đến bộ phận tiếp nhận."),
        State.ACCEPTED: _("Cán bộ đã đọc và tiếp nhận, đang chọn cơ quan xử lý."),
        State.ASSIGNED: _("Đã giao cho %s.") % (case.office or _("cơ quan xử lý")),
        State.WORKING: _("%s đang xử lý.") % (case.office or _("Cơ quan được giao")),
        State.ASKED: _("Cơ quan xử lý cần bạn cho biết thêm. Câu hỏi ở ngay dưới đây."),
        State.ANSWERED: _("Đã có câu trả lời."),
        State.CLOSED: _("Việc đã kết thúc."),
        State.DUPLICATE: _("Việc này đã có người phản ánh trước và được xử lý chung."),
        State.REFUSED: _("Phản ánh không được tiếp nhận. Lý do ở phần diễn biến bên dưới."),
        State.PASSED_ON: _("Việc thuộc cơ quan khác và đã được chuyển đến đó."),
        State.DIVERTED: _("Nội dung này cần gửi theo đường khiếu nại, tố cáo. Hướng dẫn ở phần diễn biến bên dưới."),
        State.REOPEN: _("Bạn đã đề nghị xem lại."),
    }
    return said[state]


def _next(case: Case, state: State, now: datetime) -> str:
    answer = words.when(case.answer_by, now)
    if state is State.NEW:
        return _("Chậm nhất %(accept)s có người tiếp nhận; chậm nhất %(answer)s có câu trả lời.") % {
            "accept": words.when(case.accept_by, now),
            "answer": answer,
        }
    if state in (State.ACCEPTED, State.ASSIGNED, State.WORKING, State.REOPEN):
        if case.answer_by < now:
            return _("Đã quá hạn trả lời (%s). Bạn sẽ được báo tiến độ cho đến khi có câu trả lời.") % answer
        return _("Chậm nhất %s có câu trả lời.") % answer
    if state is State.ASKED:
        return _("Thời hạn trả lời tạm dừng cho đến khi bạn bổ sung.")
    if state is State.ANSWERED:
        return _("Cho biết bạn có hài lòng không. Chưa thỏa đáng thì đề nghị xem lại.")
    return ""


def moments(case: Case) -> list[Moment]:
    """What happened, the oldest first: each new state, and whatever was said to the reporter."""
    found: list[Moment] = []
    before = ""
    for event in case.events.select_related("office").order_by("at", "id"):
        if event.state != before or event.words:
            found.append(_moment(event))
        before = event.state
    return found


def _moment(event: Event) -> Moment:
    return Moment(
        event.at, event.get_state_display(), event.words, str(event.office or ""), event.state == State.ANSWERED
    )
