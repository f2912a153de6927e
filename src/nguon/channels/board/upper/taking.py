"""The verbs of the lower system: from whom boards take playlists, whose signature holds, and what came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nguon import vault
from nguon.channels.board import hanging
from nguon.channels.board.upper import rules, showing
from nguon.channels.board.upper.errors import Changed, Ended, Refused
from nguon.channels.board.upper.interface import Item, Playlist, is_key
from nguon.channels.board.upper.models import UpperItem, UpperSource
from nguon.channels.board.upper.ports import Fault
from nguon.devices.models import Device
from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.clock import local_day
from nguon.kit.text import clean, printable
from nguon.media.models import File
from nguon.outside.addresses import is_feed_address
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.wire.seal import thumbprint

EVERY = (1, 60)  # minutes between two looks
AHEAD = timedelta(days=1)  # that the clock of the system above may be before ours
SERVICE = "links"


@dataclass(frozen=True)
class Terms:
    """From whom, for which place, and which boards are told of. An empty token stays as it was."""

    place: UUID
    name: str
    address: str
    token: str = ""
    every: int = 5
    boards: tuple[UUID, ...] = ()


@transaction.atomic
def create(*, terms: Terms, actor: Person, now: datetime) -> UpperSource:
    """Take a class of the system above from now on. Raises Forbidden, Refused, vault.VaultError."""
    scope.require(actor, Right.DEVICES, terms.place, on=local_day(now))
    if not terms.token.strip():
        raise Refused(_("Hãy dán mã liên kết do cấp trên giao."), "token")
    made = UpperSource(created_by=actor, created_at=now, next_at=now, report_next_at=now, **_checked(terms))
    made.secrets = vault.seal({"token": terms.token.strip()}, made.pk)
    made.save(force_insert=True)
    made.boards.set(_boards(terms))
    _record("board.upper-create", made, actor, now, after=_told(made))
    return made


@transaction.atomic
def change(*, source: UpperSource, terms: Terms, actor: Person, now: datetime) -> UpperSource:
    """Other terms; the next look is at once. At another address all begins anew, with a token given for it.

    Raises Forbidden, Refused, Ended, vault.VaultError.
    """
    found = _held(source, actor, now)
    scope.require(actor, Right.DEVICES, terms.place, on=local_day(now))
    kept, before, token = _checked(terms), _told(found), terms.token.strip()
    elsewhere = urlsplit(kept["address"])[:2] != urlsplit(found.address)[:2]
    if elsewhere and not token:  # a token must not be sent to a server that it was not given for
        raise Refused(_("Địa chỉ chuyển sang máy chủ khác: hãy dán mã liên kết của máy chủ đó."), "token")
    if kept["address"] != found.address:
        _forget(found, keys=elsewhere)
    for name, value in kept.items():
        setattr(found, name, value)
    if token:
        found.secrets = vault.seal({"token": token}, found.pk)
    found.etag, found.failures, found.fault, found.fault_detail = "", 0, "", ""
    found.next_at = found.report_next_at = now
    found.save()
    found.boards.set(_boards(terms))
    after = _told(found) | ({"secrets": _("đã đổi")} if token else {})
    _record("board.upper-change", found, actor, now, before=before, after=after)
    return found


@transaction.atomic
def agree(*, source: UpperSource, kids: tuple[str, ...], actor: Person, now: datetime) -> UpperSource:
    """Somebody compared these fingerprints with the system above: its signature holds from now on.

    Raises Forbidden, Ended, Changed.
    """
    found = _held(source, actor, now)
    if not found.offered or sorted(map(thumbprint, found.offered)) != sorted(kids):
        raise Changed
    before = {"fingerprint": [thumbprint(key) for key in found.keys]}
    found.keys, found.offered = found.offered, []
    found.agreed_by, found.agreed_at = actor, now
    found.etag, found.failures, found.fault, found.fault_detail, found.next_at = "", 0, "", "", now
    found.save()
    _record("board.upper-agree", found, actor, now, before=before, after={"fingerprint": list(kids)})
    return found


@transaction.atomic
def look_now(*, source: UpperSource, actor: Person, now: datetime) -> None:
    """Ask at once. Raises Forbidden, Ended."""
    found = _held(source, actor, now)
    UpperSource.objects.filter(pk=found.pk).update(next_at=now, report_next_at=now)


@transaction.atomic
def end(*, source: UpperSource, actor: Person, now: datetime) -> None:
    """Take no more; what came of it is shown no more, and the token is gone. Raises Forbidden, Ended."""
    found = _held(source, actor, now)
    found.ended_at, found.next_at, found.report_next_at, found.secrets = now, None, None, b""
    found.save()
    hanging.refresh_soon()
    _record("board.upper-end", found, actor, now, before={"name": found.name})


def token_of(source: UpperSource) -> str:
    """The token of a source. Raises vault.VaultError."""
    return vault.unseal(source.secrets, source.pk).get("token", "")


def doubt(source: UpperSource, playlist: Playlist, now: datetime) -> Fault | None:
    """Why a playlist whose signature holds is not taken all the same; None if it is."""
    if source.number and playlist.id != source.number:
        return Fault.OTHER
    if playlist.made > clock.ms(now + AHEAD):
        return Fault.AHEAD
    if playlist.until <= clock.ms(now) or (source.made_at is not None and playlist.made < clock.ms(source.made_at)):
        return Fault.OLD
    return None


@dataclass(frozen=True)
class Look:
    """How a look ended. `fault` empty: well; `offered`: keys that signed and that nobody agreed to yet."""

    fault: str = ""
    detail: str = ""
    etag: str = ""
    offered: tuple[str, ...] = ()


@transaction.atomic
def looked(*, source: UpperSource, look: Look, now: datetime) -> None:
    """Note how a look ended, and when the next one is. The journal hears when it begins or ends to fail."""
    found = _same(source)
    if found is None:
        return
    if look.fault == Fault.KEY and list(look.offered) != found.offered:
        after = {"fingerprint": [thumbprint(key) for key in look.offered]}
        _record("board.upper-unbelieved", found, SERVICE, now, after=after)
    elif bool(found.fault) != bool(look.fault):
        _record("board.upper-fault", found, SERVICE, now, before={"fault": found.fault}, after={"fault": look.fault})
    found.fault, found.fault_detail, found.asked_at = look.fault, printable(look.detail)[:300], now
    if look.fault:
        found.failures += 1
    else:
        found.failures, found.etag = 0, look.etag
        found.good_at = found.good_at if look.offered else now  # who waits to be agreed to brought nothing yet
    found.offered = list(look.offered)
    found.next_at = rules.next_look(now, found.every, found.failures)
    found.save()


@transaction.atomic
def take(
    *, source: UpperSource, playlist: Playlist, pages: dict[str, File], now: datetime, etag: str = ""
) -> UpperSource | None:
    """Hold this playlist from now on, with the pages that are here (by hash); None if it was changed meanwhile.

    What lacks its page is left out and asked for again. The keys that count above are those it names now.
    """
    found = _same(source)
    if found is None or doubt(found, playlist, now) is not None:
        return None
    before = _content(found)
    rows = [
        UpperItem(
            source=found,
            number=UUID(item.id),
            rank=rank,
            title=printable(clean(item.title))[:300],
            file=pages[item.hash],
            seconds=item.seconds,
            terms=msgspec.to_builtins(item),
        )
        for rank, item in enumerate(_once(playlist.items))
        if item.hash in pages
    ]
    found.items.all().delete()
    UpperItem.objects.bulk_create(rows)
    found.title, found.issuer = printable(clean(playlist.name))[:300], printable(clean(playlist.issuer))[:300]
    found.number, found.version, found.keys = playlist.id, playlist.version, list(filter(is_key, playlist.keys))
    found.made_at, found.until = clock.from_ms(playlist.made), clock.from_ms(playlist.until)
    found.lacking = len(_once(playlist.items)) - len(rows)
    found.save()
    if _content(found) != before:
        hanging.refresh_soon()
    looked(source=found, look=Look(etag="" if found.lacking else etag), now=now)
    return found


def _once(items: tuple[Item, ...]) -> list[Item]:
    """Each id once, the first of it: an id is what reports count by."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.id, item)
    return list(found.values())


def _content(source: UpperSource) -> list[tuple[str, Any]]:
    return [(row.file_id, row.terms) for row in source.items.all()]


def _same(source: UpperSource) -> UpperSource | None:
    """The source as stored, locked; None if somebody ended it or led it elsewhere meanwhile."""
    found = UpperSource.objects.select_for_update().get(pk=source.pk)
    return None if found.ended_at is not None or found.address != source.address else found


def _forget(source: UpperSource, *, keys: bool) -> None:
    """What came from another address is not of this one; its keys stay if it is the same server."""
    source.items.all().delete()
    source.number, source.version, source.made_at, source.until = "", 0, None, None
    source.title, source.issuer, source.lacking, source.good_at = "", "", 0, None
    if keys:
        source.keys, source.offered, source.agreed_by, source.agreed_at = [], [], None, None
    hanging.refresh_soon()


def _checked(terms: Terms) -> dict[str, Any]:
    name, address, token = " ".join(clean(terms.name).split())[:200], terms.address.strip(), terms.token.strip()
    if not name:
        raise Refused(_("Hãy đặt tên để dễ nhận ra."), "name")
    if not is_feed_address(address) or len(address) > 500:
        raise Refused(_("Địa chỉ phải bắt đầu bằng https:// và không chứa mật khẩu. Hãy dán lại."), "address")
    if address.startswith("http://") and not settings.NGUON_LINK_NETWORKS:
        raise Refused(_("Địa chỉ phải là https://, nếu không mã liên kết sẽ lộ trên đường truyền."), "address")
    if len(token) > 500 or not token.isascii() or any(sign.isspace() for sign in token):
        raise Refused(_("Mã liên kết bị thừa hoặc thiếu chữ. Hãy dán lại nguyên mã."), "token")
    if not EVERY[0] <= terms.every <= EVERY[1]:
        raise Refused(_("Hãy chọn từ 1 đến 60 phút."), "every")
    return {"place_id": terms.place, "name": name, "address": address, "every": terms.every}


def _boards(terms: Terms) -> list[Device]:
    found = list(showing.boards_of(terms.place).filter(pk__in=terms.boards))
    if len(found) != len(set(terms.boards)):
        raise Refused(_("Có bảng không thuộc địa bàn này. Hãy chọn lại."), "boards")
    return found


def _held(source: UpperSource, actor: Person, now: datetime) -> UpperSource:
    found = UpperSource.objects.select_for_update().get(pk=source.pk)
    scope.require(actor, Right.DEVICES, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise Ended
    return found


def _told(source: UpperSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "address": source.address,
        "every": source.every,
        "place_id": source.place_id,
    }


def _record(
    verb: str,
    source: UpperSource,
    actor: Person | str,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"board.uppersource:{source.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=source.place_id, before=before, after=after)
