"""The link to the broker: MQTT 5, opened again and again with growing pauses, a fresh client each time."""

import asyncio
import contextlib
import logging
import random
import socket
import ssl
from collections.abc import Callable
from typing import Any

import gmqtt
from gmqtt.mqtt.handler import MQTTError

from nguon.agent import tls
from nguon.agent.events import Connected, Disconnected, Event, Heard
from nguon.agent.identity import Identity
from nguon.agent.units import CHANNEL
from nguon.wire import topics

log = logging.getLogger(__name__)
KEEPALIVE = 60  # seconds
ANSWER_WITHIN = 15.0  # seconds for the broker to accept us
SLOWEST = 60.0  # seconds between two tries, at most
STEADY = 30.0  # seconds a link must have held for the next one to be tried without a growing pause
UNBROKEN = 0.2  # seconds an attempt to connect may take to come to an end it can be broken off at
UNHEARD = 30_000  # ms what we say may stay without an answer of the network; then the link is lost

_quiet = logging.getLogger("nguon.agent.link.gmqtt")
_quiet.setLevel(logging.CRITICAL)  # what it says of each try is said here once, in our words


class Link:
    """One device's link. `tell` gets Connected, Heard, Disconnected, all in the loop's own thread.

    `will` makes the bytes left with the broker as last will, at each connecting.
    """

    def __init__(
        self, identity: Identity, tell: Callable[[Event], None], will: Callable[[], bytes], *, first_wait: float = 1.0
    ) -> None:
        self._identity, self._tell, self._will = identity, tell, will
        self._first_wait = first_wait
        self._client: gmqtt.Client | None = None
        self._subscribed: frozenset[str] = frozenset()
        self._timeless = False  # our clock is surely behind: the broker's certificate is not valid yet by it

    async def run(self) -> None:
        """Keep the link up until cancelled; then disconnect in good order, without a last will but saying offline."""
        wait = self._first_wait
        now = asyncio.get_running_loop().time
        try:
            while True:
                began = now()
                words = await self._once() or "the link broke"
                if now() - began > STEADY:
                    wait = self._first_wait
                log.info("%s; connecting again in about %.1f s", words, wait)
                await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # not all devices at once
                wait = min(wait * 2, SLOWEST)
        finally:
            self._say_goodbye()

    async def _once(self) -> str:
        """One connection from beginning to end. Returns why it never came to be, or nothing if it did."""
        lost = asyncio.Event()
        client = self._fresh_client(lost)
        host, port, secure = self._identity.broker_address()
        try:
            context = self._context() if secure else False
            async with asyncio.timeout(ANSWER_WITHIN):
                opening = asyncio.ensure_future(
                    client.connect(host, port, ssl=context, keepalive=KEEPALIVE, raise_exc=True)
                )
                broken = asyncio.ensure_future(lost.wait())
                try:
                    await asyncio.wait({opening, broken}, return_when=asyncio.FIRST_COMPLETED)
                    if not opening.done():
                        raise ConnectionResetError("the broker hung up")
                    await opening
                finally:
                    broken.cancel()
                    await _drop(opening, client)
        except (OSError, TimeoutError, MQTTError, ValueError) as error:
            self._timeless = self._timeless or tls.too_early(error)
            _abort(client)
            return f"no link to {host}:{port} ({str(error) or 'no answer'})"
        except asyncio.CancelledError:
            _abort(client)
            raise
        _give_up_early(client)
        self._client, self._subscribed = client, frozenset()
        self._tell(Connected())
        try:
            await lost.wait()
        finally:
            if lost.is_set():
                self._client = None
                self._tell(Disconnected())
        return ""

    def _context(self) -> ssl.SSLContext:
        """Of the authority told at enrolment; of those of this machine, if none was told. Raises ValueError."""
        authority = self._identity.ca
        return tls.trusting(authority, timeless=self._timeless) if authority else tls.context()

    def _fresh_client(self, lost: asyncio.Event) -> gmqtt.Client:
        device = self._identity.device
        will = gmqtt.Message(topics.up(device, "presence"), self._will(), retain=True)
        client = gmqtt.Client(device, clean_session=True, will_message=will, logger=_quiet)
        client.set_config({"reconnect_retries": -2, "reconnect_delay": 0})  # never by itself: `run` does that
        client.set_auth_credentials(device, self._identity.password)

        def on_message(_client: Any, _topic: str, payload: bytes, _qos: int, _properties: Any) -> int:
            if self._client is client:
                self._tell(Heard(bytes(payload)))
            return 0

        client.on_message = on_message
        client.on_disconnect = lambda *_: lost.set()
        return client

    def subscribe(self, areas: tuple[str, ...]) -> None:
        """Listen to exactly these areas and to our own topic. Does nothing without a link."""
        if self._client is None:
            return
        wanted = frozenset({topics.down(self._identity.device), *(topics.area(area, CHANNEL) for area in areas)})
        with contextlib.suppress(OSError, AttributeError):
            for topic in sorted(wanted - self._subscribed):
                self._client.subscribe(topic, qos=0)
            for topic in sorted(self._subscribed - wanted):
                self._client.unsubscribe(topic)
        self._subscribed = wanted

    def send(self, what: str, payload: bytes) -> None:
        """Send up, QoS 0; presence is retained. Without a link it is lost here: the core sends again."""
        if self._client is not None:
            self._client.publish(topics.up(self._identity.device, what), payload, qos=0, retain=what == "presence")

    def cut(self) -> None:
        """Break the connection as a pulled plug does: the broker publishes the last will."""
        client, self._client = self._client, None
        if client is not None:
            _abort(client)

    def _say_goodbye(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(OSError, AttributeError):
            client.publish(topics.up(self._identity.device, "presence"), self._will(), qos=0, retain=True)
            client._connection.send_disconnect()
            client._connection._transport.close()


def _give_up_early(client: gmqtt.Client) -> None:
    """A network that swallows what we say is noticed in half a minute, not after the kernel's quarter of an hour."""
    found = client._connection._transport.get_extra_info("socket")
    with contextlib.suppress(OSError, AttributeError):  # where the system does not know it
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD)


async def _drop(opening: "asyncio.Future[Any]", client: gmqtt.Client) -> None:
    """End an attempt to connect. gmqtt must not be broken off between its socket and its connection."""
    if not opening.done() and client._connection is None:
        await asyncio.wait({opening}, timeout=UNBROKEN)
    opening.cancel()
    await asyncio.wait({opening})
    if not opening.cancelled():
        opening.exception()  # seen


def _abort(client: gmqtt.Client) -> None:
    """gmqtt closes only with a farewell, which would tell the broker to forget the will; this ends the socket."""
    connection = client._connection
    if connection is not None:
        connection._transport.abort()
