"""How much a request may carry. Django keeps a whole body on disk before any view is asked, or anybody is known."""

from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.utils.translation import gettext as _

from nguon.api.forms import MAX_PROOF
from nguon.feedback.sizes import MOST_PHOTOS_MB
from nguon.portal.documents import MOST_MB as MOST_DOCUMENT_MB

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
MEGABYTE = 1024 * 1024
SMALL = 4 * MEGABYTE  # bytes of any form without a file
TOLD = ("/phan-anh/gui", "/phan-anh/theo-doi/bo-sung")  # below any site, from whoever: photos go with it
PROOFS, EDITOR, IMPORTS, DESK = "/api/1/proof/", "/ban-tin/", "/kho-tu-lieu/nhap/", "/xu-ly-phan-anh/"
SITES, SITES_MB = "/trang-xa/", MOST_DOCUMENT_MB + 1  # a paper and the rest of its form; drafts and emblems are less
DESK_MB = 60  # several photos of a telephone


class BodyLimit:
    """An ASGI application around another that lets through only bodies of a size that the sender may send there."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        declared = _declared(headers)
        limit = SMALL if declared is not None and declared <= SMALL else await _limit(scope["path"], headers)
        if declared is None or declared > limit:
            await _refuse(send)
            return
        body = _Counted(receive, limit)
        await self._app(scope, body, send)
        if body.over:
            await _refuse(send)


def _declared(headers: dict[bytes, bytes]) -> int | None:
    """The declared length in bytes, 0 if there is none; None for nonsense."""
    said = headers.get(b"content-length", b"0")
    return int(said) if said.isdigit() and len(said) < 19 else None


async def _limit(path: str, headers: dict[bytes, bytes]) -> int:
    if path.startswith(PROOFS) and b"authorization" in headers:
        return MAX_PROOF
    if path.startswith(EDITOR) and await _signed_in(headers):
        most = settings.NGUON_MAX_UPLOAD_MB + settings.NGUON_VIDEO_MB + 1  # a sound, a film and the rest of the form
        return most * MEGABYTE
    if path.startswith(IMPORTS) and await _signed_in(headers):
        return (settings.NGUON_ARCHIVE_FILE_MB + 1) * MEGABYTE
    if path.endswith(TOLD):
        return (MOST_PHOTOS_MB + 1) * MEGABYTE
    if path.startswith(DESK) and await _signed_in(headers):
        return DESK_MB * MEGABYTE
    if path.startswith(SITES) and await _signed_in(headers):
        return SITES_MB * MEGABYTE
    return SMALL


async def _signed_in(headers: dict[bytes, bytes]) -> bool:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return False
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    if found is None:
        return False
    store = import_module(settings.SESSION_ENGINE).SessionStore(found.value)
    return SESSION_KEY in await store.aload()


class _Counted:
    """The same messages until their bodies are over the limit, whatever was declared; then as if the sender hung up.

    Django drops what it has kept of such a body, and answers nothing: it reads all of a body before it answers.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left = receive, limit
        self.over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.over = self._left < 0
        return {"type": "http.disconnect"} if self.over else message


async def _refuse(send: Send) -> None:
    words = _("Nội dung gửi lên quá lớn.").encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": words})
