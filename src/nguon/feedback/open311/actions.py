"""Programs that post: their keys, and what they post."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.feedback import actions
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Case, Client, Field, Posted, Source
from nguon.feedback.open311.contract import Refused
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import require
from nguon.places import queries as places

HOUR = timedelta(hours=1)


@transaction.atomic
def make_client(
    *, place_id: UUID, name: str, consent: bool, hourly: int, actor: Person, now: datetime
) -> tuple[Client, str]:
    """A program that may post cases of a place, and its key: that is shown once. Raises Forbidden."""
    require(actor, Right.PEOPLE, place_id)
    key = secrets.token_urlsafe(32)
    made = Client.objects.create(
        place_id=place_id,
        name=name,
        digest=digest(key),
        consent=consent,
        hourly=hourly,
        created_by=actor,
        created_at=now,
    )
    _record(made, "feedback.client-create", actor, now)
    return made, key


@transaction.atomic
def end_client(*, client: Client, actor: Person, now: datetime) -> None:
    """Its key opens nothing from now on. Raises Forbidden."""
    require(actor, Right.PEOPLE, client.place_id)
    if Client.objects.filter(pk=client.pk, ended_at=None).update(ended_at=now):
        _record(client, "feedback.client-end", actor, now)


def client_of(key: str) -> Client:
    """The program of a key. Raises Refused."""
    if not key:
        raise Refused(403, _("Thiếu api_key. Hãy xin khóa ở nơi quản trị máy chủ này."))
    found = Client.objects.filter(digest=digest(key), ended_at=None).select_related("place").first()
    if found is None:
        raise Refused(403, _("api_key không đúng hoặc đã bị thu."))
    return found


def digest(key: str) -> str:
    """What is kept of a key. It has 256 bits by chance: nobody finds it from its hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def post(
    *,
    client: Client,
    place_id: UUID,
    field: Field,
    words: str,
    where: str,
    position: tuple[float, float] | None,
    answers: Mapping[str, str],
    personal: Mapping[str, str],
    now: datetime,
) -> tuple[Case, str]:
    """Take a case in from a program; the case, and words for whoever told it. Raises Refused.

    `personal` is kept only of programs that ask for consent; of others it is let go, and the words say so.
    """
    if place_id not in places.tree().answered_for([client.place_id], local_day(now)):
        raise Refused(403, _("api_key này không dùng cho jurisdiction_id đó."))
    if Posted.objects.filter(client=client, at__gt=now - HOUR).count() >= client.hourly:
        raise Refused(400, _("Đã gửi quá nhiều trong một giờ. Hãy gửi lại sau."), 429)
    kept = personal if client.consent else {}
    told = actions.Told(
        words=words,
        place_id=place_id,
        source=Source.OTHER,
        field_id=field.pk,
        where=where,
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        answers=answers,
        consents=frozenset({"contact"}) if client.consent and any(personal.values()) else frozenset(),
        name=kept.get("name", ""),
        phone=kept.get("phone", ""),
        email=kept.get("email", ""),
        keyed=True,
    )
    try:
        with transaction.atomic():
            taken = actions.take_in(told=told, actor=None, now=now)
            Posted.objects.create(case=taken.case, client=client, at=now)
            Client.objects.filter(pk=client.pk).update(used_at=now)
    except CaseError as error:
        raise Refused(400, str(error)) from error
    said = _("Tra cứu bằng mã %(code)s và bốn số %(tail)s.") % {"code": taken.code, "tail": taken.tail}
    if any(personal.values()) and not client.consent:
        said += " " + _("Thông tin cá nhân gửi kèm không được lưu vì chưa có sự đồng ý.")
    return taken.case, said


def _record(client: Client, verb: str, actor: Person, now: datetime) -> None:
    after = {"name": client.name, "consent": client.consent, "hourly": client.hourly}
    subject = f"feedback.client:{client.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, place=client.place_id, after=after, now=now)
