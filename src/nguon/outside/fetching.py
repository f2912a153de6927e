"""Fetching what a stranger's address leads to: within one deadline, up to a size, and never into our own network.

A name is looked up once, each of its addresses is judged, and the connection goes to an address that was judged: a name
that means something else a moment later leads nowhere. Each redirect is judged anew. Nothing of ours is sent along: no
cookie, no key, no proxy of the environment. A token is sent where its caller says so, and only there: no redirect is
followed with it, and it goes unencrypted only into networks that the operator named.
"""

import socket
import ssl
import time
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

import httpcore

from nguon.agent import tls
from nguon.outside.addresses import Fault, Network, is_feed_address, reachable, within

REDIRECTS = 5
_HEADERS = [(b"User-Agent", b"nguon"), (b"Accept-Encoding", b"identity"), (b"Connection", b"close")]
ANYTHING = "*/*"


class FetchFailed(Exception):
    """It could not be had. `detail` is for engineers."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault, self.detail = fault, detail[:300]


@dataclass(frozen=True)
class Answer:
    """What stands at an address. `body` is None if it is as it was (304). `address`: where it was in the end.

    `later`: when to ask again, as `Retry-After` says it.
    """

    body: bytes | None
    address: str
    etag: str = ""
    modified: str = ""
    status: int = 200
    later: str = ""


@dataclass(frozen=True)
class Limits:
    """`size` bytes at most, all within `seconds`; `near`: networks that are let through besides the internet's.

    `accept`: the kinds of documents that are asked for, as HTTP writes them.
    """

    size: int
    seconds: float
    near: tuple[Network, ...] = ()
    accept: str = ANYTHING


@dataclass(frozen=True)
class _Request:
    """What is sent: the method, headers beside the usual ones, a body; whether something of it is secret.

    `taken`: the statuses whose body is an answer.
    """

    method: str = "GET"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    secret: bool = False
    taken: Container[int] = (200,)


def get(address: str, limits: Limits, *, etag: str = "", modified: str = "", token: str = "") -> Answer:
    """What stands there now; with `token`, for its bearer. Raises FetchFailed."""
    request = _Request(headers=(*_known(etag, modified), *_bearer(token)), secret=bool(token))
    return _through(address, limits, request)


def post(address: str, limits: Limits, body: bytes, *, token: str) -> Answer:
    """What is answered to a body of JSON from the bearer of a token. Raises FetchFailed."""
    headers = (*_bearer(token), (b"Content-Type", b"application/json"), (b"Content-Length", b"%d" % len(body)))
    return _through(address, limits, _Request("POST", headers, body, secret=True))


def send_form(address: str, limits: Limits, fields: Mapping[str, str], *, taken: tuple[int, ...]) -> Answer:
    """What is answered to the fields of a form, one of which is a secret. Raises FetchFailed.

    `taken`: the statuses whose body is wanted, that of a refusal too.
    """
    body = urlencode(fields).encode()
    kind = b"application/x-www-form-urlencoded; charset=utf-8"
    headers = ((b"Content-Type", kind), (b"Content-Length", b"%d" % len(body)))
    return _through(address, limits, _Request("POST", headers, body, secret=True, taken=taken))


def deliver(address: str, limits: Limits, body: bytes, headers: Mapping[str, str]) -> Answer:
    """What is answered to bytes with these headers, one of which is a secret; of any status. Raises FetchFailed."""
    said = tuple((name.encode("ascii"), value.encode("ascii")) for name, value in headers.items())
    length = (b"Content-Length", b"%d" % len(body))
    return _through(address, limits, _Request("POST", (*said, length), body, secret=True, taken=range(200, 600)))


def _known(etag: str, modified: str) -> tuple[tuple[bytes, bytes], ...]:
    tags = ((b"If-None-Match", etag), (b"If-Modified-Since", modified))
    return tuple((name, value.encode("latin-1", "ignore")) for name, value in tags if value)


def _bearer(token: str) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"Authorization", b"Bearer " + token.encode("ascii", "ignore")),) if token else ()


def _through(address: str, limits: Limits, request: _Request) -> Answer:
    end = time.monotonic() + limits.seconds
    for _hop in range(REDIRECTS + 1):
        if not is_feed_address(address):
            raise FetchFailed(Fault.ADDRESS, address)
        found = _ask(address, limits, end, request)
        if isinstance(found, Answer):
            return found
        if request.secret:
            raise FetchFailed(Fault.ADDRESS, f"a token is not carried on to {found}")
        if urlsplit(address).scheme == "https" and urlsplit(found).scheme != "https":
            raise FetchFailed(Fault.ADDRESS, f"from https to {found}")
        address = found
    raise FetchFailed(Fault.CIRCLE, address)


def _ask(address: str, limits: Limits, end: float, request: _Request) -> Answer | str:
    """The answer, or the address it sends us on to."""
    headers = [*_HEADERS, (b"Accept", limits.accept.encode("ascii")), *request.headers]
    guard = _Guarded(limits.near, end, named=request.secret and urlsplit(address).scheme != "https")
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls.context(), network_backend=guard) as pool,
            pool.stream(request.method, _ascii(address), headers=headers, content=request.body or None) as response,
        ):
            return _read(response, address, limits, request.taken)
    except httpcore.TimeoutException as error:
        raise FetchFailed(Fault.LATE, f"more than {limits.seconds:g} s") from error
    except httpcore.ConnectError as error:
        certificate = isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error) or "CERTIFICATE" in str(error)
        raise FetchFailed(Fault.TLS if certificate else Fault.CONNECT, str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchFailed(Fault.CUT, str(error) or type(error).__name__) from error
    except ssl.SSLError as error:
        raise FetchFailed(Fault.TLS, str(error)) from error
    except (UnicodeError, ValueError, OSError) as error:
        raise FetchFailed(Fault.CUT, f"{type(error).__name__}: {error}") from error


def _read(response: httpcore.Response, address: str, limits: Limits, taken: Container[int]) -> Answer | str:
    told = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status in (301, 302, 303, 307, 308) and b"location" in told:
        return urljoin(address, told[b"location"])
    etag, modified = told.get(b"etag", "")[:300], told.get(b"last-modified", "")[:100]
    if response.status == 304:
        return Answer(None, address, etag, modified)
    if response.status not in taken:
        raise FetchFailed(Fault.STATUS, str(response.status))
    if told.get(b"content-encoding", "identity").lower() != "identity":
        raise FetchFailed(Fault.CONTENT, f"packed as {told[b'content-encoding']}")  # never unpacked: it may be a bomb
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > limits.size:
            raise FetchFailed(Fault.LARGE, f"more than {limits.size} bytes")
    return Answer(bytes(body), address, etag, modified, response.status, told.get(b"retry-after", "")[:100])


def _ascii(address: str) -> str:
    """The address as HTTP sends it: a host with Vietnamese letters by IDNA, a path by percents."""
    parts = urlsplit(address)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name.encode("idna").decode()
    port = f":{parts.port}" if parts.port else ""
    kept = "/%:@!$&'()*+,;=~-._?"
    return urlunsplit((parts.scheme, host + port, quote(parts.path or "/", kept), quote(parts.query, kept), ""))


class _Guarded(httpcore.NetworkBackend):
    """Connects to addresses that were judged, and gives streams that know the deadline.

    `named`: only to networks that the operator named.
    """

    def __init__(self, near: Iterable[Network], end: float, *, named: bool = False) -> None:
        self._near, self._end, self._named, self._inner = tuple(near), end, named, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception | None = None
        for address in self._judged(host, port):
            try:
                stream = self._inner.connect_tcp(address, port, _left(self._end), local_address, socket_options)
            except httpcore.ConnectError as error:
                failed = error
                continue
            return _Timed(stream, self._end)
        raise failed or httpcore.ConnectError(f"{host} has no address")

    def _judged(self, host: str, port: int) -> list[str]:
        """The addresses of a host. All must be let through: one that is not shows that the name is a trick."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise FetchFailed(Fault.NAME, f"{host}: {error}") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if not reachable(address, self._near):
                raise FetchFailed(Fault.NEAR, f"{host} is {address}")
            if self._named and not within(address, self._near):
                raise FetchFailed(Fault.ADDRESS, f"a token is not sent unencrypted to {address}")
        return addresses


class _Timed(httpcore.NetworkStream):
    """A connection in which nothing waits past the deadline, however slowly the bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, end: float) -> None:
        self._inner, self._end = inner, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._end))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, _left(self._end)), self._end)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left
