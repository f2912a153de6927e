"""A foreign server of alerts on loopback: real sockets, HTTP and TLS, and everything that can be wrong with it."""

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Serve = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Foreign:
    """What it serves by path, and what it was asked: (path, headers)."""

    address: str = ""
    pages: dict[str, Serve] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]

    def page(self, path: str, body: bytes, **headers: str) -> str:
        """A page that is as it should be; its address."""
        self.pages[path] = sends(200, body, headers)
        return self.address + path


def sends(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Serve:
    """A plain answer. With an `ETag` header it answers whoever has it that nothing changed."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        tag = (headers or {}).get("ETag")
        same = tag is not None and handler.headers.get("If-None-Match") == tag
        handler.send_response(304 if same else status)
        for name, value in (headers or {}).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0" if same else str(len(body)))
        handler.end_headers()
        if not same:
            handler.wfile.write(body)

    return serve


def moves(to: str) -> Serve:
    return sends(302, headers={"Location": to})


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"<feed>")


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def drips_headers(handler: BaseHTTPRequestHandler) -> None:
    """The same before the first line is done."""
    try:
        while True:
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Takes the call and says nothing."""
    time.sleep(3)


def huge(handler: BaseHTTPRequestHandler) -> None:
    """More than anybody wants, without a length."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


def babbles(handler: BaseHTTPRequestHandler) -> None:
    """Speaks no HTTP."""
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Foreign]:
    """A running server."""
    foreign = Foreign()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            foreign.asked.append((self.path, dict(self.headers)))
            try:
                foreign.pages.get(self.path, sends(404))(self)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that hangs up in the handshake is what a test wants

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    foreign.address = f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield foreign
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def certificate(folder: Path, name: str, begins: datetime, ends: datetime, host: str = "127.0.0.1") -> Path:
    """A certificate that is its own authority, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def day(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)
