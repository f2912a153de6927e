"""E-mail through an SMTP server.

`smtp://user:password@host:587` asks for STARTTLS and goes no further without it; `smtps://…:465` is TLS from the first
byte; `smtp+plain://host:25` is in the clear: without a password, or within one's own network only.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from nguon.agent import tls
from nguon.kit.clock import LOCAL
from nguon.kit.words import gettext_noop
from nguon.plugs.notices.deadline import within as deadline
from nguon.plugs.notices.near import is_near
from nguon.ports.notice import WITHIN, Failure, Notice, NoticeFailed, Recipient

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class Smtp:
    """One account with one server. `sender` is the address in From, `Tên <địa chỉ>` or the address alone."""

    kind = "email"
    label = gettext_noop("Thư điện tử")
    real = True

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port_of = parts
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def check(self) -> None:
        """Raises ValueError: an address that is none, a password in the clear, a sender that is none."""
        if self._scheme not in PORTS or not self._host:
            raise ValueError("NGUON_SMTP_URL is no address of a mail server, as smtp://user:password@host:587")
        _ = self._port
        if self._scheme == "smtp+plain" and self._user and not is_near(self._host):
            raise ValueError("NGUON_SMTP_URL would send the password in the clear: use smtp:// or smtps://")
        if "@" not in self._from.addr_spec:
            raise ValueError("NGUON_SMTP_FROM is no e-mail address")

    def address(self, to: Recipient) -> str:
        """Their e-mail address."""
        return to.email

    def tell(self, notice: Notice, *, within: float = WITHIN) -> str:
        """One connection, one letter. The answer is the server's own words for having taken it."""
        letter = self._letter(notice)
        return deadline(within, "smtp", lambda: self._send(letter, notice.to.email, within))

    @property
    def _port(self) -> int:
        return self._port_of.port or PORTS[self._scheme]  # ValueError for what is no port

    @property
    def _from(self) -> Address:
        name, _, address = self._sender.rpartition("<")
        try:
            return Address(display_name=name.strip().strip('"'), addr_spec=address.rstrip("> "))
        except (ValueError, IndexError) as error:
            raise ValueError("NGUON_SMTP_FROM is no e-mail address") from error

    def _letter(self, notice: Notice) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        try:
            letter["To"] = Address(display_name=notice.to.name, addr_spec=notice.to.email)
        except (ValueError, IndexError) as error:
            raise NoticeFailed("no e-mail address", Failure.ADDRESS) from error
        letter["From"] = self._from
        letter["Subject"] = " ".join(notice.subject.split())
        letter["Date"] = format_datetime(notice.at.astimezone(LOCAL))
        letter["Message-ID"] = f"<{notice.id.hex}@{self._from.domain}>"  # a second one of the same is known by it
        letter["Importance"] = "high"
        letter["X-Priority"] = "1"
        letter["Auto-Submitted"] = "auto-generated"  # nobody's holiday answer comes back
        letter.set_content(notice.text, charset="utf-8")
        return letter

    def _send(self, letter: EmailMessage, to: str, seconds: float) -> str:
        with _failures(), self._server(seconds) as server:
            if self._user:
                server.login(self._user, self._password)
            code, said = server.mail(self._from.addr_spec)
            if code != 250:
                raise _refused(code, said, Failure.REFUSED)
            code, said = server.rcpt(to)
            if code not in (250, 251):
                raise _refused(code, said, Failure.ADDRESS)
            code, said = server.data(letter.as_bytes())
            if code != 250:
                raise _refused(code, said, Failure.REFUSED)
            return _words(said)

    @contextmanager
    def _server(self, seconds: float) -> Iterator[smtplib.SMTP]:
        """A connection that is as secret as the address says; closed whatever happens, in good order if it can be."""
        secure = self._scheme == "smtps"
        made = (
            smtplib.SMTP_SSL(self._host, self._port, timeout=seconds, context=tls.context())
            if secure
            else smtplib.SMTP(self._host, self._port, timeout=seconds)
        )
        try:
            made.ehlo_or_helo_if_needed()
            if self._scheme == "smtp":
                if not made.has_extn("starttls"):
                    raise NoticeFailed("the mail server does not offer STARTTLS", Failure.TRUST)
                made.starttls(context=tls.context())
                made.ehlo()
            yield made
            made.sock.settimeout(1.0) if made.sock else None
            _quit(made)
        finally:
            made.close()


def _quit(server: smtplib.SMTP) -> None:
    """The letter is taken by now: how the connection ends changes nothing."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        return


@contextmanager
def _failures() -> Iterator[None]:
    """What may go wrong, in our words. None of them holds the password: smtplib shows what the server said only."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        kind = Failure.KEY if error.smtp_code >= 500 else Failure.BUSY
        raise NoticeFailed(f"the mail server lets us not in ({error.smtp_code})", kind) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error, Failure.REFUSED) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NoticeFailed(f"the mail server cannot do this: {error}", Failure.REFUSED) from None
    except smtplib.SMTPException as error:
        raise NoticeFailed(f"the mail server broke off: {error}", Failure.AWAY) from None
    except ssl.SSLError as error:
        raise NoticeFailed(f"no secret connection to the mail server: {error}", Failure.TRUST) from None
    except TimeoutError:
        raise NoticeFailed("the mail server does not answer", Failure.LATE) from None
    except UnicodeError:
        raise NoticeFailed("the address has letters that the mail server cannot take", Failure.ADDRESS) from None
    except OSError as error:
        raise NoticeFailed(f"the mail server cannot be reached: {error}", Failure.AWAY) from None


def _refused(code: int, said: bytes | str, kind: Failure) -> NoticeFailed:
    """4xx: come again. 5xx: no, and why. Anything else: the connection is gone, or it speaks nonsense."""
    if 400 <= code < 500:
        kind = Failure.BUSY
    elif code < 400:
        kind = Failure.AWAY
    return NoticeFailed(f"the mail server said {code} {_words(said)}", kind)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
