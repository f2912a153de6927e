"""The services of the server, in the order they start. Production runs the same list under systemd."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn
from django.apps import apps
from django.conf import settings

from nguon.config.supervisor import Ready, Service, at_once


async def _broker_answers() -> bool:
    return await _connects(settings.NGUON_BROKER_BIND, settings.NGUON_BROKER_PORT)


async def _web_answers() -> bool:
    """Whether GET /healthz says 200."""
    try:
        reader, writer = await asyncio.open_connection(_near(settings.BIND), settings.PORT)
    except OSError:
        return False
    try:
        writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        answer = await asyncio.wait_for(reader.readline(), 10)
        return b" 200 " in answer
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


async def _connects(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(_near(host), port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


async def _relay_answers() -> bool:
    return not settings.NGUON_RELAY_OWN or await _connects(settings.NGUON_RELAY_BIND, settings.NGUON_RELAY_PORT)


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _own_broker() -> bool:
    return bool(settings.NGUON_BROKER_OWN)


def _simulated_devices() -> bool:
    return apps.get_model("devices.Device")._default_manager.filter(simulated=True).exists()


def _always() -> bool:
    return True


def web() -> None:
    """The web service: pages, the device API and the event streams."""
    uvicorn.run(
        "nguon.config.asgi:application",
        host=settings.BIND,
        port=settings.PORT,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=262_144,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,  # an open event stream would hold the stop for ever
    )


@dataclass(frozen=True)
class Kind:
    """One service: what it is for, the dotted path of what it runs (empty: the command line itself), when it runs."""

    name: str
    summary: str
    start: str
    ready: Ready = at_once
    wanted: Callable[[], bool] = _always
    argv: tuple[str, ...] = ()

    def command(self) -> tuple[str, ...]:
        """The arguments after `nguon` that run this service in the foreground."""
        return self.argv or ("run", self.name)


KINDS = (
    Kind("broker", "the MQTT broker, a child mosquitto", "nguon.config.broker.run", _broker_answers, _own_broker),
    Kind("live", "carries live voice to the devices", "nguon.live.service.run", _relay_answers),
    Kind("web", "pages, device API and event streams", "nguon.config.services.web", _web_answers),
    Kind("sender", "sends orders to the devices, again until answered", "nguon.delivery.sender.run"),
    Kind("listener", "records what the devices answer", "nguon.delivery.listener.run"),
    Kind("clock", "begins and ends what is due", "nguon.delivery.clock.run"),
    Kind("planner", "compiles programmes into the plans of devices", "nguon.programme.planner.run"),
    Kind("alerts", "says alerts again, and ends them", "nguon.alerts.service.run"),
    Kind("cases", "reminds of what people told, and lets late cases climb", "nguon.feedback.service.run"),
    Kind("links", "speaks with other systems: alerts as CAP, playlists of boards", "nguon.config.exchange.run"),
    Kind("jobs", "makes sound from text", "nguon.config.jobs.run"),
    Kind("archive", "takes old recordings into the archive", "nguon.config.jobs.run_archive"),
    Kind("clusters", "the simulated devices", "", wanted=_simulated_devices, argv=("swarm", "--clusters")),
)


def wanted() -> list[Service]:
    """The services that this server needs, ready to be supervised. Asks the database: call it outside the loop."""
    return [
        Service(kind.name, (sys.executable, "-m", "nguon.cli", *kind.command()), kind.ready)
        for kind in KINDS
        if kind.wanted()
    ]
