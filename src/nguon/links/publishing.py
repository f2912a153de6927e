"""Our alerts as signed CAP: one document for each that went out, another for each that was stopped by hand.

One that goes out in stages names where it sounds now; each time it goes wider a document more says so.
"""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from nguon import vault
from nguon.alerts import staging
from nguon.alerts.models import Alert, State
from nguon.alerts.rules import Stage
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
    """Publish every alert that went out, wider or was stopped and is not published so; how many documents that made.

    One that cannot be written is logged and holds no other up; it is tried again after AGAIN.
    """
    issued = Alert.objects.filter(live_at__isnull=False).exclude(cap_documents__kind=DocumentKind.ISSUE)
    stopped = Alert.objects.filter(live_at__isnull=False, state=State.CANCELLED, cap_documents__kind=DocumentKind.ISSUE)
    made = sum(_tried(alert, DocumentKind.ISSUE, now) for alert in issued.select_related("place").order_by("live_at"))
    made += sum(_tried(alert, DocumentKind.WIDEN, now) for alert in _widened())
    stopped = stopped.exclude(cap_documents__kind=DocumentKind.CANCEL).select_related("place")
    return made + sum(_tried(alert, DocumentKind.CANCEL, now) for alert in stopped.order_by("ended_at"))


def _widened() -> QuerySet[Alert]:
    """The alerts that sound further than any document of them says."""
    live = Alert.objects.filter(state=State.LIVE, staged=True, cap_documents__kind=DocumentKind.ISSUE)
    said = Document.objects.filter(alert=OuterRef("pk"), stage__gte=OuterRef("stage"))
    return live.exclude(Exists(said)).select_related("place").order_by("widened_at")


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
    which = {"alert": alert, "kind": kind} | ({"stage": alert.stage} if kind == DocumentKind.WIDEN else {})
    if (there := Document.objects.filter(**which).first()) is not None:
        return there
    seal = seal_of(alert.place, now=now)
    with translation.override("vi"):  # what is said under a loudspeaker, whoever asks
        message = message_of(alert, kind, seal)
    key = vault.unseal(seal.secrets, seal.pk)["key"].encode()
    data = sign.sign(write.render(message), key, seal.certificate.encode(), at=now)
    with transaction.atomic():
        made, fresh = Document.objects.get_or_create(
            **which,
            defaults={
                "stage": alert.stage,
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
    """What a document says, unsigned. The same alert, as wide as it went, always gives the same message."""
    assert alert.live_at is not None
    assert alert.expires_at is not None
    stopped = kind == DocumentKind.CANCEL
    sent = _second((alert.ended_at if stopped else alert.widened_at) or alert.live_at)
    expires = _second(max(alert.expires_at, sent + SHOWN_AFTER) if stopped else alert.expires_at)
    hazard, said = hazards.by_code(alert.hazard), Kind(alert.kind)
    headline = _("Đã dừng: %(headline)s") % {"headline": alert.headline} if stopped else alert.headline
    text = _("Tin này không còn hiệu lực.") if stopped else alert.text
    info = profile.info(
        hazard,
        Words(headline, (text,)),
        sender_name=seal.name,
        areas=(area_of(alert, sent),),
        effective=sent,
        expires=expires,
        kind=Kind.MISTAKE if stopped else said,
        level=alert.level,
    )
    info = msgspec.structs.replace(info, parameters=(*info.parameters, Named(profile.KIND, said.value)))
    earlier = earlier_of(alert, again=kind != DocumentKind.ISSUE)
    message = profile.alert(
        identifier=_identifier(alert, kind),
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


def _identifier(alert: Alert, kind: DocumentKind) -> str:
    endings = {DocumentKind.CANCEL: ".cancel", DocumentKind.WIDEN: f".widen-{alert.stage}"}
    return f"{alert.pk}{endings.get(kind, '')}"


def earlier_of(alert: Alert, *, again: bool) -> tuple[Reference, ...]:
    """All documents of the alerts that this one follows, the oldest first; of one said `again`, its own too."""
    chain, at = ([alert.pk] if again else []), alert
    while at.follows is not None and at.follows_id not in chain:
        at = at.follows
        chain.append(at.pk)
    found = Document.objects.filter(alert__in=chain).order_by("sent", "published_at")
    return tuple(Reference(one.sender, one.identifier, one.sent.astimezone(LOCAL)) for one in found)


def area_of(alert: Alert, sent: datetime) -> Area:
    """Where it holds: all names in words, the codes of the places that have one, the polygon if one was drawn.

    Within a polygon the places are named in which its clusters stand: nobody outside knows a cluster by its name. Of
    what goes out in stages only what sounds by then is named, and the polygon when all of it does.
    """
    on, wide = local_day(sent), staging.width(alert)
    targets = staging.targets_now(alert, sent)
    chosen = outermost(targets.places, choosing.parents(on))
    codes = Code.objects.filter(holding(on), system=GSO, place__in=chosen).order_by("code")
    drawn = alert.area or () if wide == Stage.ALL else ()
    corners = tuple((float(latitude), float(longitude)) for latitude, longitude in drawn)
    closed = corners if not corners or corners[0] == corners[-1] else (*corners, corners[0])
    if wide == Stage.ONE:
        words = ", ".join(choosing.names(Targets(devices=targets.devices), on) + choosing.names(_said(targets), on))
    else:
        words = joined(choosing.names(_said(targets) if closed or wide < Stage.ALL else targets, on), _("và"))
    return Area(
        description=words or str(alert.place),
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
