"""Reading what concerns personal data: requests and their clocks, who looked, all that is held of one reporter."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.feedback import queries
from nguon.feedback.looks import REASONS
from nguon.feedback.models import Attachment, Case, PrivacyRequest, Reporter, Retention, Step, Term, Wish
from nguon.feedback.steps import subject_of
from nguon.journal.models import Entry
from nguon.journal.queries import of_subject
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, visible

LOOK = "feedback.look"
PURPOSES: dict[str, str | Promise] = {
    "contact": _("Liên hệ với bạn để xử lý phản ánh"),
    "publish": _("Đăng lời kể, ảnh của bạn (và tên, nếu bạn chọn) lên sổ công khai"),
}
STEPS = (Step.DATA_REPLY, Step.DATA_CHANGE, Step.DATA_ERASE, Step.DATA_MORE)


@dataclass(frozen=True)
class Look:
    """That somebody looked at who told a case: when, who, what for. `code`: of the case."""

    at: datetime
    who: str
    why: str | Promise
    code: str
    place: Any


def requests(person: Person, *, done: bool = False) -> QuerySet[PrivacyRequest]:
    """What was asked of data where the person may see contacts: what is due first; the done ones newest first."""
    found = any_request(person)
    order = F("done_at").desc() if done else F("done_by").asc()
    return found.filter(done_at__isnull=not done).order_by(order)


def any_request(person: Person) -> QuerySet[PrivacyRequest]:
    """All that was asked of data where the person may see contacts."""
    return visible(PrivacyRequest.objects.select_related("place", "case", "handled_by"), person, Right.CONTACTS)


def cases(person: Person) -> QuerySet[Case]:
    """The cases of which the person may know who told them."""
    return queries.cases(person, Right.CONTACTS).select_related("place")


def looks(person: Person) -> QuerySet[Entry]:
    """Each look at who told a case, where the person may read the journal; the newest first."""
    return Entry.objects.filter(verb=LOOK, place__in=place_ids(person, Right.JOURNAL)).order_by("-pk")


def look_of(entry: Entry) -> Look:
    """One look in words."""
    why = entry.after.get("reason", "")
    return Look(entry.at, entry.actor_name, REASONS.get(why, why), entry.after.get("code", ""), entry.place)


def looks_at(case: Case) -> list[Look]:
    """Each look at who told one case, the oldest first."""
    return [look_of(entry) for entry in of_subject(subject_of(case)).filter(verb=LOOK)]


def retentions() -> QuerySet[Retention]:
    """How long cases are kept, every rule."""
    return Retention.objects.all()


def terms() -> QuerySet[Term]:
    """How long requests about data may take, every term."""
    return Term.objects.filter(step__in=STEPS).select_related("place").order_by("step", "-valid_from")


def reporter_of(case: Case) -> Reporter | None:
    """Who told a case, for themselves. An officer asks by `private.look`."""
    return Reporter.objects.filter(case=case).first()


def erasure_of(case: Case) -> PrivacyRequest | None:
    """The erasure that was asked for and is not done."""
    return case.privacy_requests.filter(wish=Wish.ERASE, done_at=None).first()


def held(case: Case) -> dict[str, Any]:
    """All that is held of the reporter of a case and of what they told, as plain values. Photos by `photos`."""
    mine = reporter_of(case)
    contact = {name: getattr(mine, name) for name in ("name", "phone", "email", "address", "share")} if mine else {}
    return {
        "code": case.code,
        "place": str(case.place),
        "field": case.field.name if case.field else "",
        "source": str(case.get_source_display()),
        "state": str(case.get_state_display()),
        "received_at": case.received_at,
        "words": case.words,
        "answers": case.answers,
        "happened_at": case.happened_at,
        "address": case.address,
        "position": [case.latitude, case.longitude] if case.latitude is not None else None,
        "public": {"title": case.public_title, "words": case.public_words, "since": case.public_at},
        "reporter": contact,
        "consents": [_consent(one) for one in case.consents.select_related("wording").order_by("given_at")],
        "steps": [
            {"at": one.at, "state": str(one.get_state_display()), "words": one.words} for one in case.events.all()
        ],
        "replies": [{"at": one.sent_at, "words": one.text} for one in case.wordings.exclude(sent_at=None)],
        "content": [{"at": one.at, "score": one.score, "words": one.words} for one in case.contents.order_by("at")],
        "requests": [_request(one) for one in case.privacy_requests.order_by("asked_at")],
        "looks": [{"at": one.at, "why": str(one.why)} for one in looks_at(case)],
    }


def photos(case: Case) -> Iterator[dict[str, Any]]:
    """The photos and papers of a case with their bytes in base64."""
    for one in case.attachments.select_related("file"):
        yield {"number": one.number, "type": one.file.mime, "public": one.public, "data": _bytes(one)}


def _bytes(attachment: Attachment) -> str:
    with default_storage.open(attachment.file.path) as source:
        return base64.b64encode(source.read()).decode()


def _consent(one: Any) -> dict[str, Any]:
    said = {"purpose": str(PURPOSES.get(one.purpose, one.purpose)), "wording": one.wording.text}
    return said | {"version": one.wording.number, "given_at": one.given_at, "withdrawn_at": one.withdrawn_at}


def _request(one: PrivacyRequest) -> dict[str, Any]:
    said = {"wish": str(one.get_wish_display()), "words": one.words, "asked_at": one.asked_at, "done_by": one.done_by}
    return said | {"reply": one.reply, "put_off_why": one.extended_why, "done_at": one.done_at}
