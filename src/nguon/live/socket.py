"""The speaker's line: a WebSocket beside the pages, for the session's own speaker, from a page of this server.

Browser → server: `{"do": "begin" | "again" | "end"}`, and pieces of what is recorded (binary); after "again" another
recording begins. Server → browser: `{"state": "ready" | "on-air" | "heard" | "ended" | "refused", …}`; `left` is in ms.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from nguon.delivery.service import db
from nguon.kit import clock
from nguon.live import actions, rules
from nguon.live.air import ON_AIR, Air
from nguon.live.models import LiveSession, State
from nguon.people.asking import stands
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, may
from nguon.ports.relay import RelayRefused

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
ADDRESS = re.compile(r"/phat-truc-tiep/([0-9a-f-]{36})/duong-truyen")
PIECE_MOST = 262_144  # bytes of one piece: more is no voice
log = logging.getLogger(__name__)


class Sockets:
    """An ASGI application around another that takes the lines of speakers and refuses every other WebSocket."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        await receive()  # websocket.connect
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        key, found = _session_key(headers), ADDRESS.fullmatch(scope["path"])
        session = await db(_mine, key, UUID(found[1])) if key and found and _from_here(headers) else None
        if session is None:
            await send({"type": "websocket.close", "code": 4403})
            return
        await send({"type": "websocket.accept"})
        await Line(session, key, _language(headers), receive, send).run()


def _from_here(headers: dict[bytes, str]) -> bool:
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    return rules.same_site(origin, host, settings.CSRF_TRUSTED_ORIGINS)


def _cookies(headers: dict[bytes, str]) -> dict[str, str]:
    try:
        return {name: found.value for name, found in SimpleCookie(headers.get(b"cookie", "")).items()}
    except CookieError:
        return {}


def _session_key(headers: dict[bytes, str]) -> str:
    return _cookies(headers).get(settings.SESSION_COOKIE_NAME, "")


def _language(headers: dict[bytes, str]) -> str:
    return _cookies(headers).get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)


def _person(key: str) -> Person | None:
    """Who is signed in under a session now."""
    request = HttpRequest()
    request.session = cast("SessionBase", import_module(settings.SESSION_ENGINE).SessionStore(key))
    person = auth.get_user(request)
    if not isinstance(person, Person) or not person.is_active or person.password_is_initial:
        return None
    request.user = person
    return person if stands(request) else None


def _mine(key: str, pk: UUID) -> LiveSession | None:
    """The session, if it is this person's and may still be spoken in."""
    person = _person(key)
    if person is None:
        return None
    found = LiveSession.objects.select_related("person", "broadcast").filter(pk=pk, person=person)
    return found.exclude(state=State.ENDED).first()


def _allowed(key: str, place: UUID) -> bool:
    person = _person(key)
    return person is not None and may(person, Right.BROADCAST, place)


class Line:
    """One connection of one speaker."""

    def __init__(self, session: LiveSession, key: str, language: str, receive: Receive, send: Send) -> None:
        self.session, self._key, self._language = session, key, language
        self._receive, self._send = receive, send
        self._air: Air | None = None
        self._said: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the line is cut. What is on the air goes on for the time of grace."""
        if self.session.state == State.ON_AIR:
            await self._resume()
        else:
            await self._tell(state="ready", left=self.session.minutes * 60_000)
        while (message := await self._receive())["type"] == "websocket.receive":
            data, words = message.get("bytes"), message.get("text")
            if data is not None and self._air is not None and len(data) <= PIECE_MOST:
                self._air.take(data)
            elif words is not None:
                await self._do(words)

    async def _resume(self) -> None:
        """Back after a break. Another server process cannot take it over: it is over there soon, by the same grace."""
        air = ON_AIR.get(self.session.pk)
        if air is None:
            await self._tell(state="refused", words=_in(self._language, _gone))
            return
        await self._carry(air)

    async def _do(self, words: str) -> None:
        try:
            asked = json.loads(words)["do"]
        except (ValueError, KeyError, TypeError):
            return
        if asked == "begin" and self._air is None:
            await self._begin()
        elif asked == "again" and self._air is not None:  # another microphone: its sound has a head of its own
            await self._air.line(self._ended, self._heard, self._may)
        elif asked == "end" and self._air is not None:
            await self._air.end(rules.SPEAKER)

    async def _begin(self) -> None:
        air = Air(self.session)
        try:
            await air.open()
        except (RelayRefused, OSError, ValueError) as error:
            log.warning("no relay for %s: %s", self.session.pk.hex, error)
            await self._tell(state="refused", words=_in(self._language, _no_relay))
            return
        try:
            session = await db(_begin, self.session, self._language)
        except (actions.LiveError, Forbidden) as error:
            await air.abandon()
            await self._tell(state="refused", words=str(error))
            return
        air.begin(session)
        await self._carry(air)

    async def _carry(self, air: Air) -> None:
        await air.line(self._ended, self._heard, self._may)
        self._air = air
        await self._tell(state="on-air", left=air.left_ms)

    def _may(self) -> bool:
        return _allowed(self._key, self.session.place_id)

    def _heard(self, started: int, total: int) -> None:
        self._soon(state="heard", started=started, total=total)

    def _ended(self, why: str) -> None:
        self._soon(state="ended", why=why)

    def _soon(self, **words: object) -> None:
        task = asyncio.create_task(self._tell(**words))
        self._said.add(task)
        task.add_done_callback(self._said.discard)

    async def _tell(self, **words: object) -> None:
        try:
            await self._send({"type": "websocket.send", "text": json.dumps(words)})
        except Exception:  # the line is cut: nobody listens there
            log.debug("a speaker's line is cut")


def _begin(session: LiveSession, language: str) -> LiveSession:
    with translation.override(language):
        return actions.begin(session=session, actor=session.person, now=clock.now())


def _in(language: str, words: Callable[[], str]) -> str:
    with translation.override(language):
        return words()


def _no_relay() -> str:
    return _("Máy chủ chưa sẵn sàng phát trực tiếp. Chờ một phút rồi bấm lại, vẫn không được thì báo kỹ thuật.")


def _gone() -> str:
    return _("Máy chủ đã khởi động lại nên lần phát này kết thúc. Hãy mở lần phát mới.")
