"""Compiling: slots, policies and what there is to play → planned broadcasts, and the document each device lives by.

Everything is read once; devices of the same areas share their timeline and their document. A planner that goes on
living keeps what it computed (`Memory`): only what changed since is computed, and written, again.
"""

import time as timer
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings

from nguon.delivery import planned
from nguon.delivery.planned import Document
from nguon.devices import channels
from nguon.devices.models import Device, Group, Status
from nguon.keys import queries as keys
from nguon.keys.sealing import Desk
from nguon.kit import clock
from nguon.kit.plugs import load
from nguon.places.queries import tree
from nguon.ports.channel import Channel, Schedule, Sound
from nguon.programme import gather, settling
from nguon.programme.documents import schedule
from nguon.programme.gather import Known
from nguon.programme.settling import Held, Remembered, When
from nguon.programme.timeline import Timeline, timeline

HORIZON = timedelta(days=9)  # from the beginning of today: never less than eight whole days ahead
# A channel, those areas of a device that matter to any slot or policy, and the authority that signs for its place.
Key = tuple[str, frozenset[UUID], UUID]


@dataclass
class Memory:
    """What the last compilation computed. Empty: everything is computed."""

    lines: dict[Key, tuple[tuple[object, ...], Timeline]] = field(default_factory=dict)
    documents: dict[Key, tuple[tuple[Schedule, int], Document]] = field(default_factory=dict)
    written: Remembered = field(default_factory=Remembered)


@dataclass(frozen=True)
class Compiled:
    """What a compilation did: devices and distinct documents, devices with a new plan, sessions, seconds it took.

    `left_out`: items of sessions that gave nothing.
    """

    devices: int
    documents: int
    changed: int
    sessions: int
    left_out: int
    seconds: float


def compile_plans(now: datetime, memory: Memory) -> Compiled:
    """Bring planned broadcasts and the plans of all devices up to date."""
    began = timer.monotonic()
    today = clock.local_day(now)
    start = datetime.combine(today, time())
    known, plugs = gather.known(today), channels.driven()
    signing = Desk(clock.now()), keys.edition(), always_kept()
    devices = _devices(known, settling.begun(now), today, plugs, signing[0])
    lines = {key: _line(known, key, start, memory) for key in devices}
    due = {
        (UUID(each.slot.id), each.occurrence.start.date()): each.occurrence.start
        for line in lines.values()
        for each in line.soundings
    }
    placed = {each.row.pk: each for each in known.placed}
    heard = next((kind for kind, one in plugs.items() if one.audible), "")
    sessions, left_out = settling.settle(due, placed, now, memory.written, heard)
    ended = [each for when, each in sessions.items() if when not in due and each.goes_on(now)]
    documents = []
    for key, members in devices.items():
        wanted = [sessions[when] for when in _wanted(lines[key]) if when in sessions]
        held = [*wanted, *(each for each in ended if not each.areas.isdisjoint(key[1]))]
        documents.append(_document(key, held, known, start, plugs[key[0]], memory, members, signing))
    changed = planned.publish(documents, now)
    for kept in (memory.lines, memory.documents):
        for key in kept.keys() - devices.keys():
            del kept[key]
    total = sum(map(len, devices.values()))
    return Compiled(total, len(documents), changed, len(sessions), left_out, timer.monotonic() - began)


def always_kept() -> tuple[Sound, ...]:
    """The sounds every device has at any time (`NGUON_KEPT`: sirens)."""
    return tuple(load(settings.NGUON_KEPT)())


def _devices(
    known: Known, begun: Collection[UUID], on: date, plugs: Mapping[str, Channel], desk: Desk
) -> dict[Key, tuple[UUID, ...]]:
    """The devices in use by what is the same for them."""
    slots, policies = (each.areas for each in known.placed), (each.areas for each in known.limited)
    relevant = frozenset(begun).union(*slots, *policies)
    territory = tree()
    above: dict[UUID, frozenset[UUID]] = {}
    over: dict[UUID, UUID] = {}
    groups: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for device, group in Group.devices.through.objects.values_list("device_id", "group_id"):
        groups[device].add(group)
    found: defaultdict[Key, list[UUID]] = defaultdict(list)
    rows = Device.objects.filter(status=Status.ACTIVE, channel__in=list(plugs)).order_by("pk")
    for pk, place, channel in rows.values_list("pk", "place_id", "channel"):
        if place not in above:
            above[place] = frozenset(territory.above(place, on))
            over[place] = desk.issuer(place)
        found[channel, (above[place] | groups[pk] | {pk}) & relevant, over[place]].append(pk)
    return {key: tuple(members) for key, members in found.items()}


def _line(known: Known, key: Key, start: datetime, memory: Memory) -> Timeline:
    slots, policies = known.slots(key[1]), known.policies(key[1])
    mark = (tuple(slots), tuple(policies), start)
    held = memory.lines.get(key)
    if held is None or held[0] != mark:
        held = mark, timeline(slots, policies, start, start + HORIZON, known.days)
        memory.lines[key] = held
    return held[1]


def _wanted(line: Timeline) -> list[When]:
    return [(UUID(each.slot.id), each.occurrence.start.date()) for each in line.soundings]


def _document(
    key: Key,
    held: list[Held],
    known: Known,
    start: datetime,
    plug: Channel,
    memory: Memory,
    members: tuple[UUID, ...],
    signing: tuple[Desk, int, tuple[Sound, ...]],
) -> Document:
    """What the devices of a key live by. The bytes are made anew only if something in it changed."""
    kept, (desk, edition, keep) = memory.documents.get(key), signing
    outgoing = [form for each in held for one in each.outgoing if (form := one.on(key[0])) is not None]
    sounds = keep if plug.audible else ()
    policies = known.policies(key[1])
    made = schedule(outgoing, policies, start, start + HORIZON, sounds, audible=plug.audible)
    mark = made, edition
    if kept is None or kept[0] != mark or kept[1].devices != members:
        named = tuple(one.broadcast for one in made.entries)
        sealed = plug.plan(made, desk.by_place(key[2]))
        kept = mark, Document(sealed, key[0], made.until, named, members)
        memory.documents[key] = kept
    return kept[1]
