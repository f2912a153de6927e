"""The verbs of what comes in: keep a source, take a message in, make an alert of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nguon.alerts import actions as alerts
from nguon.alerts import drafts
from nguon.alerts.models import Alert
from nguon.cap import sign, xml
from nguon.cap.model import Alert as Message
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean, printable
from nguon.links import queries, rules
from nguon.links.errors import Barred, NoMore, SourceEnded, SourceRefused, TooLarge
from nguon.links.models import TAKEN, Mention, Received, Source, Taken, Verdict
from nguon.outside.addresses import is_feed_address
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

AGAIN = 200  # messages judged again when a source changes: the newest
EVERY = (1, 60)  # minutes between two looks
SERVICE = "links"


@dataclass(frozen=True)
class Terms:
    """What a source is: for which place it speaks, where its feed is (empty: by file), whose signatures hold (PEM)."""

    place: UUID
    name: str
    address: str = ""
    certificates: str = ""
    unsigned: bool = False
    every: int = 2


@transaction.atomic
def create_source(*, terms: Terms, actor: Person, now: datetime) -> Source:
    """Listen to somebody from now on. Raises Forbidden, SourceRefused."""
    scope.require(actor, Right.PEOPLE, terms.place, on=local_day(now))
    kept = checked(terms)
    source = Source(created_by=actor, created_at=now, next_at=now if kept["address"] else None, **kept)
    source.save(force_insert=True)
    _record("links.source-create", source, actor, now, after=_shown(kept))
    return source


@transaction.atomic
def change_source(*, source: Source, terms: Terms, actor: Person, now: datetime) -> Source:
    """Take other terms; the next look is at once. Raises Forbidden, SourceRefused, SourceEnded.

    What was not believed and has not run out is judged again: its signer may be trusted now.
    """
    found = _held(source, actor, now)
    scope.require(actor, Right.PEOPLE, terms.place, on=local_day(now))
    kept = checked(terms)
    before = _shown({name: getattr(found, name) for name in kept})
    for name, value in kept.items():
        setattr(found, name, value)
    found.next_at = now if found.address else None
    found.etag, found.modified, found.missed = "", "", {}  # another address, or others to be trusted: look at all anew
    found.failures, found.fault, found.fault_detail = 0, "", ""
    found.save()
    _record("links.source-change", found, actor, now, before=before, after=_shown(kept))
    doubted = found.received.filter(verdict=Verdict.UNTRUSTED, expires_at__gt=now).order_by("-came_at")[:AGAIN]
    for received in doubted:
        _judged_again(received, found, now, actor)
    return found


@transaction.atomic
def end_source(*, source: Source, actor: Person, now: datetime) -> Source:
    """Listen no more. What came stays. Raises Forbidden, SourceEnded."""
    found = _held(source, actor, now)
    found.ended_at, found.next_at = now, None
    found.save()
    _record("links.source-end", found, actor, now, before={"name": found.name})
    return found


def checked(terms: Terms) -> dict[str, Any]:
    """The terms as they are kept. Raises SourceRefused with the field that is wrong."""
    name, address = " ".join(clean(terms.name).split()), terms.address.strip()
    pem = "\n".join(line.strip() for line in terms.certificates.strip().splitlines() if line.strip())
    if not name:
        raise SourceRefused(_("Hãy ghi tên nguồn."), "name")
    if address and (not is_feed_address(address) or len(address) > 1000):
        raise SourceRefused(_("Địa chỉ phải bắt đầu bằng https:// hoặc http:// và không chứa mật khẩu."), "address")
    if not pem and not terms.unsigned:
        raise SourceRefused(_("Hãy dán chứng thư của nơi ký, hoặc nói rõ là nguồn không ký."), "certificates")
    if address.startswith("http://") and terms.unsigned:
        words = _("Nguồn không ký thì địa chỉ phải là https://, nếu không ai ở giữa đường cũng sửa được tin.")
        raise SourceRefused(words, "address")
    if not EVERY[0] <= terms.every <= EVERY[1]:
        raise SourceRefused(_("Hãy xem nguồn mỗi 1 đến 60 phút."), "every")
    if pem:
        try:
            sign.certificates(pem.encode())
        except ValueError as error:
            words = _("Không đọc được chứng thư. Cần dạng PEM, khóa RSA từ 2048 bit hoặc ECDSA từ P-256.")
            raise SourceRefused(words, "certificates") from error
    kept = {"name": name[:200], "address": address, "certificates": pem, "unsigned": terms.unsigned}
    return {"place_id": terms.place, **kept, "every": terms.every}


def bring(*, source: Source, data: bytes, name: str, actor: Person, now: datetime) -> tuple[Received, bool]:
    """A file that an officer brought, judged as the source's messages are. Raises Forbidden, SourceEnded, TooLarge.

    Also says whether it is new.
    """
    if not queries.speakable(actor, local_day(now)).filter(pk=source.pk).exists():
        raise scope.forbidden()
    if len(data) > xml.LIMIT:
        raise TooLarge
    return receive(source=source, data=data, address=printable(name)[:300], actor=actor, now=now)


@transaction.atomic
def receive(
    *, source: Source, data: bytes, now: datetime, address: str = "", stamp: str = "", actor: Person | None = None
) -> tuple[Received, bool]:
    """Judge a message and keep it as it came, whatever it is; whether it is new. Raises SourceEnded.

    The same bytes again are the same message. Other bytes under the number, sender and hour of one that was taken are
    kept and marked: a number stands for one message only. One that is not believed blocks nobody's place.
    """
    found = Source.objects.select_for_update().get(pk=source.pk)
    if found.ended_at is not None:
        raise SourceEnded
    print_ = sha256(data).hexdigest()
    there = found.received.filter(sha256=print_).first()
    if there is not None and there.verdict != Verdict.UNTRUSTED:
        return there, False
    if there is not None:  # perhaps whom it is signed by is trusted by now
        return there, _judged_again(there, found, now, actor or SERVICE)
    received = Received(
        source=found,
        raw=data,
        sha256=print_,
        address=address[:2000],
        stamp=stamp[:40],
        came_at=now,
        brought_by=actor,
    )
    _judge(received, found, now)
    _record_message("links.receive", received, actor or SERVICE, now)
    return received, True


def _judge(received: Received, source: Source, now: datetime) -> None:
    """Judge a message by what its source trusts now, and keep what was found."""
    raw = bytes(received.raw)
    judged = rules.judge(raw, certificates=source.certificates, unsigned=source.unsigned, at=now)
    told = _told(judged.alert)
    verdict = judged.verdict
    if verdict in TAKEN and _taken_before(source, told):
        verdict = Verdict.REPEATED
    for name, value in told.items():
        setattr(received, name, value)
    received.content = b"" if judged.content == raw else judged.content
    received.verdict = verdict
    received.problems = [[one.path, one.code, one.text[:500], one.line] for one in judged.problems]
    received.signer = rules.whose(judged.signer.name)[:200] if judged.signer else ""
    received.fingerprint = judged.signer.fingerprint if judged.signer else ""
    received.save()
    if judged.alert is not None and verdict in TAKEN:
        Mention.objects.bulk_create(
            Mention(received=received, sender=one.sender[:500], identifier=one.identifier[:500], sent=one.sent)
            for one in judged.alert.references[:200]
        )


def _judged_again(received: Received, source: Source, now: datetime, actor: Person | str) -> bool:
    """Judge once more what was not believed; whether it is believed now. Nothing is noted if not."""
    raw = bytes(received.raw)
    again = rules.judge(raw, certificates=source.certificates, unsigned=source.unsigned, at=now)
    if again.verdict not in TAKEN:
        return False
    _judge(received, source, now)
    _record_message("links.judge-again", received, actor, now)
    return True


def _record_message(verb: str, received: Received, actor: Person | str, now: datetime) -> None:
    source = received.source
    after = {"title": str(received)[:200], "verdict": received.verdict, "source": source.name}
    subject = f"links.received:{received.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=source.place_id, after=after)


def _taken_before(source: Source, told: dict[str, Any]) -> bool:
    same = {name: told[name] for name in ("sender", "identifier", "sent")}
    return source.received.filter(verdict__in=TAKEN, **same).exists()


def _told(alert: Message | None) -> dict[str, Any]:
    """What of a message stands in columns."""
    if alert is None:
        return {}
    info = alert.info("vi")
    return {
        "identifier": alert.identifier[:500],
        "sender": alert.sender[:500],
        "sent": alert.sent,
        "message_type": alert.message_type.value,
        "status": alert.status.value,
        "severity": info.severity.value if info else "",
        "headline": (printable((info.headline or info.event) if info else ""))[:300],
        "expires_at": rules.end_of(alert),
    }


@dataclass(frozen=True)
class Look:
    """How a look at a feed ended: `fault` empty if well; what to send along the next time; entries had and missed.

    `listed`: all addresses of the feed; None if it was as before, or could not be had.
    """

    fault: str = ""
    detail: str = ""
    etag: str = ""
    modified: str = ""
    missed: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    listed: tuple[str, ...] | None = None


@transaction.atomic
def looked(*, source: Source, look: Look, now: datetime) -> None:
    """Note how a look at a feed ended, and when the next one is. The journal hears when it begins or ends to fail."""
    found = Source.objects.select_for_update().get(pk=source.pk)
    if found.ended_at is not None or found.address != source.address:
        return  # somebody changed it meanwhile: what was looked at is not what is asked for now
    if bool(found.fault) != bool(look.fault):
        _record("links.source-fault", found, SERVICE, now, before={"fault": found.fault}, after={"fault": look.fault})
    found.fault, found.fault_detail, found.asked_at = look.fault, look.detail[:300], now
    if look.fault:
        found.failures += 1
    else:
        found.failures, found.good_at = 0, now
        found.etag, found.modified = look.etag, look.modified
    found.missed = _missed(found.missed, look, now)
    found.next_at = rules.next_look(now, found.every, found.failures)
    found.save()


def _missed(before: dict[str, Any], look: Look, now: datetime) -> dict[str, Any]:
    kept = {
        address: told
        for address, told in before.items()
        if address not in look.had and (look.listed is None or address in look.listed)
    }
    for address in look.missed:
        tries = int(kept.get(address, [0])[0]) + 1
        kept[address] = [tries, rules.missed_again(tries, now).isoformat()]
    return kept


@transaction.atomic
def take(*, received: Received, draft: drafts.Draft, actor: Person, now: datetime) -> Alert:
    """An alert of ours, still a draft, from a message that came. Raises Barred, NoMore, Forbidden, AlertError.

    The signature is judged again by whom the source trusts today: a key that was stolen meanwhile opens nothing.
    """
    if not queries.seen(actor, on=local_day(now)).filter(pk=received.pk).exists():
        raise scope.forbidden()
    standing = queries.standing(received, actor, now)
    if standing.bar is not None:
        raise Barred(standing.bar)
    source = received.source
    again = rules.judge(
        bytes(received.raw), certificates=source.certificates, unsigned=source.unsigned, at=received.came_at
    )
    if again.verdict not in TAKEN or source.ended_at is not None:
        raise NoMore
    place = queries.speaks_for(actor, draft.targets, local_day(now))
    made = alerts.create(draft=draft, place_id=place, actor=actor, now=now, follows=standing.follows)
    Taken.objects.create(received=received, alert=made, by=actor, at=now)
    record(
        actor=actor,
        verb="links.take",
        subject=f"alerts.alert:{made.pk.hex}",
        now=now,
        place=place,
        after={"title": str(received)[:200], "identifier": received.identifier, "source": source.name},
    )
    return made


def lasting(message: Message, now: datetime) -> timedelta | None:
    """How long a draft lasts that ends when the message does, within what an alert may last; None if it has no end."""
    if message.expires is None:
        return None
    shortest, longest = drafts.LASTS
    return min(max(message.expires - now, shortest), longest)


def _held(source: Source, actor: Person, now: datetime) -> Source:
    found = Source.objects.select_for_update().get(pk=source.pk)
    scope.require(actor, Right.PEOPLE, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise SourceEnded
    return found


def _shown(kept: dict[str, Any]) -> dict[str, Any]:
    """Terms as the journal keeps them: of certificates, whose they are."""
    pem = kept["certificates"]
    whose = [sign.signer(one) for one in sign.certificates(pem.encode())] if pem else []
    return {
        "name": kept["name"],
        "address": kept["address"],
        "place_id": kept["place_id"],
        "signers": [f"{rules.whose(one.name)} ({one.fingerprint[:16]})" for one in whose],
        "unsigned": kept["unsigned"],
        "every": kept["every"],
    }


def _record(
    verb: str,
    source: Source,
    actor: Person | str,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"links.source:{source.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=source.place_id, before=before, after=after)
