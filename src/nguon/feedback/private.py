"""Actions on personal data: looking at it, taking consent back, giving it out, erasing it.

The journal says that it was done, by whom and why by a word of a list; never the data, nor words somebody typed: it
cannot be erased afterwards.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nguon.feedback import private_terms, queries, redaction, steps
from nguon.feedback.intake import by_reporter
from nguon.feedback.models import Attachment, Case, Forwarded, PrivacyRequest, Reporter, Step, Wish
from nguon.feedback.private_errors import (
    AlreadyDone,
    AskedAlready,
    ExtendedAlready,
    NoReason,
    NotAgreed,
    StillPersonal,
    TooLong,
)
from nguon.kit.plugs import load
from nguon.kit.text import fold
from nguon.media import files
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import forbidden, require
from nguon.review.models import Review

PURPOSES = ("contact", "publish")
ANSWER = "feedback.answer"  # what review calls an answer
BY_REPORTER = ("feedback.supplement", "feedback.reopen", "feedback.content")  # steps with words of whoever told it
LONGEST_WHY = 400  # letters of the reason why it takes longer


@transaction.atomic
def look(*, case: Case, why: str, actor: Person, now: datetime) -> Reporter | None:
    """Who told a case, for an officer with the right to know; noted in the journal. `why`: a key of `looks.REASONS`.

    Raises Forbidden.
    """
    if not queries.cases(actor, Right.CONTACTS).filter(pk=case.pk).exists():
        raise forbidden()
    steps.note_down(case, "feedback.look", actor, now, {"reason": why})
    return Reporter.objects.filter(case=case).first()


@transaction.atomic
def take_back(*, case: Case, purpose: str, now: datetime) -> None:
    """The reporter no longer agrees to a purpose: what rested on it goes at once."""
    case.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now)
    mine = Reporter.objects.filter(case=case)
    if purpose == "publish":
        mine.update(share=False)
        case.attachments.filter(by=None).update(public=False)
        _hide(case, now)
    else:
        mine.update(name="", phone="", email="", address="")
    _done_at_once(case, Wish.WITHDRAW, purpose, now)
    _record(case, by_reporter(), "feedback.consent-withdraw", now, purpose=purpose)


@transaction.atomic
def correct(*, case: Case, name: str, phone: str, email: str, address: str, now: datetime) -> None:
    """The reporter puts their own data right. The four digits of the code stay. Raises NotAgreed."""
    if any((name, phone, email, address)) and not queries.agreed(case, "contact"):
        raise NotAgreed
    values = {"name": name, "phone": phone, "email": email, "address": address}
    Reporter.objects.update_or_create(case=case, defaults=values)
    _done_at_once(case, Wish.CORRECT, "", now)
    _record(case, by_reporter(), "feedback.contact-correct", now)


@transaction.atomic
def given_out(*, case: Case, now: datetime) -> None:
    """Note that the reporter took a copy of all that is held."""
    _done_at_once(case, Wish.SEE, "", now)
    _record(case, by_reporter(), "feedback.data-export", now)


@transaction.atomic
def ask_erasure(*, case: Case, photos: bool, words: str, now: datetime) -> PrivacyRequest:
    """The reporter wants to be forgotten. Raises AskedAlready."""
    Case.objects.select_for_update().get(pk=case.pk)  # pressed twice: the second finds the first
    if case.privacy_requests.filter(wish=Wish.ERASE, done_at=None).exists():
        raise AskedAlready
    made = PrivacyRequest.objects.create(
        case=case,
        code=case.code,
        place=case.place,
        wish=Wish.ERASE,
        words=words,
        photos=photos,
        asked_at=now,
        reply_by=private_terms.due(Step.DATA_REPLY, case.place_id, now),
        done_by=private_terms.due(Step.DATA_ERASE, case.place_id, now),
    )
    _record(case, by_reporter(), "feedback.erase-ask", now)
    return made


@transaction.atomic
def reply(*, request: PrivacyRequest, words: str, actor: Person, now: datetime) -> None:
    """Tell whoever asked what is being done. Raises Forbidden, AlreadyDone, NoReason."""
    found = _open(request, actor)
    if not words.strip():
        raise NoReason
    found.reply, found.replied_at, found.handled_by = words, found.replied_at or now, actor
    found.save(update_fields=["reply", "replied_at", "handled_by"])
    _record_request(found, actor, "feedback.data-reply", now)


@transaction.atomic
def extend(*, request: PrivacyRequest, why: str, actor: Person, now: datetime) -> None:
    """Put the last day off, once, and say why. Raises Forbidden, AlreadyDone, ExtendedAlready, NoReason, TooLong."""
    found = _open(request, actor)
    if found.extended_at is not None:
        raise ExtendedAlready
    if not why.strip():
        raise NoReason
    if len(why) > LONGEST_WHY:
        raise TooLong(LONGEST_WHY)
    found.done_by = private_terms.due(Step.DATA_MORE, found.place_id, found.done_by)
    found.extended_at, found.extended_why, found.handled_by = now, why, actor
    found.replied_at = found.replied_at or now
    found.save(update_fields=["done_by", "extended_at", "extended_why", "handled_by", "replied_at"])
    _record_request(found, actor, "feedback.data-extend", now)


@transaction.atomic
def erase(*, request: PrivacyRequest, words: str, actor: Person, now: datetime) -> None:
    """Do as was asked: nobody can be known from the case any more, and its code opens nothing.

    `words`: what of the reporter's words stays as the record of the matter, as the officer left it. Other texts of the
    case lose what tells who it is. Raises Forbidden, AlreadyDone, StillPersonal.
    """
    found = _open(request, actor)
    if found.case_id is None:
        raise AlreadyDone
    case = Case.objects.select_for_update().get(pk=found.case_id)
    if left := redaction.found(words, queries.known_of(case)):
        raise StillPersonal(left[0])
    make_nameless(case=case, words=words, photos=found.photos, now=now)
    case.privacy_requests.update(words="", reply="", extended_why="")
    case.privacy_requests.filter(done_at=None).update(
        done_at=now, replied_at=now, done_how=Wish.ERASE, handled_by=actor
    )
    _record_request(found, actor, "feedback.erase", now)
    transaction.on_commit(scrub)


def scrub() -> None:
    """Let the database drop what it keeps of erased rows beside its tables."""
    load(settings.NGUON_FORGOTTEN)()


def make_nameless(*, case: Case, words: str, photos: bool, now: datetime) -> None:
    """Take from a case what tells who it is, in the caller's transaction. It stays in the figures; its code is shut.

    Of where it was the place of the case stays: an exact spot is often the reporter's own door.
    `photos`: those the reporter sent are deleted.
    """
    known = queries.known_of(case)
    case.words, case.address, case.latitude, case.longitude = words, "", None, None
    case.public_title, case.public_words = (
        redaction.redacted(one, known) for one in (case.public_title, case.public_words)
    )
    case.answers = {key: redaction.redacted(str(value), known) for key, value in case.answers.items()}
    case.folded = fold(case.words)
    case.tail = ""
    where = ["address", "latitude", "longitude"]
    case.save(update_fields=["words", *where, "public_title", "public_words", "answers", "folded", "tail"])
    _forget_added(case)
    _redact(case, known)
    Reporter.objects.filter(case=case).update(name="", phone="", email="", address="", share=False, gone_at=now)
    case.consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    if photos:
        drop_photos(case.attachments.filter(by=None))


def _forget_added(case: Case) -> None:
    """What its reporter said after the first words goes whole: no officer read it over."""
    added = case.events.filter(verb__in=BY_REPORTER, actor=None)
    for rows, name in ((added, "words"), (added, "note"), (case.contents.all(), "words")):
        rows.exclude(**{name: ""}).update(**{name: redaction.GONE})


def drop_photos(attachments: Iterable[Attachment]) -> None:
    """Delete photos, and their bytes where nothing else holds them."""
    for one in list(attachments):
        sha256 = one.file_id
        one.delete()
        files.forget(sha256)


def _hide(case: Case, now: datetime) -> None:
    """Take a case out of the public register, as its reporter wants."""
    if Case.objects.filter(pk=case.pk).exclude(public_at=None).update(public_at=None):
        case.refresh_from_db(fields=["public_at"])
        note = _("Người gửi rút lại sự đồng ý công khai. Phản ánh đã ra khỏi sổ công khai.")
        steps.event(case, "feedback.unpublish", actor=None, now=now, note=note)


def _redact(case: Case, known: tuple[str, ...]) -> None:
    """All texts beside the case itself."""
    fields = (
        (case.events.all(), ("words", "note")),
        (case.asked.all(), ("words", "answer")),
        (case.wordings.all(), ("text",)),
        (case.contents.all(), ("words",)),
        (Forwarded.objects.filter(case=case), ("words", "notes")),
        (_reviews(case), ("reason",)),
    )
    for rows, names in fields:
        for row in list(rows):
            said = {name: redaction.redacted(getattr(row, name), known) for name in names}
            if any(getattr(row, name) != words for name, words in said.items()):
                type(row)._default_manager.filter(pk=row.pk).update(**said)


def _reviews(case: Case) -> QuerySet[Review]:
    """Each time an answer of the case was to be approved."""
    answers = case.wordings.values_list("pk", flat=True)
    return Review.objects.filter(subject__in=[f"{ANSWER}:{pk.hex}" for pk in answers])


def _open(request: PrivacyRequest, actor: Person) -> PrivacyRequest:
    """The request, locked, if the person may carry it out and it is not done."""
    require(actor, Right.CONTACTS, request.place_id)
    found = PrivacyRequest.objects.select_for_update().get(pk=request.pk)
    if found.done_at is not None:
        raise AlreadyDone
    return found


def _done_at_once(case: Case, wish: Wish, how: str, now: datetime) -> None:
    """A request that the system itself carried out: it stands in the list with the others."""
    PrivacyRequest.objects.create(
        case=case,
        code=case.code,
        place=case.place,
        wish=wish,
        asked_at=now,
        reply_by=now,
        done_by=now,
        replied_at=now,
        done_at=now,
        done_how=how,
    )


def _record(case: Case, actor: Person | str, verb: str, now: datetime, **more: str) -> None:
    steps.note_down(case, verb, actor, now, more)


def _record_request(request: PrivacyRequest, actor: Person, verb: str, now: datetime) -> None:
    assert request.case is not None
    _record(request.case, actor, verb, now, wish=request.wish)
