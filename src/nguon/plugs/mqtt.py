"""The bus over MQTT 5, by gmqtt: the fastest client of the broker that was measured in Python."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from gmqtt import Client, Subscription
from gmqtt.mqtt.constants import MQTTv50

from nguon.ports.bus import Handler

log = logging.getLogger(__name__)
RETRY = 0.5  # seconds between tries to reach the broker
NEVER = -2  # gmqtt's own reconnecting off (0 still allows one, -1 means for ever): a late one would kick ours out
_quiet = logging.getLogger(f"{__name__}.client")
_quiet.setLevel(logging.CRITICAL)  # it reports every drop as an error; `_keep` says what matters


class MqttBus:
    """One connection to the broker at `url` (`mqtt://host:port`), signed in as `username`.

    `password` may be a function, asked at each dialling: a broker that lost its files has made itself a new one.
    """

    def __init__(self, url: str, username: str, password: str | Callable[[], str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 1883
        self._username, self._password = username, password
        self._client: Any = None
        self._keeper: asyncio.Task[None] | None = None
        self._up, self._down = asyncio.Event(), asyncio.Event()

    def check(self) -> None:
        """The client needs nothing outside; the broker may come later."""

    async def connect(self, *, client_id: str, subscribe: tuple[str, ...] = (), handler: Handler | None = None) -> None:
        """Connect, waiting for the broker as long as it takes. See `nguon.ports.bus`."""
        self._keeper = asyncio.create_task(self._keep(client_id, subscribe, handler))
        await self._up.wait()

    async def _keep(self, client_id: str, subscribe: tuple[str, ...], handler: Handler | None) -> None:
        """Dial, stay until the connection drops, dial again: a fresh client each time, with no memory of refusals."""
        while True:
            try:
                self._client = self._build(client_id, subscribe, handler)
                async with asyncio.timeout(10):  # a connection lost before its answer would wait for ever
                    await self._client.connect(self._host, self._port, keepalive=30, version=MQTTv50)
                await self._down.wait()
            except Exception as error:  # the client raises its own and the socket's errors
                log.info("no broker at %s:%s: %s", self._host, self._port, error)
            self._up.clear()
            await self._hang_up()
            await asyncio.sleep(RETRY)

    def _build(self, client_id: str, subscribe: tuple[str, ...], handler: Handler | None) -> Any:
        client = Client(client_id, clean_session=True, logger=_quiet)
        password = self._password if isinstance(self._password, str) else self._password()
        client.set_auth_credentials(self._username, password)
        client.set_config({"reconnect_retries": NEVER})
        self._down.clear()

        def on_connect(*_: Any) -> None:
            if subscribe:
                client.subscribe([Subscription(topic, qos=0) for topic in subscribe])
            self._up.set()

        def on_message(_: Any, topic: str, payload: bytes, __: int, ___: Any) -> int:
            if handler:
                handler(topic, payload)
            return 0

        client.on_connect, client.on_message = on_connect, on_message
        client.on_disconnect = lambda *_, **__: self._down.set()
        return client

    async def _hang_up(self) -> None:
        with contextlib.suppress(Exception):  # a dead connection may refuse even this
            await self._client.disconnect()

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._up.is_set()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, qos: int = 0) -> None:
        """Hand one message to the broker without waiting. Raises ConnectionError while there is no connection."""
        if not self._up.is_set():
            raise ConnectionError("no connection to the broker")
        self._client.publish(topic, payload, qos=qos, retain=retain)

    def pause(self) -> None:
        """Stop reading the socket: the kernel and then the broker keep what comes."""
        if transport := self._transport():
            transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if transport := self._transport():
            transport.resume_reading()

    def _transport(self) -> Any:
        """The socket of the connection that stands now; gmqtt has no name for it of its own. None without one."""
        transport = getattr(getattr(self._client, "_connection", None), "_transport", None)
        return None if transport is None or transport.is_closing() else transport

    async def drain(self) -> None:
        """Let the transport write what was published."""
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Disconnect in good order."""
        if self._keeper:
            self._keeper.cancel()
        self._up.clear()
        await self._hang_up()
