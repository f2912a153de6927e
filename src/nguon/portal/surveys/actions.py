"""The verbs of surveys: write and hand in, answer, hide a rude word, say what became of it, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.text import clean
from nguon.kit.words import gettext_noop
from nguon.media.models import File
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal import secrecy, slugs
from nguon.portal.models import Sheet, Site, Survey
from nguon.portal.surveys import queries, rules
from nguon.review import actions as reviews
from nguon.review.models import Review, State


class SurveyError(Exception):
    """Why it cannot be done, in words for whoever asked."""


class Closed(SurveyError):
    """It is not open, or not any more."""


class Twice(SurveyError):
    """This browser answered it before."""


class Missing(SurveyError):
    """Questions that must be answered were left out; `numbers` says which, from 0."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(_("Còn câu hỏi bắt buộc chưa trả lời."))
        self.numbers = tuple(numbers)


@dataclass(frozen=True)
class Plan:
    """What is asked, and when."""

    kind: str
    title: str
    intro: str
    questions: tuple[rules.Question, ...]
    opens_at: datetime
    closes_at: datetime
    results: str
    file: File | None = None
    filename: str = ""


@transaction.atomic
def write(*, site: Site, survey: Survey | None, plan: Plan, actor: Person, now: datetime) -> Survey:
    """A new survey, or one that is not approved yet anew; handed in for approval. Raises Forbidden, SurveyError."""
    scope.require(actor, Right.SITE, site.place_id)
    if survey is not None and survey.site_id != site.pk:
        raise SurveyError(_("Phiếu đã soạn cho trang nào thì ở trang đó. Muốn hỏi ở trang khác thì soạn phiếu mới."))
    if secrecy.is_secret(plan.title, filename=plan.filename):
        raise SurveyError(_("Văn bản ghi là mật, tối mật hoặc tuyệt mật. Không được đưa văn bản mật lên hệ thống này."))
    if plan.closes_at <= now:
        raise SurveyError(_("Ngày kết thúc đã qua. Hãy chọn ngày khác."))
    found = _fresh(survey) if survey else None
    if found is not None and found.review is not None and found.review.state == State.SUBMITTED:
        _take_back(found.review, gettext_noop("Đã có bản mới thay bản này."), actor, now)
    values = _kept(plan)
    if found is None:
        found = Survey.objects.create(
            site=site, slug=_slug(site, values["title"]), created_by=actor, created_at=now, **values
        )
    else:
        Survey.objects.filter(pk=found.pk).update(created_by=actor, **values)
        found.refresh_from_db()
    found.review = reviews.submit(
        subject=f"portal.survey:{found.pk.hex}",
        title=found.title,
        place_id=site.place_id,
        text_hash=found.digest,
        media_hash=found.digest,  # nothing sounds
        author=actor,
        actor=actor,
        now=now,
    )
    found.save(update_fields=["review"])
    _record("portal.survey-write", found, actor, now)
    return found


def _kept(plan: Plan) -> dict[str, Any]:
    """The columns of what is asked, and the digest over all of it."""
    said: dict[str, Any] = {
        "kind": plan.kind,
        "title": clean(plan.title),
        "intro": clean(plan.intro),
        "questions": rules.to_json(plan.questions),
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "results": plan.results,
    }
    file = plan.file.pk if plan.file else ""
    return {**said, "file": plan.file, "filename": plan.filename, "digest": rules.digest(said, file)}


def _fresh(survey: Survey) -> Survey:
    found = Survey.objects.select_for_update().get(pk=survey.pk)
    if found.withdrawn_at is not None:
        raise SurveyError(_("Phiếu này đã rút. Hãy soạn phiếu mới."))
    if found.review is not None and found.review.state == State.APPROVED:
        raise SurveyError(_("Phiếu đã duyệt thì không sửa được nữa: người trả lời trước và sau phải thấy như nhau."))
    return found


@transaction.atomic
def answer(*, survey: Survey, given: Mapping[str, Sequence[str]], mark: str, now: datetime) -> Sheet:
    """Take in what one person answered. Raises Closed, Missing, Twice."""
    if not queries.is_open(survey, now) or survey.withdrawn_at is not None:
        raise Closed(_("Đã hết thời gian lấy ý kiến."))
    kept, missing = rules.fitting(rules.of_json(survey.questions), given)
    if missing:
        raise Missing(missing)
    if not kept:
        raise SurveyError(_("Bạn chưa trả lời câu nào."))
    try:
        with transaction.atomic():
            return Sheet.objects.create(survey=survey, answers=kept, mark=mark, at=now)
    except IntegrityError as error:
        raise Twice(_("Máy này đã gửi ý kiến rồi. Cảm ơn bạn.")) from error


@transaction.atomic
def hide(*, sheet: Sheet, actor: Person, now: datetime) -> None:
    """Keep the words of a sheet to the officers; its choices count on. Done again, they are shown. Raises Forbidden."""
    survey = Survey.objects.select_related("site").get(pk=sheet.survey_id)
    scope.require(actor, Right.SITE, survey.site.place_id)
    hidden = None if sheet.hidden_at else now
    Sheet.objects.filter(pk=sheet.pk).update(hidden_at=hidden)
    _record("portal.survey-hide", survey, actor, now, {"sheet": sheet.pk, "hidden": hidden is not None})


@transaction.atomic
def conclude(*, survey: Survey, words: str, actor: Person, now: datetime) -> None:
    """Say to everybody what became of it: a leader's word, so it takes the right to approve.

    Raises Forbidden, SurveyError before it is over.
    """
    scope.require(actor, Right.APPROVE, survey.site.place_id)
    if now < survey.closes_at:
        raise SurveyError(_("Còn đang lấy ý kiến, chưa công bố kết quả được."))
    said = clean(words)
    if not said:
        raise SurveyError(_("Hãy ghi đã tiếp thu những gì, vì sao có ý kiến chưa tiếp thu."))
    Survey.objects.filter(pk=survey.pk).update(outcome=said, outcome_at=now)
    _record("portal.survey-outcome", survey, actor, now, {"outcome": said})


@transaction.atomic
def withdraw(*, survey: Survey, actor: Person, now: datetime) -> None:
    """Ask no more, show it no more. What was answered is kept. Raises Forbidden."""
    scope.require(actor, Right.SITE, survey.site.place_id)
    review = survey.review
    if review is not None and review.state == State.SUBMITTED:
        _take_back(review, gettext_noop("Phiếu này đã rút."), actor, now)
    if Survey.objects.filter(pk=survey.pk, withdrawn_at=None).update(withdrawn_at=now):
        _record("portal.survey-withdraw", survey, actor, now)


def _slug(site: Site, title: str) -> str:
    wanted = slugs.slug(title)
    return slugs.free(wanted, set(site.surveys.filter(slug__startswith=wanted).values_list("slug", flat=True)))


def _take_back(review: Review, why: str, actor: Person, now: datetime) -> None:
    try:
        reviews.withdraw(review=review, reason=why, actor=actor, now=now)
    except reviews.AlreadyDecided as error:  # in this very moment
        raise SurveyError(str(error)) from error


def _record(verb: str, survey: Survey, actor: Person, now: datetime, after: Mapping[str, object] | None = None) -> None:
    said = {"title": survey.title, **(after or {})}
    record(
        actor=actor,
        verb=verb,
        subject=f"portal.survey:{survey.pk.hex}",
        now=now,
        place=survey.site.place_id,
        after=said,
    )
