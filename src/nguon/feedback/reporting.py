"""The steps of whoever told a case: say more, be content or not, meet it too. They come without signing in."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from nguon.feedback import codes, guarding, intake, queries, steps
from nguon.feedback.errors import CaseError, NotNow
from nguon.feedback.models import Case, Content, Too
from nguon.feedback.rules import AT_WORK, State
from nguon.people import tries

MOST_REOPENED = 3  # times a reporter may ask for it
MOST_SAID = 20  # times a reporter may add something


def look_up(*, code: str, tail: str, address: str = "", now: datetime) -> Case | None:
    """The case of a code as typed and its four digits, for whoever told it; None if they do not go together.

    Signs between the digits do not matter. Wrong ones are counted at the code and at the network address they come
    from. Raises Wait.
    """
    kept = codes.parsed(code)
    if kept is None:
        return None  # no code at all: a slip of the hand, and nothing to guess
    at = guarding.doors(kept, address)
    guarding.wait_at(at, now)
    found = queries.looked_up(kept, "".join(sign for sign in tail if sign.isdecimal()))
    if found is None:
        tries.wrong(at, now)
    else:
        tries.right(at)
    return found


def supplement(*, case: Case, words: str, photos: tuple[Any, ...] = (), now: datetime) -> Case:
    """What the reporter adds when asked. The case goes on, and its clock with it. Raises NotNow, CaseError.

    Photos are read before the transaction begins: that takes seconds, and others wait to write.
    """
    kept = steps.said(words, _("Hãy viết điều bạn muốn bổ sung."))
    if case.state not in AT_WORK:
        raise NotNow(_("Phản ánh này đã xử lý xong. Nếu chưa hài lòng, hãy đề nghị xem lại."))
    if case.state != State.ASKED:
        raise NotNow(_("Cơ quan xử lý chưa hỏi thêm điều gì, hoặc đã nhận bổ sung của bạn. Hãy tải lại trang."))
    if case.events.filter(verb="feedback.supplement").count() >= MOST_SAID:
        raise CaseError(_("Bạn đã bổ sung nhiều lần. Hãy gọi cơ quan xử lý nếu cần nói thêm."))
    found = intake.kept_photos(photos, now)
    with transaction.atomic():
        intake.attach(case, found, now)
        goes_on = steps.clock_goes_on(case, now)
        who = intake.by_reporter()
        return steps.go(case, State.WORKING, "feedback.supplement", actor=who, now=now, words=kept, **goes_on)


@transaction.atomic
def say_content(*, case: Case, score: int, words: str, reopen: bool, now: datetime) -> Content:
    """How content the reporter is with the answer, 1–5; `reopen`: they ask to look at it again.

    Said once for each answer. Raises NotNow, CaseError.
    """
    if not 1 <= score <= 5:
        raise CaseError(_("Hãy chọn mức hài lòng từ 1 đến 5."))
    Case.objects.select_for_update().get(pk=case.pk)  # pressed twice: the second finds the first
    if case.state not in (State.ANSWERED, State.CLOSED, State.REFUSED):
        raise NotNow(_("Phản ánh này chưa có trả lời nên chưa đánh giá được."))
    ended = case.answered_at or case.closed_at
    if ended is not None and case.contents.filter(at__gte=ended).exists():
        raise NotNow(_("Bạn đã đánh giá câu trả lời này rồi. Cảm ơn bạn."))
    if reopen and case.reopened >= MOST_REOPENED:
        raise CaseError(
            _("Phản ánh này đã được xem lại %(max)d lần. Hãy đến trực tiếp cơ quan xử lý.") % {"max": MOST_REOPENED}
        )
    made = Content.objects.create(case=case, score=score, words=words.strip()[:1000], reopen=reopen, at=now)
    who = intake.by_reporter()
    if reopen:
        again = steps.begun_again(case, now)
        steps.go(case, State.REOPEN, "feedback.reopen", actor=who, now=now, words=made.words, **again)
    else:
        steps.event(case, "feedback.content", actor=None, now=now, note=made.words)
        steps.note_down(case, "feedback.content", who, now)
    return made


def too(*, case: Case, mark: str, now: datetime) -> bool:
    """Somebody met it too; False if this browser said so already, or there is nothing open to meet."""
    if not mark or case.held or case.state not in (*AT_WORK, State.ANSWERED):
        return False
    try:
        with transaction.atomic():
            Too.objects.create(case=case, mark=mark[:64], at=now)
            Case.objects.filter(pk=case.pk).update(too=F("too") + 1)
    except IntegrityError:
        return False
    case.refresh_from_db(fields=["too"])
    return True
