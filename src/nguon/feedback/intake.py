"""Taking in what is told: checked, given a code, a deadline and an owner; who told it is kept apart."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from nguon.feedback import climbing, codes, deadlines, guarding, queries, routing, steps
from nguon.feedback.errors import CaseError, WrongTelling
from nguon.feedback.models import Attachment, Case, CaseState, Consent, Field, Reporter
from nguon.feedback.telling import Told
from nguon.kit.clock import local_day
from nguon.kit.text import clean, fold
from nguon.kit.words import gettext_noop
from nguon.media import pictures
from nguon.media.errors import PictureRefused
from nguon.media.pictures import Kept
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places

MOST_PHOTOS = 5
PURPOSES = ("contact", "publish")
TRIES = 20  # codes that may be taken already


@dataclass(frozen=True)
class Taken:
    """What came of it: the case, its code, and the four digits that go with the code (shown once, then forgotten)."""

    case: Case
    code: str
    tail: str


def take_in(*, told: Told, actor: Person | None, now: datetime) -> Taken:
    """Make a case of what was told, by its reporter (`actor` None) or by an officer on their behalf.

    Raises WrongTelling with the part that is wrong, Wait, Forbidden.
    """
    if actor is not None:
        scope.require(actor, Right.CASES, told.place_id)
    words = _checked(told, now)
    asked = actor is None and not told.keyed
    if asked:
        guarding.within_measure(told, now)
    photos = kept_photos(told.photos, now)  # first: a refused photo is no arrival, and spends no proof
    held = guarding.looked_at(told, now) if asked else ""
    for _try in range(TRIES):
        code = codes.new_code(now)
        if not Case.objects.filter(code=code).exists():
            try:
                return _made(told, words, code, photos, held, actor, now)
            except IntegrityError:
                if not Case.objects.filter(code=code).exists():
                    raise
    raise CaseError(_("Máy chủ chưa cấp được mã. Hãy gửi lại sau ít phút."))


@transaction.atomic
def _made(
    told: Told, words: str, code: str, photos: list[Kept], held: str, actor: Person | None, now: datetime
) -> Taken:
    routed = routing.explained(told, now)
    due = deadlines.due(
        place_id=told.place_id, field_id=told.field_id, severity=routed.severity, received_at=now, stood=timedelta()
    )
    tail = codes.tail_of(told.phone) or codes.new_tail()
    case = Case(
        code=code,
        tail=codes.sealed(code, tail),
        place_id=told.place_id,
        field_id=told.field_id,
        severity=routed.severity,
        source=told.source,
        words=words,
        folded=fold(words),
        answers=dict(told.answers),
        happened_at=told.happened_at,
        address=clean(told.where)[:300],
        latitude=told.latitude,
        longitude=told.longitude,
        device_id=told.device_id,
        broadcast_id=told.broadcast_id,
        state=CaseState.NEW,
        held=held,
        office=routed.office,
        route=routed.route,
        received_at=now,
        accept_by=due.accept_by,
        answer_by=due.answer_by,
        created_by=actor,
    )
    case.next_look_at = climbing.next_look(case)
    case.save(force_insert=True)
    attach(case, photos, now)
    _keep_reporter(case, told, actor, now)
    with translation.override("vi"):
        steps.event(case, "feedback.take-in", actor=actor, now=now, note=routed.why)
    steps.note_down(case, "feedback.take-in", actor or by_reporter(), now, {"state": case.state})
    return Taken(case, code, tail)


def by_reporter() -> str:
    """Who acts in the journal where nobody signed in."""
    return gettext_noop("Người gửi phản ánh")


def kept_photos(photos: tuple[Any, ...], now: datetime) -> list[Kept]:
    """Photos as they are kept: small, and without a word of where they were taken. Raises WrongTelling."""
    if len(photos) > MOST_PHOTOS:
        raise WrongTelling(_("Chỉ gửi được nhiều nhất %(max)d ảnh một lần.") % {"max": MOST_PHOTOS}, "photos")
    try:
        return [pictures.take_in(upload=photo, now=now) for photo in photos]
    except PictureRefused as error:
        raise WrongTelling(str(error), "photos") from error


def attach(case: Case, photos: list[Kept], now: datetime) -> None:
    """Hang photos on a case, after those it has. They are the reporter's, whoever laid them on the scanner."""
    last = case.attachments.order_by("-number").values_list("number", flat=True).first() or 0
    Attachment.objects.bulk_create(
        Attachment(case=case, number=number, file=one.file, width=one.width, height=one.height, at=now)
        for number, one in enumerate(photos, last + 1)
    )


def _checked(told: Told, now: datetime) -> str:
    """The words as they are kept. Raises WrongTelling."""
    words = clean(told.words)
    if not words:
        raise WrongTelling(_("Hãy viết điều bạn muốn phản ánh."), "words")
    if len(words) > steps.LONGEST:
        raise WrongTelling(_("Nội dung dài quá %(max)d chữ cái. Hãy viết ngắn lại.") % {"max": steps.LONGEST}, "words")
    if not places.in_force(local_day(now)).filter(pk=told.place_id).exists():
        raise WrongTelling(_("Địa bàn này không còn. Hãy chọn lại nơi xảy ra."), "place_id")
    if told.field_id and not Field.objects.filter(pk=told.field_id, active=True).exists():
        raise WrongTelling(_("Lĩnh vực này không còn dùng. Hãy chọn lĩnh vực khác."), "field_id")
    if told.happened_at and told.happened_at > now:
        raise WrongTelling(_("Thời điểm xảy ra không thể ở sau lúc này. Hãy xem lại ngày giờ."), "happened_at")
    if (told.latitude is None) != (told.longitude is None) or not _on_earth(told):
        raise WrongTelling(_("Vị trí trên bản đồ chưa đúng. Hãy chọn lại, hoặc bỏ trống và ghi địa chỉ."), "latitude")
    _checked_reporter(told)
    return words


def _on_earth(told: Told) -> bool:
    return -90 <= (told.latitude or 0) <= 90 and -180 <= (told.longitude or 0) <= 180


def _checked_reporter(told: Told) -> None:
    """Raises WrongTelling for contact details that cannot be true, or that nobody agreed to have kept."""
    if told.phone and not 8 <= sum(sign.isdecimal() for sign in told.phone) <= 15:
        raise WrongTelling(_("Số điện thoại chưa đúng. Hãy xem lại, hoặc để trống."), "phone")
    if told.email:
        try:
            validate_email(told.email)
        except ValidationError as error:
            raise WrongTelling(_("Địa chỉ thư điện tử chưa đúng. Hãy xem lại, hoặc để trống."), "email") from error
    if told.says_who and "contact" not in told.consents:
        raise WrongTelling(
            _("Bạn đã ghi thông tin liên hệ. Hãy đánh dấu đồng ý để chúng tôi lưu, hoặc xóa thông tin đó."), "consents"
        )


def _keep_reporter(case: Case, told: Told, actor: Person | None, now: datetime) -> None:
    if told.says_who:
        Reporter.objects.create(
            case=case,
            name=clean(told.name)[:120],
            phone=clean(told.phone)[:20],
            email=clean(told.email)[:120],
            address=clean(told.address)[:300],
            share=told.share,
        )
    wording = queries.wording(now)
    if wording is not None:
        Consent.objects.bulk_create(
            Consent(case=case, wording=wording, purpose=purpose, given_at=now, by_officer=actor)
            for purpose in PURPOSES
            if purpose in told.consents
        )
