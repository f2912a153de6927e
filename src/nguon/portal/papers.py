"""The verbs of papers: add and hand in, mend what was returned, give to other sites, withdraw. No secret enters."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean, fold
from nguon.kit.words import gettext_noop
from nguon.media.models import File
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal import office, rules, secrecy
from nguon.portal.errors import PortalError
from nguon.portal.models import Paper, PaperKind, Section, SectionKind, Site
from nguon.review import actions as reviews
from nguon.review.models import Review, State


@dataclass(frozen=True)
class Said:
    """What is said of a paper; it is a kept file, an address elsewhere, or both."""

    title: str
    sign: str = ""
    issuer: str = ""
    issued_on: date | None = None
    kind: str = PaperKind.OTHER
    valid_to: date | None = None
    replaces: Paper | None = None
    file: File | None = None
    filename: str = ""
    url: str = ""


@transaction.atomic
def add(*, section: Section, said: Said, actor: Person, now: datetime) -> Paper:
    """A new paper, handed in for approval. Raises Forbidden, PortalError (secret, no title, nothing to read)."""
    found = Section.objects.select_for_update().get(pk=section.pk)
    _require(found, actor, now)
    if found.kind != SectionKind.PAPERS:
        raise PortalError(_("Mục này không chứa văn bản. Hãy chọn mục khác."))
    kept = _checked(said, found)
    paper = Paper(section=found, created_by=actor, created_at=now, **_fields(kept))
    paper.save(force_insert=True)
    _record("portal.paper-add", paper, actor, now, after=_told(paper))
    return _handed_in(paper, actor, now)


@transaction.atomic
def mend(*, paper: Paper, said: Said, actor: Person, now: datetime) -> Paper:
    """Correct a paper that is not public, and hand it in again. Without a file in `said` its own is kept.

    Raises Forbidden, PortalError: what was approved is withdrawn and added anew instead.
    """
    found = _held(paper, actor, now)
    review = found.review
    if review is not None and review.state == State.APPROVED:
        raise PortalError(_("Văn bản đã duyệt thì không sửa được. Hãy rút xuống rồi thêm bản đúng."))
    if said.file is None and found.file is not None:
        said = replace(said, file=found.file, filename=found.filename)
    kept, before = _checked(said, found.section), _told(found)
    for name, value in _fields(kept).items():
        setattr(found, name, value)
    if review is not None and review.state == State.SUBMITTED:
        _taken_back(review, gettext_noop("Đã có bản mới thay bản này."), actor, now)
    found.created_by = actor  # who wrote what is handed in now: the author, who may not approve it
    found.save()
    _record("portal.paper-mend", found, actor, now, before=before, after=_told(found))
    return _handed_in(found, actor, now)


@transaction.atomic
def give(*, paper: Paper, sites: Collection[Site], actor: Person, now: datetime) -> Paper:
    """Let it stand on just these other sites too, once it is approved; those the actor may not change stay as they are.

    Raises Forbidden, PortalError.
    """
    found = _held(paper, actor, now)
    offered, wanted = set(office.takers(actor, found)), set(sites)
    if not wanted <= offered:
        raise scope.forbidden()
    before = set(found.sites.all())
    after = (before - offered) | wanted
    if after != before:
        found.sites.set(after)
        told = [sorted(site.slug for site in some) for some in (before, after)]
        _record("portal.paper-give", found, actor, now, before={"sites": told[0]}, after={"sites": told[1]})
    return found


@transaction.atomic
def withdraw(*, paper: Paper, why: str, actor: Person, now: datetime) -> Paper:
    """Take it down, or back from approval. Raises Forbidden, PortalError without a reason."""
    found, why = _held(paper, actor, now), clean(why)
    if not why:
        raise PortalError(_("Hãy ghi vì sao rút văn bản."))
    if found.review is not None and found.review.state == State.SUBMITTED:
        _taken_back(found.review, why[:1000], actor, now)
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    _record("portal.paper-withdraw", found, actor, now, before=_told(found), after={"reason": why})
    return found


def refuse_secret(said: Said) -> None:
    """Nothing, unless it says of itself that it is secret. Raises PortalError."""
    if secrecy.is_secret(said.title, said.sign, said.filename):
        raise PortalError(_("Văn bản ghi là mật, tối mật hoặc tuyệt mật. Không được đưa văn bản mật lên hệ thống này."))


def _checked(said: Said, section: Section) -> Said:
    words: dict[str, Any] = {name: clean(one) for name, one in _shallow(said).items() if isinstance(one, str)}
    kept = replace(said, **words)
    if not kept.title:
        raise PortalError(_("Hãy ghi trích yếu: văn bản nói về việc gì."))
    refuse_secret(kept)
    if kept.file is None and not kept.url:
        raise PortalError(_("Hãy chọn tệp văn bản, hoặc ghi địa chỉ nơi đã đăng."))
    if kept.valid_to and kept.issued_on and kept.valid_to < kept.issued_on:
        raise PortalError(_("Ngày hết hiệu lực phải sau ngày ban hành."))
    if kept.replaces is not None and kept.replaces.section.site_id != section.site_id:
        raise PortalError(_("Văn bản bị thay không ở trang này. Hãy chọn lại."))
    if kept.url and not rules.is_address(kept.url):
        raise PortalError(_("Địa chỉ phải bắt đầu bằng https:// hoặc http://."))
    return kept


def _fields(said: Said) -> dict[str, Any]:
    rows = {"file": said.file.pk if said.file else "", "replaces": said.replaces.pk if said.replaces else ""}
    told = asdict(replace(said, file=None, replaces=None)) | rows
    digest = hashlib.sha256("\x1f".join(str(told[name]) for name in sorted(told)).encode()).hexdigest()
    folded = f" {fold(' '.join((said.title, said.sign, said.issuer)))} "
    return {**_shallow(said), "folded": folded, "digest": digest}


def _shallow(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in Said.__dataclass_fields__}


def _handed_in(paper: Paper, actor: Person, now: datetime) -> Paper:
    paper.review = reviews.submit(
        subject=f"portal.paper:{paper.pk.hex}",
        title=f"{paper.sign} {paper.title}".strip()[:300],
        place_id=paper.section.site.place_id,
        text_hash=paper.digest,
        media_hash=paper.file_id or paper.digest,
        author=paper.created_by,
        actor=actor,
        now=now,
    )
    paper.save(update_fields=["review"])
    return paper


def _taken_back(review: Review, why: str, actor: Person, now: datetime) -> None:
    try:
        reviews.withdraw(review=review, reason=why, actor=actor, now=now)
    except reviews.AlreadyDecided as error:  # in this very moment
        raise PortalError(str(error)) from error


def _held(paper: Paper, actor: Person, now: datetime) -> Paper:
    found = Paper.objects.select_for_update().get(pk=paper.pk)
    _require(found.section, actor, now)
    for place in found.sites.values_list("place_id", flat=True):  # who has a say on one site changes nothing on others
        scope.require(actor, Right.SITE, place, on=local_day(now))
    if found.withdrawn_at is not None:
        raise PortalError(_("Văn bản này đã rút. Muốn dùng lại hãy thêm mới."))
    return found


def _require(section: Section, actor: Person, now: datetime) -> None:
    scope.require(actor, Right.SITE, section.site.place_id, on=local_day(now))


def _told(paper: Paper) -> dict[str, Any]:
    return {
        "section": paper.section.key,
        "sign": paper.sign,
        "title": paper.title,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else "",
        "kind": paper.kind,
        "valid_to": paper.valid_to.isoformat() if paper.valid_to else "",
        "replaces": paper.replaces_id.hex if paper.replaces_id else "",
        "file": paper.file_id or "",
        "url": paper.url,
    }


def _record(verb: str, paper: Paper, actor: Person, now: datetime, **said: dict[str, Any]) -> None:
    subject = f"portal.paper:{paper.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=paper.section.site.place_id, **said)
