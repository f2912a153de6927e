"""The contract of ways of telling, over each plug: a real mail server, a real gateway, and the twin."""

import hashlib
import hmac
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from nguon.agent import tls
from nguon.devices import certificates
from nguon.kit import clock
from nguon.plugs.notices.loud import Loud
from nguon.plugs.notices.smtp import Smtp
from nguon.plugs.notices.webhook import Webhook, sign
from nguon.ports.notice import FINAL, Failure, Notice, NoticeFailed, Notifier, Recipient
from tests.ports import notices
from tests.ports.notices import Gateway, Mail
from tests.services import free_port

SECRET = "một bí mật đủ dài"
FROM = "Hệ thống thông tin nguồn <nguon@tuyphuoc.example.vn>"
AT = datetime(2026, 11, 23, 1, 1, tzinfo=UTC)
TO = Recipient("Nguyễn Văn Trực", "0905000123", "truc@tuyphuoc.example.vn")


def notice(**changes: object) -> Notice:
    given: dict[str, object] = {
        "id": UUID("0190aaaa-0000-7000-8000-000000000001"),
        "to": TO,
        "subject": "[KHẨN] 2 cụm loa không trả lời: Tin lũ khẩn cấp trên sông Kôn",
        "text": "Kính gửi ông Trực,\n\nThôn Quảng Vân: Cụm loa số 1\n",
        "short": "KHẨN: Tin lũ khẩn cấp. Cụm loa không trả lời: Thôn Quảng Vân (1). Hãy báo tận nơi.",
        "at": AT,
        "level": 3,
    }
    return Notice(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.fixture
def mail(stack: ExitStack) -> tuple[Mail, int]:
    return stack.enter_context(notices.mail())


@pytest.fixture
def gateway(stack: ExitStack) -> tuple[Gateway, int]:
    return stack.enter_context(notices.gateway())


@pytest.fixture(params=["email", "gateway", "log"])
def plug(request: pytest.FixtureRequest) -> Notifier:
    if request.param == "email":
        return Smtp(f"smtp+plain://127.0.0.1:{request.getfixturevalue('mail')[1]}", FROM)
    if request.param == "gateway":
        return Webhook(f"http://127.0.0.1:{request.getfixturevalue('gateway')[1]}/nguon", SECRET)
    return Loud()


# every way


def test_it_works_as_set_and_has_a_name(plug: Notifier) -> None:
    plug.check()
    assert plug.kind
    assert len(plug.kind) <= 20
    assert plug.label
    assert plug.real is (plug.kind != "log")


def test_it_tells_and_hands_on_what_was_answered(plug: Notifier, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    assert plug.address(TO)
    answer = plug.tell(notice())
    assert answer == {"email": "taken as 4711", "gateway": "sms-1", "log": ""}[plug.kind]
    loud = [record for record in caplog.records if "NOBODY IS TOLD" in record.getMessage()]
    assert bool(loud) is not plug.real


def test_whom_it_cannot_reach_it_says_so(plug: Notifier) -> None:
    nobody = Recipient("Nguyễn Văn Trực")
    assert bool(plug.address(nobody)) is not plug.real


def test_a_second_time_is_known_as_the_same(plug: Notifier, request: pytest.FixtureRequest) -> None:
    plug.tell(notice())
    plug.tell(notice())
    if plug.kind == "email":
        letters = request.getfixturevalue("mail")[0].letters
        assert len({str(letter["Message-ID"]) for letter in letters}) == 1
    elif plug.kind == "gateway":
        asked = request.getfixturevalue("gateway")[0].asked
        assert {headers["idempotency-key"] for headers, _body in asked} == {notice().id.hex}


# mail


def test_a_letter_is_read_as_it_was_written(mail: tuple[Mail, int]) -> None:
    box, port = mail
    Smtp(f"smtp+plain://127.0.0.1:{port}", FROM).tell(notice())
    (letter,) = box.letters
    assert letter["Subject"] == notice().subject
    assert letter.get_content().replace("\r\n", "\n") == notice().text
    assert "Nguyễn Văn Trực" in str(letter["To"])
    assert "Hệ thống thông tin nguồn" in str(letter["From"])
    assert box.envelopes == [("nguon@tuyphuoc.example.vn", ["truc@tuyphuoc.example.vn"])]


def test_lines_in_names_write_no_headers(mail: tuple[Mail, int]) -> None:
    box, port = mail
    bad = notice(subject="Tin\r\nBcc: nguoi.la@example.vn", to=Recipient("Trực", email="a@example.vn"))
    Smtp(f"smtp+plain://127.0.0.1:{port}", FROM).tell(bad)
    assert box.letters[0]["Bcc"] is None
    worse = notice(to=Recipient("Trực\r\nBcc: x@example.vn", email="a@example.vn\r\nRCPT TO:<x@example.vn>"))
    with pytest.raises(NoticeFailed) as raised:
        Smtp(f"smtp+plain://127.0.0.1:{port}", FROM).tell(worse)
    assert raised.value.failure == Failure.ADDRESS


@pytest.mark.parametrize(
    ("rcpt", "data", "failure"),
    [
        ("550 no such user", "", Failure.ADDRESS),
        ("450 mailbox busy", "", Failure.BUSY),
        ("", "554 spam", Failure.REFUSED),
        ("", "451 try later", Failure.BUSY),
    ],
)
def test_what_the_mail_server_refuses(mail: tuple[Mail, int], rcpt: str, data: str, failure: Failure) -> None:
    box, port = mail
    box.rcpt, box.data = rcpt, data
    with pytest.raises(NoticeFailed) as raised:
        Smtp(f"smtp+plain://127.0.0.1:{port}", FROM).tell(notice())
    assert raised.value.failure == failure
    assert (raised.value.failure in FINAL) is (failure in (Failure.ADDRESS, Failure.REFUSED))
    assert (rcpt or data).split(" ", 1)[1] in str(raised.value)


def test_a_wrong_password_is_said_and_not_shown(mail: tuple[Mail, int]) -> None:
    box, port = mail
    with pytest.raises(NoticeFailed) as raised:
        Smtp(f"smtp+plain://nguon:sai-roi@127.0.0.1:{port}", FROM).tell(notice())
    assert raised.value.failure == Failure.KEY
    assert "sai-roi" not in str(raised.value)
    assert not box.letters


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A context for servers on loopback, by an authority that this process trusts."""
    certificates.ours(tmp_path, ["localhost", "127.0.0.1"], clock.now() - timedelta(days=1))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls.context.cache_clear()
    yield context
    tls.context.cache_clear()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_goes_in_secret_with_a_password(authority: ssl.SSLContext, stack: ExitStack, scheme: str) -> None:
    box, port = stack.enter_context(
        notices.mail(authority, implicit=scheme == "smtps", require_starttls=scheme == "smtp", auth_required=True)
    )
    plug = Smtp(f"{scheme}://nguon%40x:m%E1%BA%ADt%20kh%E1%BA%A9u@127.0.0.1:{port}", FROM)
    plug.check()
    plug.tell(notice())
    assert box.signed_in == ["nguon@x"]
    assert len(box.letters) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_no_mail_to_who_cannot_show_who_it_is(
    authority: ssl.SSLContext, stack: ExitStack, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    box, port = stack.enter_context(notices.mail(authority, implicit=scheme == "smtps"))
    monkeypatch.delenv("SSL_CERT_FILE")
    tls.context.cache_clear()
    with pytest.raises(NoticeFailed) as raised:
        Smtp(f"{scheme}://127.0.0.1:{port}", FROM).tell(notice())
    assert raised.value.failure == Failure.TRUST
    assert not box.letters


def test_no_mail_in_the_clear_where_secrecy_was_asked_for(mail: tuple[Mail, int]) -> None:
    with pytest.raises(NoticeFailed) as raised:
        Smtp(f"smtp://127.0.0.1:{mail[1]}", FROM).tell(notice())
    assert raised.value.failure == Failure.TRUST


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("", FROM),
        ("http://mail.example.vn", FROM),
        ("smtp://", FROM),
        ("smtp://mail.example.vn:x", FROM),
        ("smtp+plain://user:pass@203.0.114.9", FROM),
        ("smtp+plain://user:pass@mail.example.vn", FROM),
        ("smtp://mail.example.vn", ""),
        ("smtp://mail.example.vn", "không có địa chỉ"),
    ],
)
def test_a_mail_setting_that_cannot_work_is_refused(url: str, sender: str) -> None:
    with pytest.raises(ValueError):
        Smtp(url, sender).check()


# the gateway


def test_the_gateway_is_asked_as_the_contract_says(gateway: tuple[Gateway, int]) -> None:
    box, port = gateway
    Webhook(f"http://127.0.0.1:{port}/nguon", SECRET, lambda: 1_700_000_000.9).tell(
        notice(url="https://x.vn/canh-bao/1")
    )
    headers, body = box.asked[0]
    expected = hmac.new(SECRET.encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["nguon-timestamp"] == "1700000000"
    assert headers["nguon-signature"] == f"v1={expected}"
    assert headers["content-type"].startswith("application/json")
    assert box.said() == {
        "version": 1,
        "id": notice().id.hex,
        "at": 1_795_395_660_000,
        "to": {"name": "Nguyễn Văn Trực", "phone": "0905000123"},
        "subject": notice().subject,
        "short": notice().short,
        "text": notice().text,
        "level": 3,
        "drill": False,
        "url": "https://x.vn/canh-bao/1",
    }


def test_the_signature_of_the_documents() -> None:
    """The example in docs/notices.md."""
    page = (Path(__file__).parents[2] / "docs/notices.md").read_text()
    assert sign("bi-mat-dung-chung-voi-cong", 1795395660, b'{"version":1}') in page


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Failure.REFUSED),
        (401, Failure.KEY),
        (403, Failure.KEY),
        (404, Failure.REFUSED),
        (408, Failure.BUSY),
        (410, Failure.ADDRESS),
        (422, Failure.ADDRESS),
        (429, Failure.BUSY),
        (500, Failure.AWAY),
        (503, Failure.AWAY),
        (302, Failure.AWAY),
    ],
)
def test_what_the_gateway_refuses(gateway: tuple[Gateway, int], status: int, failure: Failure) -> None:
    box, port = gateway
    box.status, box.headers = status, {"Retry-After": "30", "Location": "http://127.0.0.1:1/"}
    with pytest.raises(NoticeFailed) as raised:
        Webhook(f"http://127.0.0.1:{port}/", SECRET).tell(notice())
    assert raised.value.failure == failure
    assert raised.value.after in (0.0, 30.0)
    assert len(box.asked) == 1  # no redirect is followed: the message goes where the settings say, or nowhere


@pytest.mark.parametrize("body", [b"", b"OK", b"[]", b"\xff", b'{"reference": {}}', b"x" * 200_000])
def test_an_answer_without_a_reference_is_an_answer(gateway: tuple[Gateway, int], body: bytes) -> None:
    gateway[0].body = body
    assert Webhook(f"http://127.0.0.1:{gateway[1]}/", SECRET).tell(notice()) == ""


def test_the_gateway_by_tls(authority: ssl.SSLContext, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    box, port = stack.enter_context(notices.gateway(authority))
    plug = Webhook(f"https://127.0.0.1:{port}/", SECRET)
    plug.tell(notice())
    assert len(box.asked) == 1
    monkeypatch.delenv("SSL_CERT_FILE")
    tls.context.cache_clear()
    with pytest.raises(NoticeFailed) as raised:
        plug.tell(notice())
    assert raised.value.failure == Failure.TRUST
    assert len(box.asked) == 1


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("", SECRET),
        ("ftp://gateway.example.vn", SECRET),
        ("http://gateway.example.vn/", SECRET),
        ("https://gateway.example.vn:x/", SECRET),
        ("https://gateway.example.vn/", "ngắn"),
    ],
)
def test_a_gateway_setting_that_cannot_work_is_refused(url: str, secret: str) -> None:
    with pytest.raises(ValueError):
        Webhook(url, secret).check()


# nobody there

MAKE: list[Callable[[int], Notifier]] = [
    lambda port: Smtp(f"smtp+plain://127.0.0.1:{port}", FROM),
    lambda port: Smtp(f"smtps://127.0.0.1:{port}", FROM),
    lambda port: Webhook(f"http://127.0.0.1:{port}/", SECRET),
]


@pytest.mark.parametrize("make", MAKE)
def test_nobody_there_is_said(make: Callable[[int], Notifier]) -> None:
    with pytest.raises(NoticeFailed) as raised:
        make(free_port()).tell(notice())
    assert raised.value.failure == Failure.AWAY


@pytest.mark.parametrize("drips", [False, True], ids=["silent", "dripping"])
@pytest.mark.parametrize("make", MAKE)
def test_who_never_answers_is_left_at_the_deadline(make: Callable[[int], Notifier], drips: bool) -> None:
    """A server that takes the connection and says nothing, or one byte at a time: each would hold a thread for ever."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            taken, _address = door.accept()
            with taken:
                while not over.wait(0.05):
                    if drips:
                        try:
                            taken.sendall(b"2")
                        except OSError:
                            return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(NoticeFailed) as raised:
            make(door.getsockname()[1]).tell(notice(), within=0.6)
        over.set()
        thread.join()
    assert raised.value.failure in (Failure.LATE, Failure.TRUST, Failure.AWAY)
