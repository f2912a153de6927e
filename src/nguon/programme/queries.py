"""Questions of placing: where a person may broadcast, whom a choice reaches, what a bulletin does on the air."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nguon.delivery import queries as delivery
from nguon.delivery.choosing import Choices as Choices
from nguon.delivery.choosing import Node as Node
from nguon.delivery.choosing import choices as choices
from nguon.delivery.choosing import choices_in as choices_in
from nguon.delivery.choosing import has_devices as has_devices
from nguon.delivery.choosing import names as names
from nguon.delivery.choosing import parents as parents
from nguon.delivery.models import Broadcast, State
from nguon.delivery.queries import Reach
from nguon.delivery.rules import Targets
from nguon.devices import channels
from nguon.devices.models import Device, Group
from nguon.kit.clock import LOCAL, local_day
from nguon.newsroom import rules as newsroom
from nguon.newsroom.models import Bulletin, Version
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.queries import below
from nguon.programme import gather, rules
from nguon.programme.policies import QuietHours
from nguon.ui import words


@dataclass(frozen=True)
class Preview:
    """What will happen, in one sentence, and whom it reaches now. `quiet`: policies whose quiet hours it is then."""

    sentence: str
    reach: Reach
    quiet: tuple[str, ...] = ()


def preview(
    person: Person,
    *,
    targets: Targets,
    kinds: tuple[str, ...],
    start_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> Preview | None:
    """The sentence and the reach of a choice before anything is sent; None if none of it is the person's."""
    on = local_day(now)
    mine = place_ids(person, Right.BROADCAST, on)
    kept = Targets(
        places=tuple(pk for pk in rules.outermost(targets.places, parents(on)) if pk in mine),
        groups=tuple(Group.objects.filter(pk__in=targets.groups, place__in=mine).values_list("pk", flat=True)),
        devices=tuple(Device.objects.filter(pk__in=targets.devices, place__in=mine).values_list("pk", flat=True)),
    )
    if not kept:
        return None
    reached = delivery.reach(kept, kinds, on)
    sentence = _("%(when)s tới %(count)s ở %(where)s, hạn đến %(end)s.") % {
        "when": _("Phát lúc %s") % words.when(start_at, now) if start_at else _("Phát ngay"),
        "count": counted(reached),
        "where": rules.joined(names(kept, on), _("và"), more=_("%d nơi khác")),
        "end": words.when(expires_at, now),
    }
    return Preview(sentence, reached, quiet_at(kept, start_at or now))


def quiet_at(targets: Targets, moment: datetime) -> tuple[str, ...]:
    """The legal bases of the quiet hours a moment lies in, at the targets, above them or below."""
    local = moment.astimezone(LOCAL).replace(tzinfo=None)
    known, up = gather.known(local.date()), parents(local.date())
    areas = {*targets.groups, *targets.devices, *below(targets.places, local.date())}
    wanted = [*targets.places, *Device.objects.filter(pk__in=targets.devices).values_list("place_id", flat=True)]
    while wanted:
        areas.update(wanted)
        wanted = [up[place] for place in wanted if place in up]
    policies = known.policies(areas)
    spans = QuietHours(policies, local, local + timedelta(minutes=1)).spans
    return tuple(dict.fromkeys(span.policy.basis for span in spans if span.start <= local < span.end))


def kinds(version: Version) -> tuple[str, ...]:
    """The channels a version can go out on: first the one it sounds on, then those that show it."""
    heard = version.variants.exclude(rendition=None).order_by("pk").values_list("channel", flat=True).first()
    shown = (kind for kind, one in channels.driven().items() if not one.audible)
    return (heard, *shown) if heard else ()


def counted(reach: Reach) -> str:
    """How many of each kind of device a choice reaches: "5 cụm loa và 1 bảng tin"."""
    found = [f"{number} {channels.label(kind).lower()}" for kind, number in reach.by_kind]
    return rules.joined(found or [_("0 thiết bị")], _("và"))


def broadcasts_of(bulletin: Bulletin) -> QuerySet[Broadcast]:
    """Every broadcast of a bulletin, of whatever version: for services and actions."""
    versions = bulletin.versions.values_list("pk", flat=True)
    return Broadcast.objects.filter(subject__in=[newsroom.subject(version) for version in versions])


def outdated(bulletin: Bulletin) -> list[Broadcast]:
    """The broadcasts of an earlier wording that are not over: they go on as they were approved, until stopped."""
    current = newsroom.subject(bulletin.current_id) if bulletin.current_id else ""
    going = broadcasts_of(bulletin).filter(state__in=[State.QUEUED, State.LIVE])
    return list(going.exclude(subject=current))


def broadcasts(person: Person, bulletin: Bulletin, limit: int = 20) -> list[Broadcast]:
    """The newest broadcasts of a bulletin that the person may see, with their counts."""
    found = delivery.broadcasts(person).filter(pk__in=broadcasts_of(bulletin).values("pk")).exclude(state=State.PLANNED)
    return delivery.counted(found.order_by("-issued_at")[:limit])
