"""The steps officers take: accept, assign, begin, ask, hand back, answer. Of two at once, one stands (`steps`).

What a step keeps is Vietnamese, whatever the language of the officer's pages (`gettext_noop`): reporters read it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import translation
from django.utils.translation import gettext as _

from nguon.feedback import deadlines, queries, routing, steps, suggesting
from nguon.feedback.errors import CaseError, NotNow
from nguon.feedback.models import Answer, Asked, Case, Correction, Field, Severity
from nguon.feedback.rules import AT_WORK, NEVER_PUBLIC, State
from nguon.kit.clock import local_day
from nguon.kit.words import gettext_noop
from nguon.people import scope
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.places import queries as places


@transaction.atomic
def accept(*, case: Case, words: str = "", actor: Person, now: datetime) -> Case:
    """Take the case in; `words` are for the reporter. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    Case.objects.filter(duplicates=case).update(too=Greatest(F("too") - case.too - 1, 0))  # it counted there
    return steps.go(
        case,
        State.ACCEPTED,
        "feedback.accept",
        actor=actor,
        now=now,
        words=_optional(words),
        accepted_at=case.accepted_at or now,
        held="",
        closed_at=None,
        duplicate_of=None,
    )


@transaction.atomic
def assign(
    *, case: Case, office: Office, person: Person | None = None, note: str = "", actor: Person, now: datetime
) -> Case:
    """Give the case to an office, and perhaps to one of its people. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    if office.succeeded_by_id or (office.valid_to and office.valid_to < local_day(now)):
        raise CaseError(_("Cơ quan này không còn. Hãy chọn cơ quan khác."))
    if person is not None and (person.office_id != office.pk or not person.is_active):
        raise CaseError(_("%(person)s không thuộc %(office)s. Hãy chọn lại người.") % _named(person, office))
    note = note or gettext_noop("Giao %(office)s.") % {"office": office}
    return steps.go(
        case,
        State.ASSIGNED,
        "feedback.assign",
        actor=actor,
        now=now,
        note=note,
        office=office,
        person=person,
        accepted_at=case.accepted_at or now,
        held="",
    )


@transaction.atomic
def begin(*, case: Case, actor: Person, now: datetime) -> Case:
    """Work on it begins; whoever begins has it, if nobody did. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    own = actor.office_id is not None and actor.office_id == case.office_id
    person = case.person or (actor if own else None)
    goes_on = steps.clock_goes_on(case, now)
    return steps.go(case, State.WORKING, "feedback.begin", actor=actor, now=now, person=person, **goes_on)


@transaction.atomic
def ask(*, case: Case, words: str, actor: Person, now: datetime) -> Case:
    """Ask the reporter for more; the clock stands until they say it. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy viết điều cần hỏi người gửi."))
    return steps.go(case, State.ASKED, "feedback.ask", actor=actor, now=now, words=kept, asked_at=now)


@transaction.atomic
def send_back(*, case: Case, why: str, actor: Person, now: datetime) -> Case:
    """Hand it back: it is not this office's. The office of its place has it again. Raises Forbidden, NotNow, CaseError.

    From the office of the place itself it goes to the one above.
    """
    steps.require(actor, case)
    kept = steps.said(why, _("Hãy ghi lý do trả lại."))
    if case.office is None or case.state not in (State.ASSIGNED, State.WORKING):
        raise NotNow(_("Phản ánh này chưa giao cho cơ quan nào nên không trả lại được. Hãy tải lại trang."))
    sender = case.office
    chain = tuple(reversed(places.tree().above(case.place_id, local_day(now))))
    to = routing.office_of(chain, now)
    if to is not None and to.pk == sender.pk:
        at = chain.index(sender.place_id)
        to = routing.office_of(chain[at + 1 :], now) or sender
    Asked.objects.create(
        case=case, office=sender, words=kept, by=actor, at=now, answer=kept, answered_at=now, answered_by=actor
    )
    note = gettext_noop("%(office)s trả lại: %(why)s") % {"office": sender, "why": kept}
    return steps.go(case, State.ACCEPTED, "feedback.send-back", actor=actor, now=now, note=note, office=to, person=None)


@transaction.atomic
def ask_office(
    *, case: Case, office: Office, words: str, answer_by: datetime | None = None, actor: Person, now: datetime
) -> Asked:
    """Ask another office for its part; the case stays where it is. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy viết điều cần hỏi cơ quan phối hợp."))
    if case.state not in AT_WORK:
        raise NotNow(_("Phản ánh này đã xong nên không hỏi thêm cơ quan khác được."))
    if office.pk == case.office_id:
        raise CaseError(_("Cơ quan này đang xử lý phản ánh. Hãy chọn cơ quan khác để phối hợp."))
    if answer_by is not None and answer_by <= now:
        raise CaseError(_("Hạn trả lời phải ở sau lúc này."))
    if case.asked.filter(office=office, answered_at=None).exists():
        raise CaseError(_("%(office)s đã được hỏi và chưa trả lời.") % {"office": office})
    made = Asked.objects.create(case=case, office=office, words=kept, by=actor, at=now, answer_by=answer_by)
    steps.event(case, "feedback.ask-office", actor=actor, now=now, note=kept, office=office)
    steps.note_down(case, "feedback.ask-office", actor, now, {"office": office.name})
    return made


@transaction.atomic
def office_answers(*, asked: Asked, words: str, actor: Person, now: datetime) -> Asked:
    """What the other office says. Raises Forbidden, NotNow, CaseError."""
    case = asked.case
    own = actor.office_id == asked.office_id or scope.may(actor, Right.CASES, asked.office.place_id)
    if not own or not queries.cases(actor).filter(pk=case.pk).exists():
        raise scope.forbidden()
    kept = steps.said(words, _("Hãy viết câu trả lời."))
    answered = {"answer": kept, "answered_at": now, "answered_by": actor}
    if not Asked.objects.filter(pk=asked.pk, answered_at=None).update(**answered):
        raise NotNow(_("Cơ quan này đã trả lời rồi. Hãy tải lại trang."))
    asked.refresh_from_db()
    steps.event(case, "feedback.office-answers", actor=actor, now=now, note=kept, office=asked.office)
    steps.note_down(case, "feedback.office-answers", actor, now, {"office": asked.office.name})
    return asked


@transaction.atomic
def refuse(*, case: Case, words: str, actor: Person, now: datetime) -> Case:
    """Not taken up, with the reason for the reporter. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy ghi lý do không tiếp nhận để người gửi biết."))
    return _ended(case, State.REFUSED, "feedback.refuse", kept, "", actor, now)


@transaction.atomic
def pass_on(*, case: Case, to: str, words: str, actor: Person, now: datetime) -> Case:
    """Given to an authority that is not here, which answers from then on. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    whom = steps.said(to, _("Hãy ghi tên cơ quan nhận."))[:300]
    kept = steps.said(words, _("Hãy viết vài lời để người gửi biết vì sao chuyển và liên hệ ở đâu."))
    told = gettext_noop("Đã chuyển tới %(to)s. %(words)s") % {"to": whom, "words": kept}
    return _ended(case, State.PASSED_ON, "feedback.pass-on", told, "", actor, now)


@transaction.atomic
def divert(*, case: Case, words: str, actor: Person, now: datetime) -> Case:
    """A complaint or a denunciation: the reporter is told its own legal path. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy ghi nơi và cách gửi khiếu nại, tố cáo để người gửi biết."))
    return _ended(case, State.DIVERTED, "feedback.divert", kept, "", actor, now)


@transaction.atomic
def mark_duplicate(*, case: Case, of: Case, actor: Person, now: datetime) -> Case:
    """The same as another, which is answered for both; who met it too is counted there. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    steps.require(actor, of)
    list(Case.objects.select_for_update().filter(pk__in=(case.pk, of.pk)).order_by("pk"))  # else two make a ring
    of.refresh_from_db()
    first = of.duplicate_of or of
    if first.pk == case.pk:
        raise CaseError(_("Không ghép một phản ánh vào chính nó. Hãy chọn phản ánh gốc khác."))
    words = gettext_noop("Việc này đã có người phản ánh trước và được xử lý chung. Câu trả lời sẽ hiện ở đây.")
    _ended(case, State.DUPLICATE, "feedback.duplicate", words, first.code, actor, now, duplicate_of=first)
    Case.objects.filter(duplicate_of=case).update(duplicate_of=first)
    Case.objects.filter(pk=first.pk).update(too=F("too") + case.too + 1)
    return case


@transaction.atomic
def sort(*, case: Case, field: Field, severity: str, actor: Person, now: datetime) -> Case:
    """Say what it is about and how quickly it must go. Deadlines follow; suggestions learn from it.

    Raises Forbidden, NotNow, CaseError.
    """
    steps.require(actor, case)
    if case.state not in AT_WORK:
        raise NotNow(_("Phản ánh này đã xử lý xong nên không xếp lại lĩnh vực được."))
    if severity not in Severity.values:
        raise CaseError(_("Hãy chọn mức độ."))
    suggested = suggesting.first(case, now)
    case.field, case.severity = field, severity
    due = deadlines.of_case(case)
    with translation.override("vi"):
        said = {"field": field.name, "severity": str(Severity(severity).label)}
    note = gettext_noop("Lĩnh vực: %(field)s. Mức độ: %(severity)s.") % said
    steps.change(
        case,
        "feedback.sort",
        actor=actor,
        now=now,
        note=note,
        field=field,
        severity=severity,
        accept_by=due.accept_by,
        answer_by=due.answer_by,
    )
    Correction.objects.update_or_create(case=case, defaults={"suggested": suggested, "field": field, "at": now})
    return case


@transaction.atomic
def answer_given(*, case: Case, answer: Answer, now: datetime, actor: Person) -> Case:
    """The answer is with the reporter. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    if answer.case_id != case.pk:
        raise CaseError(_("Câu trả lời này là của phản ánh khác."))
    goes_on = steps.clock_goes_on(case, now)
    steps.go(
        case,
        State.ANSWERED,
        "feedback.answer",
        actor=actor,
        now=now,
        words=answer.text,
        answered_at=now,
        news_by=None,
        **goes_on,
    )
    Answer.objects.filter(pk=answer.pk, sent_at=None).update(sent_at=now)
    answer.refresh_from_db(fields=["sent_at"])
    return case


@transaction.atomic
def news(*, case: Case, words: str, actor: Person, now: datetime) -> Case:
    """Tell the reporter how far it is: what a late case owes them. Raises Forbidden, NotNow, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy viết vài lời về tiến độ để người gửi biết."))
    if case.state not in AT_WORK:
        raise NotNow(_("Phản ánh này đã xong nên không cần báo tiến độ."))
    late = now >= case.answer_by
    news_by = deadlines.next_news(case, now) if late else None
    steps.change(case, "feedback.news", actor=actor, now=now, words=kept, news_by=news_by)
    return case


@transaction.atomic
def close(*, case: Case, actor: Person, now: datetime) -> Case:
    """Nothing more is to be done. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    return steps.go(case, State.CLOSED, "feedback.close", actor=actor, now=now, closed_at=now)


@transaction.atomic
def reopen(*, case: Case, actor: Person, now: datetime) -> Case:
    """An officer takes a finished case up again. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    return steps.go(case, State.REOPEN, "feedback.reopen", actor=actor, now=now, **steps.begun_again(case, now))


@transaction.atomic
def publish(*, case: Case, title: str, words: str, actor: Person, now: datetime) -> Case:
    """Show these words in the public register; what was told stays as it was. Raises Forbidden, CaseError."""
    steps.require(actor, case)
    kept = steps.said(words, _("Hãy viết nội dung được công khai."))
    heading = steps.said(title, _("Hãy đặt tiêu đề."))[:200]
    if case.held:
        raise CaseError(_("Phản ánh này đang để riêng chờ xem. Hãy chuyển ra khỏi mục đó trước khi công khai."))
    if case.field is not None and not case.field.open:
        raise CaseError(_("Lĩnh vực %(field)s không công khai phản ánh.") % {"field": case.field.name})
    if not Case.objects.select_for_update().get(pk=case.pk).tail:  # nothing is known that could be looked for
        raise CaseError(_("Thông tin người gửi đã xóa nên không sửa, không công khai thêm được nữa."))
    if case.state in NEVER_PUBLIC:
        raise CaseError(_("Phản ánh không tiếp nhận hoặc chuyển sang khiếu nại, tố cáo thì không công khai."))
    steps.check_public(case, heading, kept)
    at = case.public_at or now
    steps.change(case, "feedback.publish", actor=actor, now=now, public_title=heading, public_words=kept, public_at=at)
    return case


@transaction.atomic
def unpublish(*, case: Case, actor: Person, now: datetime) -> Case:
    """Take it out of the public register. Raises Forbidden."""
    steps.require(actor, case)
    steps.change(case, "feedback.unpublish", actor=actor, now=now, public_at=None)
    return case


@transaction.atomic
def release(*, case: Case, actor: Person, now: datetime) -> Case:
    """It is no abuse: among the others again, with the deadlines it always had. Raises Forbidden, NotNow."""
    steps.require(actor, case)
    if not case.held:
        raise NotNow(_("Phản ánh này không còn để riêng. Hãy tải lại trang."))
    steps.change(case, "feedback.release", actor=actor, now=now, held="")
    return case


def _ended(
    case: Case, to: str, verb: str, words: str, note: str, actor: Person, now: datetime, **values: object
) -> Case:
    goes_on = {**steps.clock_goes_on(case, now), "news_by": None, "held": ""}
    return steps.go(
        case, to, verb, actor=actor, now=now, words=words, note=note, closed_at=now, **{**goes_on, **values}
    )


def _optional(words: str) -> str:
    return steps.said(words, "") if words.strip() else ""


def _named(person: Person, office: Office) -> dict[str, object]:
    return {"person": person, "office": office}
