"""Questions about what came in and what went out. Those for people take the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nguon.alerts.models import Alert, State
from nguon.alerts.queries import CHANNEL, MOST_SINGLE, known_facts, said_place, speaks_for
from nguon.cap import hazards, read
from nguon.cap.faults import CapError
from nguon.cap.model import Alert as Message
from nguon.cap.model import Area
from nguon.delivery import choosing
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets, outermost
from nguon.devices.models import Device, Status
from nguon.kit.clock import local_day, today
from nguon.kit.text import fold
from nguon.links import rules
from nguon.links.models import TAKEN, Document, DocumentKind, Mention, Received, Seal, Source, Taken
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, role_places
from nguon.places import queries as places
from nguon.places.models import Code, Place

__all__ = ["speaks_for"]
GSO = "gso"


# who sees what


def heard_at(person: Person, right: Right, on: date) -> frozenset[UUID]:
    """The places whose sources concern the person: where they have the right, and all that those lie in.

    What speaks for a province is heard in each of its communes; what one commune listens to is nobody else's.
    """
    tree = places.tree()
    above = {up for one in role_places(person, right, on) for up in tree.above(one, on)}
    return place_ids(person, right, on) | above


def seen(person: Person, *, on: date | None = None) -> QuerySet[Received]:
    """The messages a person may see, without their bytes."""
    concerned = heard_at(person, Right.VIEW, on or today())
    return (
        Received.objects.filter(source__place__in=concerned)
        .select_related("source__place", "brought_by")
        .defer("raw", "content")
    )


def sources(person: Person, *, on: date | None = None) -> QuerySet[Source]:
    """The sources a person may see."""
    return Source.objects.filter(place__in=heard_at(person, Right.VIEW, on or today())).select_related("place")


def managed(person: Person) -> QuerySet[Source]:
    """The sources a person administers."""
    return Source.objects.filter(place__in=place_ids(person, Right.PEOPLE)).select_related("place")


def speakable(person: Person, on: date) -> QuerySet[Source]:
    """The sources for which a person may bring a file: who may write alerts, of what they hear."""
    return Source.objects.filter(place__in=heard_at(person, Right.ALERT, on), ended_at=None).select_related("place")


CURRENT, DOUBTED, EVERY = "", "chua-tin", "tat-ca"  # which messages a page lists, as its address says


def listed(person: Person, which: str, now: datetime) -> QuerySet[Received]:
    """The messages of a list, the newest first: those in force, those not believed, or all."""
    found = seen(person, on=local_day(now)).annotate(superseded=Exists(_naming()))
    if which == DOUBTED:
        found = found.exclude(verdict__in=(*TAKEN, "repeated"))
    elif which != EVERY:
        found = found.filter(Q(expires_at=None) | Q(expires_at__gt=now), verdict__in=TAKEN, superseded=False)
    return found.order_by("-came_at", "-pk")


def _naming() -> QuerySet[Mention]:
    """The mentions, by messages of the same source that were taken, of an outer message."""
    return Mention.objects.filter(
        received__source=OuterRef("source"),
        received__verdict__in=TAKEN,
        sender=OuterRef("sender"),
        identifier=OuterRef("identifier"),
        sent=OuterRef("sent"),
    )


# one message


def message_of(received: Received) -> Message | None:
    """What a message says: what of it was signed, or all where it is not believed; None if it cannot be read."""
    try:
        return read.parse(bytes(received.content or received.raw))
    except CapError:
        return None


def earlier(received: Received) -> QuerySet[Received]:
    """The messages of the same source that this one names and that came, the oldest first."""
    named = Q(pk=None)
    for one in received.mentions.all():
        named |= Q(sender=one.sender, identifier=one.identifier, sent=one.sent)
    return received.source.received.filter(named, verdict__in=TAKEN).defer("raw", "content").order_by("sent")


def later(received: Received) -> QuerySet[Received]:
    """The messages of the same source that name this one, the oldest first."""
    if received.sent is None:
        return Received.objects.none()
    naming = Mention.objects.filter(sender=received.sender, identifier=received.identifier, sent=received.sent)
    return (
        received.source.received.filter(pk__in=naming.values("received"), verdict__in=TAKEN)
        .defer("raw", "content")
        .order_by("sent")
    )


@dataclass(frozen=True)
class Standing:
    """What a message is to one officer: what it says, why no alert may be made of it, what of ours it would follow."""

    message: Message | None
    bar: rules.Bar | None
    follows: Alert | None


def standing(received: Received, person: Person, now: datetime) -> Standing:
    """How a message stands to this officer now."""
    message = message_of(received)
    if message is None:
        return Standing(None, rules.Bar.UNTRUSTED, None)
    follows = _ours_from(earlier(received), person, now)
    why = rules.bar(
        message,
        taken=received.verdict in TAKEN and received.source.ended_at is None,
        followed=follows is not None,
        superseded=received.verdict in TAKEN and later(received).exists(),
        now=now,
    )
    return Standing(message, why, follows)


def _ours_from(found: QuerySet[Received], person: Person, now: datetime) -> Alert | None:
    """The newest alert within the person's reach that went out after one of these messages."""
    mine = place_ids(person, Right.ALERT, local_day(now))
    made = Alert.objects.filter(cap_origin__received__in=found, place__in=mine, live_at__isnull=False)
    return made.order_by("-live_at").first()


def made_of(received: Received, person: Person) -> QuerySet[Taken]:
    """The alerts that the person may see, made of this message."""
    return received.taken.filter(alert__place__in=place_ids(person, Right.VIEW)).select_related("alert", "by")


@dataclass(frozen=True)
class Where:
    """What of the person's places and clusters a message's areas hold. `devices` stand in none of the places."""

    places: tuple[Place, ...]
    devices: tuple[Device, ...]


def where(message: Message, person: Person, now: datetime) -> Where:
    """The person's places and clusters within the areas of a message.

    Places by their code; by their name where an area has neither code nor shape. Of a place above the person's own, the
    person's own are meant. A polygon or circle means the clusters inside, not the places it touches; where those are
    too many to be named singly, hamlets all of whose clusters lie inside stand for them.
    """
    on = local_day(now)
    info = message.info("vi")
    areas = info.areas if info else ()
    mine = place_ids(person, Right.ALERT, on)
    found = _coded(rules.geocodes(areas), mine, person, on)
    known = {fold(str(place)): place.pk for place in places.in_force(on).filter(pk__in=mine)}
    found |= {known[name] for name in rules.named(areas, known)}
    inside = _inside(areas, mine, found, on)
    if len(inside) > MOST_SINGLE:
        whole = _whole(inside, mine, on)
        found |= whole
        inside = [one for one in inside if one.place_id not in whole]
    kept = outermost(sorted(found), choosing.parents(on))
    return Where(tuple(Place.objects.filter(pk__in=kept)), tuple(inside))


def _inside(areas: Sequence[Area], mine: frozenset[UUID], taken: set[UUID], on: date) -> list[Device]:
    """The clusters in use within the shapes of the areas that stand in none of the places taken."""
    rows = Device.objects.filter(place__in=mine, channel=CHANNEL, status=Status.ACTIVE)
    rows = rows.exclude(latitude=None).exclude(longitude=None).select_related("place").order_by("name")
    if taken:
        rows = rows.exclude(pk__in=targeted(Targets(places=tuple(taken)), (CHANNEL,), on).values("pk"))
    return [one for one in rows if rules.within((one.latitude or 0.0, one.longitude or 0.0), areas)]


def _whole(inside: list[Device], mine: frozenset[UUID], on: date) -> set[UUID]:
    """The places without others in them all of whose clusters are inside."""
    standing = Device.objects.filter(place__in=mine, channel=CHANNEL, status=Status.ACTIVE)
    partly = set(standing.exclude(pk__in=[one.pk for one in inside]).values_list("place", flat=True))
    return {one.place_id for one in inside} - partly - set(choosing.parents(on).values())


def _coded(codes: frozenset[str], mine: frozenset[UUID], person: Person, on: date) -> set[UUID]:
    tree = places.tree()
    held = role_places(person, Right.ALERT, on)
    found: set[UUID] = set()
    for pk in Code.objects.filter(places.holding(on), system=GSO, code__in=codes).values_list("place", flat=True):
        if pk in mine:
            found.add(pk)
        else:
            found |= {one for one in held if pk in tree.above(one, on)}
    return found


def facts(person: Person, targets: Targets, now: datetime) -> dict[str, str]:
    """What the prepared words of a later correction ask for: office, hour, and the places in words."""
    return known_facts(person, now) | {hazards.filled_by("place"): said_place(targets, local_day(now))}


# work of the service


def due(now: datetime) -> list[Source]:
    """The sources whose feed is to be looked at."""
    return list(Source.objects.filter(ended_at=None, next_at__lte=now).exclude(address="").order_by("next_at")[:20])


def fresh_entries(source: Source, entries: list[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    """Of (address, stamp) those that did not come yet, and are not waited with since they could not be had."""
    addresses = [address for address, _stamp in entries]
    known = set(source.received.filter(address__in=addresses).values_list("address", "stamp"))
    waiting = {address for address, told in source.missed.items() if datetime.fromisoformat(told[1]) > now}
    return [one for one in entries if one not in known and one[0] not in waiting]


# what went out


def document(alert: UUID, kind: str, stage: int | None = None) -> Document | None:
    """A published document of an alert; of one that went wider, that of a stage."""
    found = Document.objects.filter(alert=alert, kind=kind)
    return (found if stage is None else found.filter(stage=stage)).first()


def in_feed(now: datetime, place: UUID | None = None) -> list[Document]:
    """What the feed of the server, or of one issuing place, lists: in force and not replaced, widened or stopped."""
    found = Document.objects.filter(expires_at__gt=now).select_related("alert")
    if place is not None:
        found = found.filter(alert__place=place)
    given = ~Q(kind=DocumentKind.CANCEL)
    over = given & Q(alert__state__in=(State.REPLACED, State.CANCELLED, State.EXPIRED))
    wider = Document.objects.filter(given, alert=OuterRef("alert"), stage__gt=OuterRef("stage"))
    return list(found.exclude(over).exclude(given & Exists(wider)).order_by("-sent")[:200])


def certificates(place: UUID, now: datetime) -> str:
    """The certificates (PEM) of a place that hold now, the newest first; empty if it has none."""
    held = Seal.objects.filter(place=place, expires_at__gt=now)
    return "".join(one.certificate for one in held)


def place_of_feed(place: UUID, on: date) -> Place | None:
    """The place of a feed, if there is one in force or it ever published."""
    known = Q(pk__in=places.in_force(on).values("pk")) | Q(cap_seals__isnull=False)
    return Place.objects.filter(known, pk=place).first()


def issuers(person: Person, now: datetime) -> QuerySet[Place]:
    """The places that a person administers and that have published alerts."""
    held = Seal.objects.filter(place__in=place_ids(person, Right.PEOPLE, local_day(now)), expires_at__gt=now)
    return Place.objects.filter(pk__in=held.values("place")).order_by("name")
