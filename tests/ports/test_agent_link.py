"""The link to a broker that flaps, freezes, or speaks TLS with a certificate of our own authority."""

import asyncio
import contextlib
import gc
import itertools
import os
import signal
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from nguon.agent import enrol, identity, link, tls
from nguon.agent.events import Connected, Disconnected, Event
from nguon.agent.link import Link
from tests.ports.agent_help import Broker, Web, an_identity, until
from tests.ports.test_agent_run import running


@contextlib.asynccontextmanager
async def linked(url: str, told: list[Event], first_wait: float = 0.02, ca: str = "") -> AsyncIterator[Link]:
    known = replace(an_identity("http://127.0.0.1:1", url), ca=ca)
    made = Link(known, told.append, lambda: b"gone", first_wait=first_wait)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_broker_that_lets_us_in_and_throws_us_out_is_left_alone_ever_longer() -> None:
    """So do two devices with the same card: each throws the other out."""
    told: list[Event] = []
    times: list[float] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        times.append(asyncio.get_running_loop().time())
        try:
            await reader.read(1000)
            writer.write(b"\x20\x03\x00\x00\x00")  # CONNACK of MQTT 5: welcome
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, linked(f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}", told):
        await until(lambda: len(times) == 7)
    assert told.count(Connected()) >= 6
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps[-1] > 5 * gaps[0]


async def test_a_broker_that_freezes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a network that swallows everything: no end of the connection is seen."""
    monkeypatch.setattr(link, "KEEPALIVE", 1)
    monkeypatch.setattr(link, "ANSWER_WITHIN", 0.5)
    told: list[Event] = []
    with Broker() as broker:
        async with linked(broker.url, told):
            await until(lambda: told == [Connected()])
            os.kill(broker._process.pid, signal.SIGSTOP)
            try:
                await until(lambda: Disconnected() in told)
            finally:
                os.kill(broker._process.pid, signal.SIGCONT)
            await until(lambda: told[-1] == Connected())


class Authority:
    """A certificate authority of our own, and a server certificate by it for 127.0.0.1: `ca`, `cert`, `key` (paths)."""

    def __init__(self, folder: Path, valid_in: timedelta = timedelta(days=-1)) -> None:
        self._valid_in = valid_in
        self.ca, self.cert, self.key = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA")])
        ca = self._signed(ca_name, ca_key, ca_name, ca_key, x509.BasicConstraints(ca=True, path_length=None))
        here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "server")])
        cert = self._signed(name, key, ca_name, ca_key, here)
        self.ca.write_bytes(ca.public_bytes(ser.Encoding.PEM))
        self.cert.write_bytes(cert.public_bytes(ser.Encoding.PEM))
        pem = key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
        self.key.write_bytes(pem)

    def _signed(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        by: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).add_extension(extension, critical=True)
        made = made.not_valid_before(now + self._valid_in).not_valid_after(now + self._valid_in + timedelta(days=2))
        return made.sign(by, hashes.SHA256())

    def context(self) -> ssl.SSLContext:
        """For a server with this certificate."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.cert, self.key)
        return made


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    folder = tmp_path / "authority"
    folder.mkdir()
    folder.chmod(0o755)
    yield Authority(folder)
    tls.context.cache_clear()


async def test_tls_by_an_authority_the_machine_trusts(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broker and server: enrolment, link, time and sound, all encrypted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    tls.context.cache_clear()
    home = tmp_path / "home"
    async with Web(authority.context()) as web:
        with Broker(tls=(authority.cert, authority.key)) as broker:
            web.enrol_as(broker.url)
            await asyncio.to_thread(enrol.enrol, home, web.url, "ABCD-EFGH")
            assert identity.load(home).broker_address() == ("127.0.0.1", broker.port, True)
            async with running(home) as agent:
                await until(lambda: agent.state.connected)
                assert agent.state.checked
                content = web.put(b"sound")
                agent._fetcher.fetch(content, agent._hour.now() + 60_000)
                await until(lambda: (home / "content" / content.sha256).exists())


async def test_tls_by_an_authority_nobody_knows(authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
    tls.context.cache_clear()
    told: list[Event] = []
    caplog.set_level("INFO", logger="nguon.agent.link")
    with Broker(tls=(authority.cert, authority.key)) as broker:
        async with linked(broker.url, told):
            await until(lambda: "CERTIFICATE_VERIFY_FAILED" in caplog.text)
    assert told == []


async def test_the_authority_told_at_enrolment_is_trusted_for_the_link(authority: Authority) -> None:
    told: list[Event] = []
    with Broker(tls=(authority.cert, authority.key)) as broker:
        async with linked(broker.url, told, ca=authority.ca.read_text()):
            await until(lambda: told == [Connected()])


async def test_no_other_authority_is_though_the_machine_trusts_it(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever got a certificate for our name from somebody else cannot stand between."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    tls.context.cache_clear()
    ours = tmp_path / "ours"
    ours.mkdir()
    told: list[Event] = []
    caplog.set_level("INFO", logger="nguon.agent.link")
    with Broker(tls=(authority.cert, authority.key)) as broker:
        async with linked(broker.url, told, ca=Authority(ours).ca.read_text()):
            await until(lambda: caplog.text.count("CERTIFICATE_VERIFY_FAILED") >= 3)
    assert told == []


async def test_the_name_of_the_host_is_checked(authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Event] = []
    caplog.set_level("INFO", logger="nguon.agent.link")
    with Broker(tls=(authority.cert, authority.key)) as broker:
        url = broker.url.replace("127.0.0.1", "localhost")  # the certificate is for the address
        async with linked(url, told, ca=authority.ca.read_text()):
            await until(lambda: "Hostname mismatch" in caplog.text)
    assert told == []


@pytest.mark.parametrize(("valid_in", "taken"), [(timedelta(days=300), True), (timedelta(days=-3), False)])
async def test_a_box_whose_clock_fell_back_connects_and_to_an_old_certificate_nobody(
    valid_in: timedelta, taken: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority = Authority(tmp_path, valid_in)
    told: list[Event] = []
    caplog.set_level("INFO", logger="nguon.agent.link")
    with Broker(tls=(authority.cert, authority.key)) as broker:
        async with linked(broker.url, told, ca=authority.ca.read_text()):
            await until(lambda: told or caplog.text.count("certificate has expired") >= 3)
    assert (Connected() in told) is taken
    assert ("not yet valid" in caplog.text) is taken


async def test_an_authority_that_is_none_is_said(authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="nguon.agent.link")
    with Broker(tls=(authority.cert, authority.key)) as broker:
        async with linked(broker.url, [], ca="torn"):
            await until(lambda: "the authority of the broker kept here is none" in caplog.text)


async def test_ended_while_it_connects(caplog: pytest.LogCaptureFixture) -> None:
    """Whenever it is told to end, nothing is left that complains later."""
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(str(context)))
    with Broker() as broker:
        for steps in range(60):
            async with linked(broker.url, []):
                for _ in range(steps):
                    await asyncio.sleep(0)
        gc.collect()
        await asyncio.sleep(0.1)
    assert complaints == []
    assert "Traceback" not in caplog.text
