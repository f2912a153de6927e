"""The verbs of sources: write and hand in, end, take in what a look brought, make the page anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from nguon.channels.board import hanging
from nguon.channels.board.document import MIME
from nguon.channels.board.feeds import documents, queries, timetable
from nguon.channels.board.feeds.documents import reading_ms
from nguon.channels.board.feeds.models import Edition, Source
from nguon.channels.board.feeds.picking import Taken
from nguon.channels.board.feeds.rules import Feed, Terms, Timetable, Trouble, digest, next_look, stamp, terms_of
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.media.files import keep_bytes
from nguon.media.models import File
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.review import actions as reviews
from nguon.review.models import State

SERVICE = "feeds"


class SourceEnded(Exception):
    """It is used no more."""

    def __str__(self) -> str:
        return _("Nguồn này đã thôi dùng nên không sửa được nữa.")


@dataclass(frozen=True)
class Look:
    """How a look at a feed ended: `taken` is None if nothing changed since, or if there was a fault."""

    taken: Taken | None = None
    fault: str = ""
    detail: str = ""
    etag: str = ""
    modified: str = ""


@transaction.atomic
def create(
    *, kind: str, place_id: UUID, title: str, terms: Terms, sample: Taken | None, actor: Person, now: datetime
) -> Edition:
    """A new source, handed in for approval. Raises Forbidden."""
    scope.require(actor, Right.WRITE, place_id, on=local_day(now))
    source = Source.objects.create(kind=kind, place_id=place_id, created_by=actor, created_at=now)
    return _written(source, title, terms, sample, actor, now)


@transaction.atomic
def change(*, source: Source, title: str, terms: Terms, sample: Taken | None, actor: Person, now: datetime) -> Edition:
    """Another edition, handed in: until it is approved, the one before stays. Raises Forbidden, SourceEnded.

    The same again changes nothing. An edition that still waits is withdrawn.
    """
    found = _held(source, actor, now)
    before = found.current
    title = clean(title)
    review = before.review if before else None
    state = review.state if review else ""
    if before and before.digest == digest(title, terms) and state in (State.SUBMITTED, State.APPROVED):
        return before
    if review is not None and state == State.SUBMITTED:
        reviews.withdraw(review=review, reason=_("Đã có bản mới thay bản này."), actor=actor, now=now)
    return _written(found, title, terms, sample, actor, now)


def _written(source: Source, title: str, terms: Terms, sample: Taken | None, actor: Person, now: datetime) -> Edition:
    before = source.current
    title = clean(title)
    edition = Edition.objects.create(
        source=source,
        number=before.number + 1 if before else 1,
        title=title,
        terms=msgspec.to_builtins(terms),
        digest=digest(title, terms),
        sample=_plain(sample) if sample else None,
        written_by=actor,
        written_at=now,
    )
    source.current = edition
    source.save(update_fields=["current"])
    _record("board.source-write", source, actor, now, before=_said(before), after=_said(edition))
    edition.review = reviews.submit(
        subject=f"board.edition:{edition.pk.hex}",
        title=title,
        place_id=source.place_id,
        text_hash=edition.digest,
        media_hash=edition.digest,  # nothing is rendered of it: a board lays it out
        author=actor,
        actor=actor,
        now=now,
    )
    edition.save(update_fields=["review"])
    return edition


@transaction.atomic
def end(*, source: Source, actor: Person, now: datetime) -> Source:
    """Show it no more. What was stays in the journal. Raises Forbidden, SourceEnded."""
    found = _held(source, actor, now)
    open_ = found.current.review if found.current else None
    if open_ is not None and open_.state == State.SUBMITTED:
        reviews.withdraw(review=open_, reason=_("Nguồn này đã thôi dùng."), actor=actor, now=now)
    found.ended_at, found.next_at, found.remake_at = now, None, None
    found.page, found.page_until = None, None
    found.save()
    _record("board.source-end", found, actor, now, before=_said(found.current))
    hanging.refresh_soon()
    return found


@transaction.atomic
def looked(*, source: Source, edition: UUID, look: Look, now: datetime) -> None:
    """Take in what a look by this edition brought. Nothing, if another was approved or the source ended meanwhile."""
    found = _approved(source.pk)
    if found is None or found.approved != edition:  # type: ignore[attr-defined]
        return
    if found.shown_id != edition:
        found.shown = Edition.objects.get(pk=edition)
        found.values = found.seen_at = found.as_of = None
        found.failures, found.fault = 0, ""
    terms = terms_of(found.shown.terms) if found.shown else None
    if not isinstance(terms, Feed):
        return
    look = _judged(look, terms, found, now)
    if bool(found.fault) != bool(look.fault):
        _record("board.source-fault", found, SERVICE, now, before={"fault": found.fault}, after={"fault": look.fault})
    found.fault, found.fault_detail, found.asked_at = look.fault, look.detail[:300], now
    if look.fault:
        found.failures += 1
        found.etag, found.modified = "", ""  # the next answer is wanted whole
    else:
        found.failures, found.good_at, found.etag, found.modified = 0, now, look.etag, look.modified
        _take(found, look.taken, now)
    found.next_at = next_look(now, terms.every, found.failures)
    _made(found, now)


def _judged(look: Look, terms: Feed, source: Source, now: datetime) -> Look:
    """A feed that answers with values of long ago, or that they are as before, is no better than a silent one."""
    hour = look.taken.hour if look.taken else source.seen_at if terms.hour else None
    if not look.fault and hour is not None and hour <= now - timedelta(minutes=terms.oldest):
        return Look(fault=Trouble.OLD.value, detail=documents.said_hour(hour))
    return look


def _take(source: Source, taken: Taken | None, now: datetime) -> None:
    if taken is not None:
        values = _plain(taken)
        same = source.values == values
        source.values, source.seen_at = values, min(taken.hour or now, now)
        said = taken.hour if taken.hour is not None else stamp(source.as_of, now, same=same)
    elif source.values is not None and not _says_its_hour(source):
        source.seen_at = now
        said = stamp(source.as_of, now, same=True)
    else:
        return
    source.as_of = said


def _says_its_hour(source: Source) -> bool:
    terms = terms_of(source.shown.terms) if source.shown else None
    return isinstance(terms, Feed) and bool(terms.hour)


@transaction.atomic
def remake(*, source: Source, now: datetime) -> None:
    """The page of a source as it is now: of a timetable that was approved, of values that became too old."""
    found = _approved(source.pk)
    if found is None:
        return
    approved = Edition.objects.get(pk=found.approved)  # type: ignore[attr-defined]
    if isinstance(terms_of(approved.terms), Timetable):
        found.shown = approved
    _made(found, now)


def _made(source: Source, now: datetime) -> None:
    """Make the page, keep it, and tell if it is another one."""
    before = queries.current(source, now)
    data, until, again = _page(source, now)
    file = keep_bytes(data, MIME, now, {"duration_ms": reading_ms(data)}) if data else None
    other = (source.page_id if source.page_id else None) != (file.pk if file else None)
    source.page, source.page_until, source.remake_at = file, until, again
    source.save()
    if other or _key(before) != _key(file):
        hanging.refresh_soon()


def _key(file: File | None) -> str:
    return file.pk if file else ""


def _page(source: Source, now: datetime) -> tuple[bytes | None, datetime | None, datetime | None]:
    """The bytes of its page or None; until when it may be shown; when it is to be made again."""
    edition = source.shown
    if edition is None:
        return None, None, None
    terms = terms_of(edition.terms)
    if isinstance(terms, Timetable):
        found = timetable.standing(terms, local_day(edition.written_at), now)
        data = documents.of_rows(edition, found.rows, terms.head) if found.rows else None
        return data, None, found.until
    if source.values is None or source.seen_at is None or source.as_of is None:
        return None, None, None
    until = source.seen_at + timedelta(minutes=terms.oldest)
    if until <= now:
        return None, None, None
    return documents.of_values(edition, source.values, source.as_of), until, until


def _approved(pk: UUID) -> Source | None:
    """The source, locked, with the id of its approved edition as `approved`; None if it has none or is used no more."""
    Source.objects.select_for_update().filter(pk=pk).first()
    return queries.with_approved().filter(pk=pk).first()


def _held(source: Source, actor: Person, now: datetime) -> Source:
    found = Source.objects.select_for_update().get(pk=source.pk)
    scope.require(actor, Right.WRITE, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise SourceEnded
    return found


def _plain(taken: Taken) -> dict[str, Any]:
    return {"head": list(taken.head), "rows": [list(row) for row in taken.rows], "lines": list(taken.lines)}


def _said(edition: Edition | None) -> dict[str, Any]:
    """An edition as the journal keeps it."""
    if edition is None:
        return {}
    terms = terms_of(edition.terms)
    if isinstance(terms, Timetable):
        return {"title": edition.title, "count": len(terms.rows), "fingerprint": edition.digest}
    told = {"address": terms.address, "every": terms.every, "items": [f"{one.name}: {one.path}" for one in terms.picks]}
    return {"title": edition.title, **told, "fingerprint": edition.digest}


def _record(
    verb: str,
    source: Source,
    actor: Person | str,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"board.source:{source.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=source.place_id, before=before, after=after)
