"""The verbs on the music of a place: add, rename, end, make usual. What is in use by a bulletin is never taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File as Upload
from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.media import actions, music_queries
from nguon.media.errors import MediaError
from nguon.media.models import Music, UsualMusic
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

NAME_LIMIT = 120  # characters
NONE, INHERIT = "none", "inherit"


class MusicRefused(MediaError):
    """Music that cannot be taken or changed; `str()` is what the officer reads."""


class NameRefused(MusicRefused):
    """A name that is none, or is taken."""


def add(*, place_id: UUID, kind: str, name: str, upload: "Upload[Any]", actor: Person, now: datetime) -> Music:
    """Take in a piece of music of any format; it is levelled beside. Raises MediaError and its kinds, Forbidden."""
    _require(actor, place_id, now)
    kept = _name(name)
    _check_room(place_id, kind, kept)
    minutes = music_queries.LONGEST[Music.Kind(kind)]
    original = actions.take_in(upload=upload, max_minutes=minutes, now=now)
    with transaction.atomic():
        known = Music.objects.filter(place=place_id, kind=kind, file=original, ended_at=None).first()
        if known is not None:
            raise MusicRefused(_("Tệp này đã có ở đây với tên “%(name)s”.") % {"name": known.name})
        values = {"kind": kind, "name": kept, "file": original, "created_by": actor, "created_at": now}
        music = Music.objects.create(place_id=place_id, **values)
        actions.request_music(original=original, now=now)
        _record("media.music-add", music, actor, now, after={"kind": kind, "name": kept})
    return music


@transaction.atomic
def rename(*, music: Music, name: str, actor: Person, now: datetime) -> None:
    """Give a piece another name. Raises MusicRefused, Forbidden."""
    _require(actor, music.place_id, now)
    kept, before = _name(name), music.name
    if kept == before:
        return
    if _taken(music.place_id, music.kind, kept, but=music):
        raise NameRefused(_("Đã có nhạc mang tên này. Hãy đặt tên khác."))
    music.name = kept
    music.save(update_fields=["name"])
    _record("media.music-rename", music, actor, now, before={"name": before}, after={"name": kept})


@transaction.atomic
def end(*, music: Music, actor: Person, now: datetime) -> None:
    """Offer a piece no more. Bulletins that have it keep it; where it was usual, nothing is. Raises Forbidden."""
    _require(actor, music.place_id, now)
    if not Music.objects.filter(pk=music.pk, ended_at=None).update(ended_at=now):
        return
    UsualMusic.objects.filter(music=music).delete()
    _record("media.music-end", music, actor, now, before={"name": music.name})


@transaction.atomic
def set_usual(*, place_id: UUID, wanted: Mapping[str, str], actor: Person, now: datetime) -> bool:
    """Say with which music a place's new bulletins begin; whether anything changed.

    `wanted` maps a use to a piece (its id in hex), NONE, or INHERIT: as the nearest place above says.
    Raises MusicRefused, Forbidden.
    """
    _require(actor, place_id, now)
    rows = {row.use: row for row in UsualMusic.objects.filter(place=place_id).select_related("music")}
    before = {use: _said(rows.get(use)) for use in wanted}
    changed = {use: said for use, said in wanted.items() if said != before[use]}
    for use, said in changed.items():
        if said == INHERIT:
            UsualMusic.objects.filter(place=place_id, use=use).delete()
            continue
        music = None if said == NONE else _fitting(said, place_id, use, now)
        values = {"music": music, "changed_at": now}
        UsualMusic.objects.update_or_create(place_id=place_id, use=use, defaults=values)
    if changed:
        record(
            actor=actor,
            verb="media.music-usual",
            subject=f"places.place:{place_id.hex}",
            now=now,
            place=place_id,
            before={use: _name_of(before[use]) for use in changed},
            after={use: _name_of(said) for use, said in changed.items()},
        )
    return bool(changed)


def _said(row: UsualMusic | None) -> str:
    return INHERIT if row is None else row.music.pk.hex if row.music else NONE


def _name_of(said: str) -> str:
    return said if said in (NONE, INHERIT) else Music.objects.values_list("name", flat=True).get(pk=said)


def _fitting(pk: str, place_id: UUID, use: str, now: datetime) -> Music:
    on = now.astimezone(clock.LOCAL).date()
    found = {one.pk.hex: one for one in music_queries.offered([place_id], on)}.get(pk)
    if found is None or found.kind != music_queries.KINDS.get(use):
        raise MusicRefused(_("Nhạc này không dùng được ở đây. Hãy chọn trong danh sách."))
    return found


def _check_room(place_id: UUID, kind: str, name: str) -> None:
    if _taken(place_id, kind, name):
        raise NameRefused(_("Đã có nhạc mang tên này. Hãy đặt tên khác."))
    if Music.objects.filter(place=place_id, ended_at=None).count() >= music_queries.MOST:
        raise MusicRefused(
            _("Đã có %(most)d bản nhạc. Hãy thôi dùng bớt trước khi thêm.") % {"most": music_queries.MOST}
        )


def _taken(place_id: UUID, kind: str, name: str, but: Music | None = None) -> bool:
    """Whether another piece in use has the name. Case is compared here: not every database folds Vietnamese."""
    others = Music.objects.filter(place=place_id, kind=kind, ended_at=None).values_list("pk", "name")
    return name.casefold() in {other.casefold() for pk, other in others if but is None or pk != but.pk}


def _name(name: str) -> str:
    kept = " ".join(clean(name).split())
    if not any(letter.isalnum() for letter in kept) or len(kept) > NAME_LIMIT:
        raise NameRefused(_("Hãy đặt tên cho nhạc, nhiều nhất %(limit)d ký tự.") % {"limit": NAME_LIMIT})
    return kept


def _require(actor: Person, place_id: UUID, now: datetime) -> None:
    scope.require(actor, Right.WRITE, place_id, on=now.astimezone(clock.LOCAL).date())


def _record(verb: str, music: Music, actor: Person, now: datetime, **values: Any) -> None:
    record(actor=actor, verb=verb, subject=f"media.music:{music.pk.hex}", now=now, place=music.place_id, **values)
