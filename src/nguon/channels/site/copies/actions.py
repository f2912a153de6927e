"""The verbs of copies: ask for one, give it up, fetch it, take away what was kept long enough."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.channels.site import export
from nguon.channels.site.copies import queries, room
from nguon.channels.site.copies.errors import CopyError
from nguon.channels.site.copies.models import GOING, Copy, State
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.plugs import load
from nguon.media import files
from nguon.media.models import File
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal.models import Site

JOB = "nguon.channels.site.copies.jobs.make"  # by its path: an action does not import what stands above it


@transaction.atomic
def ask(*, site: Site, sounds: bool, base: str, actor: Person, now: datetime) -> Copy:
    """Have a copy of a whole site made. `base`: the server's own address as everybody reaches it.

    Raises Forbidden, CopyError if one is being made, the site is not open, or the disk has no room.
    """
    scope.require(actor, Right.SITE, site.place_id, on=local_day(now))
    held = Site.objects.select_for_update().get(pk=site.pk)
    try:
        export.check(held, now)
    except export.ExportError as error:
        raise CopyError(str(error)) from error
    if queries.going(held) is not None:
        raise CopyError(_("Đang xuất trang này rồi. Chờ xong hoặc bấm “Thôi xuất” rồi xuất lại."))
    room.check(queries.weigh(held, now).of(sounds))
    copy = Copy.objects.create(site=held, sounds=sounds, base=base[:300], asked_by=actor, asked_at=now, updated_at=now)
    _record("portal.copy", copy, actor, now, {"name": held.name, "sounds": sounds})
    transaction.on_commit(partial(load(JOB).enqueue, copy.pk.hex))
    return copy


@transaction.atomic
def cancel(*, copy: Copy, actor: Person, now: datetime) -> None:
    """Give one up that is not ready; one that is ended stays as it is. Raises Forbidden."""
    _require(copy, actor, now)
    if Copy.objects.filter(pk=copy.pk, state__in=GOING).update(state=State.CANCELLED, run=None, updated_at=now):
        _record("portal.copy-cancel", copy, actor, now, {"name": copy.site.name})


@transaction.atomic
def fetch(*, copy: Copy, rest: bool, actor: Person, now: datetime) -> File:
    """The ZIP, for somebody who may have it. `rest`: a part only, of one that was begun before.

    Raises Forbidden, CopyError if it is kept no more.
    """
    _require(copy, actor, now)
    if copy.state != State.READY or copy.file is None:
        raise CopyError(_("Bản xuất này không còn trên máy chủ. Hãy xuất lại."))
    if not rest:
        _record("portal.copy-fetch", copy, actor, now, {"name": copy.site.name})
    return copy.file


@transaction.atomic
def drop(*, copy: Copy, now: datetime) -> None:
    """Keep a ZIP no more."""
    held = Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    sha256 = held.file_id
    held.state, held.file, held.updated_at = State.GONE, None, now
    held.save(update_fields=["state", "file", "updated_at"])
    if sha256:
        files.forget(sha256)


def sweep(now: datetime) -> None:
    """Keep none longer than it was said."""
    for copy in queries.due(now):
        drop(copy=copy, now=now)


def _require(copy: Copy, actor: Person, now: datetime) -> None:
    scope.require(actor, Right.SITE, copy.site.place_id, on=local_day(now))


def _record(verb: str, copy: Copy, actor: Person | str, now: datetime, after: dict[str, Any]) -> None:
    subject = f"portal.site:{copy.site_id.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=copy.site.place_id, after=after)
