"""Fetching from a foreign server that does everything wrong: each fault has its name, none takes too long."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from nguon.agent import tls
from nguon.kit import clock
from nguon.outside.addresses import Fault
from nguon.outside.fetching import FetchFailed, Limits, get, post
from tests.ports import foreign as make
from tests.ports.foreign import Foreign

NEAR = (ipaddress.ip_network("127.0.0.1/32"),)
LIMITS = Limits(100_000, 1.0, NEAR)


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


def fault(address: str, limits: Limits = LIMITS) -> Fault:
    with pytest.raises(FetchFailed) as caught:
        get(address, limits)
    return caught.value.fault


def test_what_stands_there_is_had_whole(foreign: Foreign) -> None:
    found = get(foreign.page("/feed", "<feed>ấ</feed>".encode(), ETag='"1"', Last_Modified="Mon"), LIMITS)
    assert (found.body, found.etag, found.modified) == ("<feed>ấ</feed>".encode(), '"1"', "Mon")
    (_path, headers) = foreign.asked[0]
    assert headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_nothing_new_is_no_body(foreign: Foreign) -> None:
    assert get(foreign.page("/feed", b"x", ETag='"1"'), LIMITS, etag='"1"').body is None


@pytest.mark.parametrize(
    ("serve", "expected"),
    [
        (make.sends(500), Fault.STATUS),
        (make.sends(404), Fault.STATUS),
        (make.sends(200, b"x", {"Content-Encoding": "gzip"}), Fault.CONTENT),
        (make.cut, Fault.CUT),
        (make.babbles, Fault.CUT),
        (make.drips, Fault.LATE),
        (make.drips_headers, Fault.LATE),
        (make.silent, Fault.LATE),
        (make.huge, Fault.LARGE),
        (make.moves("/x"), Fault.CIRCLE),
        (make.moves("file:///etc/passwd"), Fault.ADDRESS),
        (make.moves("http://10.0.0.1/latest/meta-data"), Fault.NEAR),
        (make.moves("http://169.254.169.254/latest/meta-data"), Fault.NEAR),
        (make.moves("http://127.0.0.2/"), Fault.NEAR),
        (make.moves("http://[::1]/"), Fault.NEAR),
        (make.moves("http://[::ffff:10.0.0.1]/"), Fault.NEAR),
        (make.moves("http://2130706434/"), Fault.NEAR),  # 127.0.0.2 as one number
    ],
)
def test_each_fault_has_its_name(foreign: Foreign, serve: make.Serve, expected: Fault) -> None:
    foreign.pages["/x"] = serve
    assert fault(f"{foreign.address}/x") == expected


def test_it_follows_to_the_end(foreign: Foreign) -> None:
    foreign.pages["/old"] = make.moves("/new?a=1")
    there = foreign.page("/new?a=1", b"here")
    found = get(f"{foreign.address}/old", LIMITS)
    assert (found.body, found.address) == (b"here", there)


def test_our_own_network_is_closed_unless_the_operator_opens_it(foreign: Foreign) -> None:
    assert fault(foreign.page("/x", b"x"), Limits(100, 1.0)) == Fault.NEAR
    assert foreign.asked == []


def test_nobody_there() -> None:
    assert fault("http://127.0.0.1:1/") == Fault.CONNECT
    assert fault("http://khong-co.invalid/") == Fault.NAME
    assert fault("mailto:x@example.vn") == Fault.ADDRESS
    assert fault("https://u:p@127.0.0.1/") == Fault.ADDRESS


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for certificates; the file `trusted.pem` in it holds those that this machine trusts."""
    path = tmp_path / "trusted.pem"
    now = clock.now()
    path.write_bytes(make.certificate(tmp_path, "ai-do", make.day(now, -1), make.day(now, 9)).read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    tls.context.cache_clear()
    yield tmp_path
    tls.context.cache_clear()


def secure(
    folder: Path, name: str, *, begins: int, ends: int, trusted: bool, host: str = "127.0.0.1"
) -> ssl.SSLContext:
    now = clock.now()
    path = make.certificate(folder, name, make.day(now, begins), make.day(now, ends), host)
    if trusted:
        (folder / "trusted.pem").write_bytes(path.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_https_with_a_good_certificate(trusting: Path) -> None:
    with make.serving(secure(trusting, "tot", begins=-1, ends=10, trusted=True)) as foreign:
        assert get(foreign.page("/x", b"x"), LIMITS).body == b"x"
        foreign.pages["/down"] = make.moves(foreign.address.replace("https", "http"))
        assert fault(f"{foreign.address}/down") == Fault.ADDRESS  # never from https to http


@pytest.mark.parametrize(
    ("begins", "ends", "trusted", "host"),
    [(-10, -1, True, "127.0.0.1"), (-1, 10, False, "127.0.0.1"), (-1, 10, True, "127.0.0.9")],
    ids=["expired", "unknown", "another host's"],
)
def test_a_bad_certificate_is_refused(trusting: Path, begins: int, ends: int, trusted: bool, host: str) -> None:
    context = secure(trusting, "xau", begins=begins, ends=ends, trusted=trusted, host=host)
    with make.serving(context) as foreign:
        assert fault(foreign.page("/x", b"x")) == Fault.TLS
        assert foreign.asked == []


def test_a_token_is_sent_where_it_is_for_and_carried_no_further(foreign: Foreign) -> None:
    get(foreign.page("/x", b"x"), LIMITS, token="bi-mat")
    assert foreign.asked[-1][1]["Authorization"] == "Bearer bi-mat"
    foreign.pages["/old"] = make.moves("/x")
    with pytest.raises(FetchFailed) as caught:
        get(f"{foreign.address}/old", LIMITS, token="bi-mat")
    assert (caught.value.fault, foreign.paths()) == (Fault.ADDRESS, ["/x", "/old"])


def test_a_token_is_not_sent_unencrypted_to_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: there)
    with pytest.raises(FetchFailed) as caught:
        get("http://tren.example/", LIMITS, token="bi-mat")
    assert (caught.value.fault, "unencrypted" in caught.value.detail) == (Fault.ADDRESS, True)


def test_a_body_is_posted_as_json(foreign: Foreign) -> None:
    with pytest.raises(FetchFailed) as caught:
        post(f"{foreign.address}/x", LIMITS, b"{}", token="bi-mat")
    assert (caught.value.fault, caught.value.detail) == (Fault.STATUS, "501")  # a server that knows no POST
