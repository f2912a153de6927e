"""The answer of a case: written, approved by somebody else, given to whoever told it, and made a bulletin."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.feedback import actions, desk, private, steps
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Answer, Case, Reporter, Template
from nguon.feedback.rules import State, may_become
from nguon.kit.text import clean
from nguon.kit.words import gettext_noop
from nguon.newsroom import actions as newsroom
from nguon.newsroom.models import Bulletin, Category
from nguon.newsroom.rules import Draft
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.review import actions as reviews
from nguon.review.models import Review
from nguon.review.models import State as ReviewState

SUBJECT = private.ANSWER
LONGEST = 8000  # characters of an answer
OPEN_STATES = (ReviewState.SUBMITTED, ReviewState.APPROVED)


@transaction.atomic
def write_answer(*, case: Case, text: str, actor: Person, now: datetime) -> Answer:
    """Keep a wording of the answer; the newest comes back, a new one if the words changed.

    What was under review or approved before counts no more. Raises CaseError, Forbidden.
    """
    case = _locked(case)
    steps.require(actor, case)
    kept = clean(text)
    if not kept or len(kept) > LONGEST:
        raise CaseError(_("Hãy viết câu trả lời, nhiều nhất %(limit)d ký tự.") % {"limit": LONGEST})
    if not may_become(case.state, State.ANSWERED):
        raise CaseError(_("Phản ánh phải được giao hoặc đang xử lý thì mới viết trả lời được."))
    newest = case.wordings.select_related("review").order_by("-number").first()
    if newest is not None and newest.text == kept:
        return newest
    if newest is not None and newest.sent_at is None:
        _void(newest, actor, now)
    answer = Answer.objects.create(
        case=case,
        number=newest.number + 1 if newest else 1,
        text=kept,
        digest=digest(kept),
        created_by=actor,
        created_at=now,
    )
    steps.note_down(case, "feedback.answer-write", actor, now, {"number": answer.number, "text": answer.digest})
    return answer


@transaction.atomic
def submit(*, answer: Answer, actor: Person, now: datetime) -> Review:
    """Ask for approval of the newest wording. Raises CaseError, Forbidden, ReviewError.

    It is refused while it says who told the case, unless its field is never public.
    """
    case = _locked(answer.case)
    steps.require(actor, case)
    _newest(answer, case)
    answer.refresh_from_db(fields=["review"])  # of two who press at once, the second finds it sent
    if answer.review is not None and answer.review.state in OPEN_STATES:
        raise CaseError(_("Câu trả lời này đã gửi duyệt."))
    if case.field is None or case.field.open:  # everybody may come to read it beside the case
        steps.check_public(case, answer.text)
    review = reviews.submit(
        subject=f"{SUBJECT}:{answer.pk.hex}",
        title=gettext_noop("Trả lời phản ánh %(code)s") % {"code": case.code},
        place_id=case.place_id,
        text_hash=answer.digest,
        media_hash=answer.digest,
        author=answer.created_by,
        actor=actor,
        now=now,
    )
    answer.review = review
    answer.save(update_fields=["review"])
    return review


@transaction.atomic
def give(*, answer: Answer, actor: Person, now: datetime) -> Answer:
    """Give the approved answer to whoever told the case: it is answered. Raises CaseError, Forbidden."""
    case = _locked(answer.case)
    steps.require(actor, case)
    answer = Answer.objects.select_related("review").get(pk=answer.pk)
    _newest(answer, case)
    if answer.sent_at is not None:
        raise CaseError(_("Câu trả lời này đã gửi cho người phản ánh."))
    if not approved(answer):
        raise CaseError(_("Câu trả lời chưa được duyệt. Hãy gửi duyệt và chờ người duyệt."))
    actions.answer_given(case=case, answer=answer, actor=actor, now=now)
    answer.refresh_from_db()
    return answer


@transaction.atomic
def announce(*, answer: Answer, title: str, body: str, actor: Person, now: datetime) -> Bulletin:
    """A bulletin of the approved answer, which then goes its usual way. Raises CaseError, Forbidden, NewsroomError.

    It is refused while the words hold what is known of whoever told the case.
    """
    case = _locked(answer.case)
    steps.require(actor, case)
    answer = Answer.objects.select_related("review", "bulletin").get(pk=answer.pk)
    if answer.bulletin is not None:
        raise CaseError(_("Câu trả lời này đã có bản tin."))
    if not approved(answer):
        raise CaseError(_("Câu trả lời chưa được duyệt nên chưa đưa lên loa, lên trang được."))
    steps.check_public(case, title, body, register=False)
    version = newsroom.create(
        draft=Draft(title=title, body=body),
        details=newsroom.Details(
            place_id=issuing_place(case, actor), category=Category.REPLY, office_id=case.office_id
        ),
        actor=actor,
        now=now,
    )
    answer.bulletin = version.bulletin
    answer.save(update_fields=["bulletin"])
    steps.note_down(case, "feedback.answer-announce", actor, now, {"bulletin": version.bulletin_id.hex})
    return version.bulletin


def approved(answer: Answer) -> bool:
    """Whether exactly these words are approved."""
    review = answer.review
    return review is not None and review.state == ReviewState.APPROVED and review.text_hash == answer.digest


def issuing_place(case: Case, person: Person) -> UUID:
    """Whose bulletin it is: of the place of the answering office if the person writes there, else of the case's."""
    office = case.office
    if office is not None and scope.may(person, Right.WRITE, office.place_id):
        return office.place_id
    return case.place_id


@dataclass(frozen=True)
class Prepared:
    """Prepared words, with their blanks filled for one case."""

    title: str
    words: str


def prepared(case: Case, state: str) -> list[Prepared]:
    """The prepared words for a step of a case, those for its field first."""
    return [Prepared(one.title, filled(one, case)) for one in desk.templates(case, state)]


def filled(template: Template, case: Case) -> str:
    """The words of a template with its blanks filled. Who told the case is named only where they share their name."""
    reporter = Reporter.objects.filter(case=case, share=True).first()
    name = reporter.name if reporter is not None and reporter.name else gettext_noop("ông/bà")
    words = template.text
    blanks = {
        "{ten}": name,
        "{ma}": case.code,
        "{noi_dung}": case.public_title or " ".join(case.words.split())[:160],
        "{don_vi}": str(case.office or case.place),
    }
    for blank, value in blanks.items():
        words = words.replace(blank, value)
    return words


def digest(text: str) -> str:
    """The SHA-256 of the words, by which they are approved."""
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(case: Case) -> Case:
    Case.objects.select_for_update().get(pk=case.pk)
    return Case.objects.select_related("office", "place").get(pk=case.pk)


def _newest(answer: Answer, case: Case) -> None:
    if case.wordings.filter(number__gt=answer.number).exists():
        raise CaseError(_("Đã có bản trả lời mới hơn. Hãy mở lại trang."))


def _void(answer: Answer, actor: Person, now: datetime) -> None:
    if answer.review is not None and answer.review.state in OPEN_STATES:
        reviews.withdraw(
            review=answer.review, reason=gettext_noop("có bản trả lời mới"), actor=actor, now=now, rights=(Right.CASES,)
        )
