"""Questions about live sessions. Those for people take the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.delivery import choosing
from nguon.delivery import queries as delivery
from nguon.delivery.models import Progress
from nguon.delivery.queries import Reach
from nguon.delivery.rules import Targets, joined
from nguon.devices.models import Device, Group
from nguon.kit.clock import local_day
from nguon.live import quieting, rules
from nguon.live.models import LiveLimit, LiveSession, State
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, role_places
from nguon.places import queries as places
from nguon.places.models import Place

CHANNEL = "speaker"


def sessions(person: Person) -> QuerySet[LiveSession]:
    """What was or is spoken where the person may look, or went out to a device there; and what they prepared."""
    seen = delivery.broadcasts(person).values("pk")
    found = LiveSession.objects.filter(broadcast__in=seen) | LiveSession.objects.filter(person=person)
    return found.select_related("person", "place", "broadcast", "recording")


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a person may listen to a recording: they may see where it was spoken, or spoke themselves."""
    return sessions(person).filter(recording=sha256).exists()


def sound_path(session_id: UUID) -> Path:
    """Where the sound of a session is gathered while it is on the air, and until it is kept as a file."""
    return Path(settings.DATA) / "live" / f"{session_id.hex}.mp3"


def saving(session: LiveSession, now: datetime) -> bool:
    """Whether what was spoken is just being kept. What takes longer cannot be read."""
    if session.recording_id is not None or session.ended_at is None or session.ended_at < now - rules.SAVING:
        return False
    path = sound_path(session.pk)
    return path.exists() and path.stat().st_size > 0


def on_air() -> QuerySet[LiveSession]:
    """All that are on the air: for services and actions."""
    return LiveSession.objects.filter(state=State.ON_AIR).select_related("broadcast", "person")


def targets_of(session: LiveSession) -> Targets:
    """The targets as chosen."""
    chosen = session.targets
    return Targets(*(tuple(UUID(hex=pk) for pk in chosen[kind]) for kind in ("places", "groups", "devices")))


def minutes_for(place_id: UUID, on: date) -> int:
    """How long one may speak in the name of a place: the nearest place at or above it that says so counts."""
    limits = dict(LiveLimit.objects.values_list("place_id", "minutes"))
    chain = reversed(places.above(place_id, on))
    return next((limits[place.pk] for place in chain if place.pk in limits), rules.DEFAULT_MINUTES)


def spoken_for(person: Person, targets: Targets, on: date) -> Place | None:
    """In whose name the person speaks to these: the place of a role of theirs that answers for all, else the first."""
    held = Place.objects.filter(pk__in=role_places(person, Right.BROADCAST, on)).order_by("name")
    tree, wanted = places.tree(), frozenset(_places(targets))
    covering = [place for place in held if wanted <= tree.answered_for([place.pk], on)]
    return min(covering, key=lambda place: len(tree.answered_for([place.pk], on)), default=held.first())


def _places(targets: Targets) -> Iterable[UUID]:
    yield from targets.places
    yield from Group.objects.filter(pk__in=targets.groups).values_list("place_id", flat=True)
    yield from Device.objects.filter(pk__in=targets.devices).values_list("place_id", flat=True)


def others(session: LiveSession, on: date) -> LiveSession | None:
    """Another session on the air that sounds at one of these devices: it would be heard, and this one not."""
    mine = delivery.targeted(targets_of(session), (CHANNEL,), on)
    for other in on_air().exclude(pk=session.pk):
        if mine.filter(pk__in=delivery.targeted(targets_of(other), (CHANNEL,), on).values("pk")).exists():
            return other
    return None


@dataclass(frozen=True)
class Preview:
    """Whom a choice reaches now, in one sentence, in whose name, for how long at most, and where quiet hours are."""

    sentence: str
    reach: Reach
    place: Place
    minutes: int
    quiet: quieting.Quieted


def preview(person: Person, targets: Targets, now: datetime) -> Preview | None:
    """What a choice means, before anything is sent; None if nothing in it is the person's."""
    on = local_day(now)
    mine = place_ids(person, Right.BROADCAST, on)
    groups = Group.objects.filter(pk__in=targets.groups, place__in=mine)
    devices = Device.objects.filter(pk__in=targets.devices, place__in=mine)
    kept = Targets(
        tuple(pk for pk in targets.places if pk in mine),
        tuple(groups.values_list("pk", flat=True)),
        tuple(devices.values_list("pk", flat=True)),
    )
    place = spoken_for(person, kept, on) if kept else None
    if place is None:
        return None
    reached = delivery.reach(kept, (CHANNEL,), on)
    minutes = minutes_for(place.pk, on)
    quiet = quieting.told(kept, CHANNEL, now, minutes)
    return Preview(said(reached.devices, kept, on), reached, place, minutes, quiet)


def said(number: int, targets: Targets, on: date) -> str:
    """Whom it reaches, in words: `12 cụm loa ở xã Phước Thuận`."""
    words = ngettext("%(count)d cụm loa ở %(where)s", "%(count)d cụm loa ở %(where)s", number)
    where = joined(choosing.names(targets, on), _("và"), more=_("%d nơi khác"))
    return words % {"count": number, "where": where}


def limits(person: Person, on: date) -> list[tuple[Place, int]]:
    """The limits that were set where the person may set them, by place."""
    rows = LiveLimit.objects.filter(place__in=place_ids(person, Right.PLACES, on)).select_related("place")
    return [(row.place, row.minutes) for row in rows.order_by("place__name")]


def sounding(session: LiveSession) -> tuple[int, int]:
    """How many devices sound with it now, and for how many it is."""
    if session.broadcast is None:
        return 0, 0
    rows = session.broadcast.deliveries.filter(device__channel=CHANNEL)
    return rows.filter(progress=Progress.STARTED).count(), rows.count()


def said_of(session: LiveSession, person: Person) -> str:
    """Whom a session that was begun reached, in words. Who may look where it was spoken knows all of them."""
    on = local_day(session.began_at or session.created_at)
    if session.broadcast is None:
        return ""
    number = delivery.deliveries(person, session.broadcast).filter(device__channel=CHANNEL).count()
    return said(number or delivery.targeted(targets_of(session), (CHANNEL,), on).count(), targets_of(session), on)
