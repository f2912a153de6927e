"""`nguon swarm`: many simulated devices against the server of this machine."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from nguon.agent.clusters import Wanted
    from nguon.agent.identity import Identity

FILE = "swarm.json"  # in the data folder: who the devices of the swarm are; mode 0600
SPARE_FILES = 500  # file descriptors for everything that is no device


@click.command()
@click.option("--devices", type=click.IntRange(1, 19_000), default=100, show_default=True, help="How many.")
@click.option("--channel", default="speaker", show_default=True, help="What they are: speaker, or board.")
@click.option("--seconds", type=float, default=None, help="Stop after so long; else at Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts at the end as JSON.")
@click.option("--clusters", is_flag=True, help="Instead run the simulated devices of the registry, each a whole agent.")
@click.option("--tls", is_flag=True, help="Come by the door for devices, with TLS, instead of the plain port.")
def command(devices: int, channel: str, seconds: float | None, as_json: bool, clusters: bool, tls: bool) -> None:
    """Run many simulated devices against the running server of this machine (NGUON_DATA, NGUON_PORT).

    They come by the plain port of this machine, as their links cost this machine twice; with --tls by that for devices.

    They have the core of a real device and real credentials; they are registered at the first run and used again at
    the next. They keep time and make no sound, nor a picture as boards, and a file is downloaded once for all of them.
    More than about 19,000 want several machines or processes.

    With --clusters, each simulated device of the registry runs as a whole agent: own link, own download, and what
    it would play is written to a file and sent as proof. `nguon up` runs this by itself.

    \b
    Examples:
      nguon swarm --devices 1000 --json
      nguon swarm --devices 50 --seconds 600
      nguon swarm --devices 2000 --channel board
      nguon swarm --clusters
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()
    for loud in ("httpx", "httpcore", "gmqtt"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    if clusters:
        _run(_clusters())
        return
    _raise_limit(devices)
    found = identities(devices, channel)
    counts = _run(_swarm(found, channel, seconds, tls))
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo("\n".join(f"{name:>10}: {value}" for name, value in counts.items()))


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run with uvloop if it is there; SIGINT and SIGTERM cancel the work, which then ends in good order."""

    async def until_told() -> Any:
        task = asyncio.ensure_future(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            return await task

    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    with contextlib.suppress(ImportError):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(until_told())


def _raise_limit(devices: int) -> None:
    """One file descriptor a device. Raises ClickException where the system allows fewer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < devices + SPARE_FILES:
        raise click.ClickException(f"{devices} devices need {devices + SPARE_FILES} open files; the limit is {most}.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _swarm(found: "list[Identity]", channel: str, seconds: float | None, secure: bool) -> dict[str, int]:
    from django.conf import settings

    from nguon.agent import tls
    from nguon.agent.swarm import Swarm
    from nguon.devices import door

    host, port, _ = found[0].broker_address()
    if secure:
        context = tls.trusting(door.trusted())
        swarm = Swarm(found, host, settings.NGUON_BROKER_TLS_PORT, tls=context, channel=channel)
    else:
        swarm = Swarm(found, host, port, channel=channel)
    connected = 0
    await swarm.start()
    try:
        async with asyncio.timeout(seconds):
            await swarm.wait_connected(3600)
            connected = swarm.online
            print(f"{connected} devices connected", file=sys.stderr, flush=True)
            gc.collect()
            gc.freeze()  # what is here stays: the collector need not walk it while orders come
            await asyncio.Event().wait()
    except (asyncio.CancelledError, TimeoutError):
        connected = max(connected, swarm.online)
    await swarm.stop()
    return {"devices": len(found), "connected": connected, "refused": swarm.refused, **swarm.sent}


def identities(count: int, channel: str = "speaker") -> "list[Identity]":
    """`count` simulated devices of a channel: those of an earlier run first, the rest registered now.

    Raises ClickException if there is no place to put them, or no such channel.
    """
    import msgspec
    from django.conf import settings
    from django.db import transaction

    from nguon.agent.files import write_whole
    from nguon.agent.identity import Identity
    from nguon.devices import channels
    from nguon.devices.actions import register_swarm
    from nguon.devices.models import Device
    from nguon.kit import clock

    if channel not in channels.driven():
        raise click.ClickException(f"There is no channel {channel!r} here, only {', '.join(channels.driven())}.")
    known = _known()
    mine = Device.objects.filter(simulated=True, channel=channel)
    alive = set(mine.exclude(password="").values_list("pk", flat=True))
    kept = {device: password for device, password in known.items() if device in alive}
    if count > len(kept):
        with transaction.atomic():  # `--clusters` must not see them before it can read here that they are ours
            more = count - len(kept)
            made = register_swarm(count=more, place=_a_place(), actor="swarm", now=clock.now(), channel=channel)
            kept.update(made)
            every = {pk.hex: password for pk, password in (known | kept).items()}
            write_whole(settings.DATA / FILE, msgspec.json.encode(every), 0o600)
    used = list(kept)[:count]
    wire = _settings(used)
    server = f"http://127.0.0.1:{settings.PORT}"
    believed = _keys(used)
    return [
        Identity(each.hex, kept[each], server, settings.NGUON_BROKER_URL, wire[each], believed[each]) for each in used
    ]


def _known() -> dict[UUID, str]:
    """Id and password of the devices registered by earlier runs."""
    from django.conf import settings

    try:
        found: dict[str, str] = json.loads((settings.DATA / FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {UUID(device): password for device, password in found.items()}


def _a_place() -> Any:
    from nguon.kit import clock
    from nguon.places import queries

    roots = queries.roots(clock.now().astimezone(clock.LOCAL).date())
    if not roots:
        raise click.ClickException("There is no place yet to put devices in: load one with `nguon demo load`.")
    return roots[0]


def _settings(ids: list[UUID]) -> dict[UUID, Any]:
    """What each device is told of itself; looked up once for all devices of one place that are in no group."""
    import msgspec

    from nguon.devices import queries
    from nguon.devices.models import Device
    from nguon.kit import clock

    today = clock.now().astimezone(clock.LOCAL).date()
    grouped = set(Device.groups.through.objects.values_list("device_id", flat=True))
    by_place: dict[UUID, Any] = {}
    found: dict[UUID, Any] = {}
    wanted = set(ids)
    for device in Device.objects.filter(simulated=True).select_related("place").iterator():
        if device.pk not in wanted:
            continue
        if device.pk in grouped:
            found[device.pk] = queries.wire_settings(device, today)
            continue
        if device.place_id not in by_place:
            by_place[device.place_id] = queries.wire_settings(device, today)
        found[device.pk] = msgspec.structs.replace(
            by_place[device.place_id],
            version=device.settings_version,
            device=device.pk.hex,
            volume=device.volume,
            proof=device.proof,
        )
    return found


def _keys(ids: list[UUID]) -> dict[UUID, Any]:
    """Whom each device believes: what it would be told at enrolment."""
    from nguon.devices.models import Device
    from nguon.devices.queries import wire_keys
    from nguon.keys import sealing
    from nguon.kit import clock

    desk, by_place, found = sealing.Desk(clock.now()), dict[UUID, Any](), dict[UUID, Any]()
    wanted = set(ids)
    for device in Device.objects.filter(simulated=True).iterator():
        place = device.place_id
        if device.pk not in wanted:
            continue
        if place not in by_place:
            by_place[place] = desk.ring(place)
        found[device.pk] = wire_keys(device, by_place[place])
    return found


async def _clusters() -> None:
    from django.conf import settings

    from nguon.agent.clusters import run_clusters
    from nguon.delivery.service import db

    await run_clusters(
        lambda: db(_simulated),
        lambda device: db(_code, device),
        server=f"http://127.0.0.1:{settings.PORT}",
        broker=settings.NGUON_BROKER_URL,
    )


def _simulated() -> "list[Wanted]":
    """The simulated devices of the registry in use, without those that belong to a swarm."""
    from django.conf import settings

    from nguon.agent.clusters import Wanted
    from nguon.devices.models import Device, Status

    rows = Device.objects.filter(simulated=True).exclude(status=Status.RETIRED).values_list("pk", "unplugged")
    swarm = _known().keys()
    return [Wanted(pk.hex, settings.DATA / "clusters" / pk.hex, off) for pk, off in rows if pk not in swarm]


def _code(device: str) -> str:
    from nguon.devices.actions import issue_code
    from nguon.devices.models import Device
    from nguon.kit import clock

    return issue_code(device=Device.objects.get(pk=UUID(device)), actor="clusters", now=clock.now())
