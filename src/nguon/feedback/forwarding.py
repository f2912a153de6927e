"""A case passed on to an authority that speaks Open311: sent, followed, and its reporter told how it stands there.

Nothing of who told it goes along: the officer sees the words that are sent, and none that a program takes for personal
data leave. What the network does happens outside of any transaction.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nguon import vault
from nguon.feedback import actions, forwarding_wire, queries, redaction, steps
from nguon.feedback.errors import CaseError, NotNow
from nguon.feedback.forwarding_wire import Endpoint, Standing, TheyRefuse
from nguon.feedback.models import Authority, Case, Forwarded
from nguon.feedback.private_errors import StillPersonal
from nguon.feedback.rules import State
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.kit.words import gettext_noop
from nguon.outside.addresses import is_feed_address
from nguon.outside.fetching import FetchFailed
from nguon.outside.words import UNHAD
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import require
from nguon.places import queries as places

ACTOR = "cases"
EVERY = timedelta(minutes=30)  # between two looks at how a case stands there
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=6)  # after a failure, doubled each time
GIVE_UP = 40  # failures in a row: about nine days
FOLLOWED = timedelta(days=365)
AT_ONCE = 20  # in one turn
LONGEST = 4000  # characters, by the contract
LONGEST_ID = 200  # of their number or token, as it is kept
log = logging.getLogger(__name__)


@transaction.atomic
def make_authority(
    *, place_id: UUID, name: str, address: str, jurisdiction: str, service: str, key: str, actor: Person, now: datetime
) -> Authority:
    """An authority that takes cases. Raises Forbidden, CaseError."""
    require(actor, Right.PEOPLE, place_id)
    if not is_feed_address(address):
        raise CaseError(_("Địa chỉ phải bắt đầu bằng https:// và không có tên, mật khẩu bên trong."))
    made = Authority(place_id=place_id, name=name, address=address, jurisdiction=jurisdiction, service=service)
    made.secrets, made.created_by, made.created_at = vault.seal({"key": key} if key else {}, made.pk), actor, now
    made.save(force_insert=True)
    _record(made, "feedback.authority-create", actor, now)
    return made


@transaction.atomic
def end_authority(*, authority: Authority, actor: Person, now: datetime) -> None:
    """Nothing is passed on to it any more; its key is forgotten. What is there already is still followed.

    What was not sent yet comes back.
    """
    require(actor, Right.PEOPLE, authority.place_id)
    if Authority.objects.filter(pk=authority.pk, ended_at=None).update(ended_at=now, secrets=b""):
        for one in Forwarded.objects.filter(authority=authority, sent_at=None).select_related("case", "authority"):
            _comes_back(one, gettext_noop("cơ quan này thôi nhận phản ánh qua hệ thống"), actor, now)
        _record(authority, "feedback.authority-end", actor, now)


def authorities(case: Case, now: datetime) -> QuerySet[Authority]:
    """The authorities a case may be passed on to: those of its place and of the places above."""
    chain = places.tree().above(case.place_id, local_day(now))
    return Authority.objects.filter(place__in=chain, ended_at=None)


@transaction.atomic
def forward(*, case: Case, authority: Authority, words: str, actor: Person, now: datetime) -> Forwarded:
    """Pass a case on; it is sent by the next turn. Raises Forbidden, NotNow, CaseError, StillPersonal."""
    sent = steps.said(words, _("Hãy viết nội dung gửi cho cơ quan nhận."))
    if len(sent) > LONGEST:
        raise CaseError(_("Nội dung dài quá %(max)d chữ cái. Hãy viết ngắn lại.") % {"max": LONGEST})
    if left := redaction.found(sent, queries.known_of(case)):
        raise StillPersonal(left[0])
    if not authorities(case, now).filter(pk=authority.pk).exists():
        raise CaseError(_("Cơ quan này không còn nhận phản ánh. Hãy chọn cơ quan khác."))
    said = gettext_noop("Bạn vẫn theo dõi được ở đây bằng mã này.")
    actions.pass_on(case=case, to=authority.name, words=said, actor=actor, now=now)
    Forwarded.objects.filter(case=case).delete()  # it came back from there
    return Forwarded.objects.create(case=case, authority=authority, words=sent, by=actor, asked_at=now, next_at=now)


@transaction.atomic
def again(*, case: Case, actor: Person, now: datetime) -> None:
    """Try once more what failed. Raises Forbidden."""
    steps.require(actor, case)
    failed = Forwarded.objects.filter(case=case, case__state=State.PASSED_ON, next_at=None)
    if failed.exclude(status="closed").update(next_at=now, failures=0):
        steps.note_down(case, "feedback.forward-again", actor, now)


def turn(now: datetime) -> int:
    """Send and look at what is due; how many. One that goes wrong in a way nobody foresaw holds up no other."""
    due = Forwarded.objects.filter(next_at__lte=now).select_related("case", "authority").order_by("next_at")
    found = list(due[:AT_ONCE])
    for one in found:
        try:
            _tend(one, now)
        except Exception:
            log.exception("a case that was passed on: %s", one.case.code)
            _failed(one, _("máy chủ này gặp lỗi khi gửi hoặc đọc"), now, final=False)
    return len(found)


def of_case(case: Case) -> Forwarded | None:
    """Where a case was passed on by Open311, if it was."""
    return Forwarded.objects.filter(case=case).select_related("authority").first()


def suggested(case: Case) -> str:
    """What would be sent of a case: what is public of it, or its words without what tells who told it."""
    return redaction.redacted(case.public_words or case.words, queries.known_of(case))[:LONGEST]


def _tend(one: Forwarded, now: datetime) -> None:
    endpoint = Endpoint(one.authority.address, one.authority.jurisdiction)
    try:
        if one.number:
            standing = forwarding_wire.follow(endpoint, one.number)
        elif one.token:
            standing = forwarding_wire.exchange(endpoint, one.token)
        else:
            standing = forwarding_wire.post(endpoint, _key(one.authority), _fields(one))
    except TheyRefuse as refused:
        _failed(one, _("Cơ quan nhận từ chối: %(said)s") % {"said": refused}, now, final=True)
    except FetchFailed as failed:
        log.info("case %s at %s: %s", one.case.code, one.authority.name, failed)
        _failed(one, str(UNHAD.get(failed.fault, _("máy chủ trả lời không đúng quy cách"))), now, final=False)
    else:
        _stands(one, standing, now)


def _fields(one: Forwarded) -> dict[str, str]:
    case = one.case
    address = ", ".join(part for part in (case.address, str(case.place)) if part)
    fields = {"service_code": one.authority.service, "description": one.words}
    fields["address_string"] = redaction.redacted(address, queries.known_of(case))
    if case.latitude is not None and case.longitude is not None:
        fields |= {"lat": str(case.latitude), "long": str(case.longitude)}
    return fields


def _key(authority: Authority) -> str:
    return vault.unseal(authority.secrets, authority.pk).get("key", "") if authority.secrets else ""


@transaction.atomic
def _stands(one: Forwarded, standing: Standing, now: datetime) -> None:
    """Keep how it stands; if that is news, the reporter reads it in the course of the case."""
    kept = Forwarded.objects.select_for_update().get(pk=one.pk)
    before = (kept.status, kept.notes)
    kept.number, kept.token = standing.number[:LONGEST_ID] or kept.number, standing.token[:LONGEST_ID] or kept.token
    kept.status, kept.notes = standing.status.lower()[:40] or kept.status or "open", standing.notes or kept.notes
    kept.sent_at, kept.failures, kept.fault = kept.sent_at or now, 0, ""
    over = kept.status == "closed" or now - kept.asked_at > FOLLOWED
    kept.next_at = None if over else now + EVERY
    kept.save()
    if one.sent_at is None:
        steps.note_down(one.case, "feedback.forward", ACTOR, now, {"name": one.authority.name})
    if before != (kept.status, kept.notes):
        steps.event(one.case, "feedback.forward-news", actor=None, now=now, words=_news(kept))
        steps.note_down(one.case, "feedback.forward-news", ACTOR, now, {"status": kept.status})


def _news(kept: Forwarded) -> str:
    said = _("%(name)s đã xử lý xong.") if kept.status == "closed" else _("%(name)s đã nhận và đang xử lý.")
    notes = clean(kept.notes)
    return said % {"name": kept.authority.name} + (f" {notes}" if notes else "")


@transaction.atomic
def _failed(one: Forwarded, why: str, now: datetime, *, final: bool) -> None:
    failures = one.failures + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    over = final or failures >= GIVE_UP
    Forwarded.objects.filter(pk=one.pk).update(failures=failures, fault=why[:300], next_at=None if over else now + wait)
    if over and one.sent_at is None:
        _comes_back(one, why, ACTOR, now)


def _comes_back(one: Forwarded, why: str, actor: Person | str, now: datetime) -> None:
    """A case that never got there is at work here again: its officer reads why, its reporter that it goes on here."""
    Forwarded.objects.filter(pk=one.pk).update(next_at=None, fault=why[:300])
    said = {"name": one.authority.name, "why": why}
    note = gettext_noop("Chưa chuyển được tới %(name)s: %(why)s. Hãy xử lý tại đây hoặc chuyển lại.") % said
    words = gettext_noop("%(name)s chưa nhận được phản ánh này. Chúng tôi xử lý tiếp và sẽ báo bạn.") % said
    try:
        steps.go(
            one.case,
            State.ACCEPTED,
            "feedback.forward-back",
            actor=actor,
            now=now,
            words=words,
            note=note,
            closed_at=None,
        )
    except NotNow:
        log.info("somebody worked on a case meanwhile: %s", one.case.code)


def _record(authority: Authority, verb: str, actor: Person, now: datetime) -> None:
    after = {"name": authority.name, "address": authority.address}
    subject = f"feedback.authority:{authority.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, place=authority.place_id, after=after, now=now)
