"""What devices send over HTTP, taken apart."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.http import HttpRequest
from msgspec import Meta

from nguon.api.errors import BadBody, TooLarge, Unsigned
from nguon.devices.models import Seen
from nguon.devices.photos.actions import Taken
from nguon.devices.photos.rules import LARGEST
from nguon.kit import clock
from nguon.ports.channel import Shown
from nguon.wire.messages import Id, Millis, Sha256

MAX_ENROL = 4096  # bytes
MAX_SHOWN = 64 * 1024  # bytes
MAX_PROOF = 20 * 1024 * 1024  # bytes
MOST_MS = 8 * 86_400_000  # of a page on one day: it may stand in several regions
LATE_DAYS = 31  # a day may be told so long after it
SKEW = timedelta(minutes=2)  # that two clocks may differ
_CHUNK = 256 * 1024


class Enrol(msgspec.Struct, frozen=True):
    """The body of `POST enrol`."""

    code: Annotated[str, Meta(max_length=40)]
    public_key: Annotated[str, Meta(max_length=100)]
    software: Annotated[str, Meta(max_length=200)] = ""


class Show(msgspec.Struct, frozen=True):
    """The body of `POST screens`."""

    software: Annotated[str, Meta(max_length=200)] = ""


class Ask(msgspec.Struct, frozen=True):
    """The body of `POST screens/ask`."""

    ticket: Annotated[str, Meta(max_length=100)]


@dataclass(frozen=True)
class Credentials:
    """Who a device says it is."""

    device: UUID
    password: str
    address: str


T = TypeVar("T")


def read(request: HttpRequest, kind: type[T], most: int = MAX_ENROL) -> T:
    """A small body of JSON, of at most so many bytes. Raises BadBody, TooLarge."""
    body = request.read(most + 1)
    if len(body) > most:
        raise TooLarge
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadBody from error


def address(request: HttpRequest) -> str:
    """Where the request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def host(request: HttpRequest) -> str:
    """The name by which the device reached this server, without a port."""
    return urlsplit(f"//{request.get_host()}").hostname or ""


def credentials(request: HttpRequest) -> Credentials:
    """HTTP Basic: the device's id (32 hexadecimal digits) and its password. Raises Unsigned."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Unsigned
    try:
        name, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise Unsigned from error
    try:
        return Credentials(hex_id(name), password, address(request))
    except BadBody as error:
        raise Unsigned from error


def hex_id(text: str) -> UUID:
    """An id of 32 hexadecimal digits. Raises BadBody."""
    if len(text) != 32:
        raise BadBody
    try:
        return UUID(hex=text)
    except ValueError as error:
        raise BadBody from error


class Photo(msgspec.Struct, frozen=True):
    """The query of `PUT photo`."""

    seen: Literal["picture", "blank", "still", "off", "none"]
    at: Millis | None = None
    asked: Id | None = None
    broadcast: Id | None = None


def photo(request: HttpRequest, name: str) -> Taken:
    """A photo with what is said of it; of its bytes at most one more than it may have. Raises BadBody."""
    try:
        said = msgspec.convert(request.GET.dict(), Photo, strict=False)
    except msgspec.ValidationError as error:
        raise BadBody from error
    asked, broadcast = (UUID(one) if one else None for one in (said.asked, said.broadcast))
    return Taken(hex_id(name), Seen(said.seen), request.read(LARGEST + 1), said.at, asked, broadcast)


class ShownPage(msgspec.Struct, frozen=True):
    """A page of the body of `PUT shown`: turns, milliseconds in all, when its first and its last turn began."""

    times: Annotated[int, Meta(ge=1, le=100_000)]
    ms: Annotated[int, Meta(ge=0, le=MOST_MS)]
    first: Millis
    last: Millis


class ShownDay(msgspec.Struct, frozen=True):
    """The body of `PUT shown`: pages by their hash."""

    pages: Annotated[dict[Sha256, ShownPage], Meta(max_length=200)]


def shown(request: HttpRequest, name: str, now: datetime) -> tuple[date, list[Shown]]:
    """The day of the address, and what the device showed on it.

    Raises BadBody, also for a day that is to come or over for LATE_DAYS, and for turns of another day; TooLarge.
    """
    day = _day(name)
    if not clock.local_day(now) - timedelta(days=LATE_DAYS) <= day <= clock.local_day(now + SKEW):
        raise BadBody
    rows = []
    for sha256, page in read(request, ShownDay, MAX_SHOWN).pages.items():
        first, last = clock.from_ms(page.first), clock.from_ms(page.last)
        if first > last or {clock.local_day(first), clock.local_day(last)} != {day}:
            raise BadBody
        rows.append(Shown(sha256, page.times, page.ms, first, last))
    return day, rows


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=clock.LOCAL).date()
    except ValueError as error:
        raise BadBody from error


@dataclass(frozen=True)
class Upload:
    """A body kept on disk."""

    path: Path
    size: int  # bytes


@contextmanager
def upload(request: HttpRequest) -> Iterator[Upload]:
    """The body of a proof, streamed to disk and gone afterwards. Raises BadBody, TooLarge."""
    if int(request.headers.get("Content-Length") or 0) > MAX_PROOF:
        raise TooLarge
    with tempfile.NamedTemporaryFile() as file:
        size = 0
        while chunk := request.read(_CHUNK):
            size += len(chunk)
            if size > MAX_PROOF:
                raise TooLarge
            file.write(chunk)
        file.flush()
        if not size:
            raise BadBody
        yield Upload(Path(file.name), size)
