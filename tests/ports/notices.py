"""Real servers for ways of telling: a mail server (aiosmtpd) and a gateway (http.server), both on loopback."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services import free_port


@dataclass
class Mail:
    """What a mail server took, and what it is to say (`rcpt`, `data`: an answer instead of taking it)."""

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    rcpt: str = ""
    data: str = ""
    password: str = "mật khẩu"

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        return "250 taken as 4711"

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == self.password
        if good:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=good)


@contextmanager
def mail(
    context: ssl.SSLContext | None = None, *, implicit: bool = False, **settings: Any
) -> Iterator[tuple[Mail, int]]:
    """A mail server and its port. With a context it offers STARTTLS, or speaks TLS from the first byte (`implicit`)."""
    box, port = Mail(), free_port()
    given: dict[str, Any] = {"authenticator": box.let_in, "auth_require_tls": False, **settings}
    if context is not None:
        given |= {"ssl_context": context} if implicit else {"tls_context": context}
    made = Controller(box, hostname="127.0.0.1", port=port, **given)
    made.start()
    try:
        yield box, port
    finally:
        made.stop()


@dataclass
class Gateway:
    """What a gateway was asked, and what it is to answer."""

    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"reference": "sms-1"}'
    wait: threading.Event = field(default_factory=threading.Event)

    def said(self) -> dict[str, Any]:
        """The newest message it was asked to send."""
        found: dict[str, Any] = json.loads(self.asked[-1][1])
        return found


@contextmanager
def gateway(context: ssl.SSLContext | None = None) -> Iterator[tuple[Gateway, int]]:
    """A gateway and its port. `wait` is set: it answers; clear it and it takes the question and says nothing."""
    box = Gateway()
    box.wait.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            box.wait.wait(30)
            self.send_response(box.status)
            for name, value in {"Content-Length": str(len(box.body)), **box.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(box.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield box, server.server_address[1]
    finally:
        box.wait.set()
        server.shutdown()
        thread.join()
        server.server_close()
