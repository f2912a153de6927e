"""Our alerts as signed CAP: one document for each that went out, another for each that was stopped by hand."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from nguon import vault
from nguon.alerts.models import Alert, State
from nguon.alerts.queries import targets_of
from nguon.cap import hazards, keys, profile, sign, write
from nguon.cap.hazards import Kind, Words
from nguon.cap.model import Alert as Message
from nguon.cap.model import Area, Named, Reference
from nguon.delivery import choosing
from nguon.delivery.rules import Targets, joined, outermost
from nguon.devices.models import Device
from nguon.journal.actions import record
from nguon.kit import ids
from nguon.kit.clock import LOCAL, local_day
from nguon.links.models import Document, DocumentKind, Seal
from nguon.people.models import Office
from nguon.places.models import Code, Place
from nguon.places.queries import holding

log = logging.getLogger(__name__)
SERVICE = "links"
RENEW = timedelta(days=90)  # before a certificate ends a newer one stands beside it
SHOWN_AFTER = timedelta(hours=1)  # that a stop stays in the feeds at least: whoever asks seldom must hear of it
AGAIN = timedelta(minutes=1)  # what could not be published waits for
_waits: dict[tuple[UUID, DocumentKind], datetime] = {}  # only so that the log is not flooded; a restart forgets it
GSO = "gso"  # the system of codes whose geocode is `profile.PLACE`


def publish_due(*, now: datetime) -> int:
    """Publish every alert that went out or was stopped and is not published yet; how many documents that made.

    One that cannot be written is logged and holds no other up; it is tried again after AGAIN.
    """
    issued = Alert.objects.filter(live_at__isnull=False).exclude(cap_documents__kind=DocumentKind.ISSUE)
    stopped = Alert.objects.filter(live_at__isnull=False, state=State.CANCELLED, cap_documents__kind=DocumentKind.ISSUE)
    made = sum(_tried(alert, DocumentKind.ISSUE, now) for alert in issued.select_related("place").order_by("live_at"))
    stopped = stopped.exclude(cap_documents__kind=DocumentKind.CANCEL).select_related("place")
    return made + sum(_tried(alert, DocumentKind.CANCEL, now) for alert in stopped.order_by("ended_at"))


def _tried(alert: Alert, kind: DocumentKind, now: datetime) -> bool:
    if _waits.get((alert.pk, kind), now) > now:
        return False
    try:
        publish(alert=alert, kind=kind, now=now)
    except Exception:  # whatever is wrong with one alert, the next one must go out
        log.exception("alert %s cannot be published as CAP", alert.pk)
        _waits[alert.pk, kind] = now + AGAIN
        return False
    return True


def publish(*, alert: Alert, kind: DocumentKind, now: datetime) -> Document:
    """One signed document of an alert; the one that is there if it was published already. Raises cap.CapError.

    Made and signed before the database is written to: a key of RSA takes a second to make.
    """
    if (there := Document.objects.filter(alert=alert, kind=kind).first()) is not None:
        return there
    seal = seal_of(alert.place, now=now)
    with translation.override("vi"):  # what is said under a loudspeaker, whoever asks
        message = message_of(alert, kind, seal)
    key = vault.unseal(seal.secrets, seal.pk)["key"].encode()
    data = sign.sign(write.render(message), key, seal.certificate.encode(), at=now)
    with transaction.atomic():
        made, fresh = Document.objects.get_or_create(
            alert=alert,
            kind=kind,
            defaults={
                "sender": message.sender,
                "identifier": message.identifier,
                "sent": message.sent,
                "expires_at": message.infos[0].expires or now,
                "seal": seal,
                "data": data,
                "sha256": sha256(data).hexdigest(),
                "published_at": now,
            },
        )
        if fresh:
            subject = f"alerts.alert:{alert.pk.hex}"
            after = {"kind": kind.value, "identifier": message.identifier}
            record(actor=SERVICE, verb="links.publish", subject=subject, now=now, place=alert.place_id, after=after)
    return made


def seal_of(place: Place, *, now: datetime) -> Seal:
    """The key by which a place signs CAP, made at first need and anew before its certificate ends."""
    newest = place.cap_seals.first()
    if newest is not None and newest.expires_at - now > RENEW:
        return newest
    name = office_of(place, now)
    key, certificate = keys.make(name, now=now)
    (parsed,) = sign.certificates(certificate)
    own = ids.new()
    with transaction.atomic():
        made = Seal.objects.create(
            id=own,
            place=place,
            name=name,
            certificate=certificate.decode(),
            secrets=vault.seal({"key": key.decode()}, own),
            made_at=now,
            expires_at=parsed.not_valid_after_utc,
        )
        after = {"fingerprint": sign.signer(parsed).fingerprint, "expires_at": made.expires_at.isoformat()}
        record(actor=SERVICE, verb="links.seal", subject=f"links.seal:{own.hex}", now=now, place=place.pk, after=after)
    return made


def office_of(place: Place, now: datetime) -> str:
    """Who speaks for a place: its office, or the place itself."""
    office = Office.objects.filter(holding(local_day(now)), place=place).order_by("name").first()
    return office.name if office else str(place)


def message_of(alert: Alert, kind: DocumentKind, seal: Seal) -> Message:
    """What a document says, unsigned. The same alert always gives the same message."""
    assert alert.live_at is not None
    assert alert.expires_at is not None
    stopped = kind == DocumentKind.CANCEL
    sent = _second(alert.ended_at if stopped and alert.ended_at else alert.live_at)
    expires = _second(max(alert.expires_at, sent + SHOWN_AFTER) if stopped else alert.expires_at)
    hazard, said = hazards.by_code(alert.hazard), Kind(alert.kind)
    headline = _("Đã dừng: %(headline)s") % {"headline": alert.headline} if stopped else alert.headline
    text = _("Tin này không còn hiệu lực.") if stopped else alert.text
    info = profile.info(
        hazard,
        Words(headline, (text,)),
        sender_name=seal.name,
        areas=(area_of(alert),),
        effective=sent,
        expires=expires,
        kind=Kind.MISTAKE if stopped else said,
        level=alert.level,
    )
    info = msgspec.structs.replace(info, parameters=(*info.parameters, Named(profile.KIND, said.value)))
    earlier = earlier_of(alert, stopped=stopped)
    message = profile.alert(
        identifier=f"{alert.pk}.{kind.value}" if stopped else str(alert.pk),
        sender=_sender(alert.place, sent),
        sent=sent,
        infos=(info,),
        # A correction of what was never published stands alone, and CAP knows no Update of nothing.
        kind=Kind.MISTAKE if stopped else said if earlier else Kind.WARNING,
        drill=alert.drill,
        earlier=earlier,
        note=_("Diễn tập, không có nguy hiểm thật.") if alert.drill else "",
    )
    return msgspec.structs.replace(message, source=alert.source)


def earlier_of(alert: Alert, *, stopped: bool) -> tuple[Reference, ...]:
    """All documents of the alerts that this one follows, the oldest first; of a stop, its own alert's too."""
    chain, at = ([alert.pk] if stopped else []), alert
    while at.follows is not None and at.follows_id not in chain:
        at = at.follows
        chain.append(at.pk)
    found = Document.objects.filter(alert__in=chain).order_by("sent", "published_at")
    return tuple(Reference(one.sender, one.identifier, one.sent.astimezone(LOCAL)) for one in found)


def area_of(alert: Alert) -> Area:
    """Where it holds: all names in words, the codes of the places that have one, the polygon if one was drawn.

    Within a polygon the places are named in which its clusters stand: nobody outside knows a cluster by its name.
    """
    on = local_day(alert.live_at or alert.created_at)
    targets = targets_of(alert)
    chosen = outermost(targets.places, choosing.parents(on))
    codes = Code.objects.filter(holding(on), system=GSO, place__in=chosen).order_by("code")
    corners = tuple((float(latitude), float(longitude)) for latitude, longitude in alert.area or ())
    closed = corners if not corners or corners[0] == corners[-1] else (*corners, corners[0])
    return Area(
        description=joined(choosing.names(_said(targets) if closed else targets, on), _("và")) or str(alert.place),
        polygons=(closed,) if closed else (),
        geocodes=tuple(Named(profile.PLACE, one.code) for one in codes),
    )


def _said(targets: Targets) -> Targets:
    standing = Device.objects.filter(pk__in=targets.devices).values_list("place", flat=True)
    return Targets(places=tuple(dict.fromkeys((*targets.places, *standing))), groups=targets.groups)


def _sender(place: Place, sent: datetime) -> str:
    """The name under which a place speaks in CAP: its code at our public name, or what is the same everywhere."""
    host = urlsplit(settings.NGUON_PUBLIC_URL).hostname or ""
    code = Code.objects.filter(holding(local_day(sent)), system=GSO, place=place).first()
    return f"gso-{code.code}@{host}" if code and host else f"urn:uuid:{place.pk}"


def _second(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL).replace(microsecond=0)
