"""The door of the broker for devices, with the real mosquitto: TLS, names, renewal, faults; and a whole device."""

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from nguon.agent import enrol, identity
from nguon.devices import certificates
from nguon.kit import clock
from tests.conftest import MakeServer
from tests.ports.agent_help import until as until_async
from tests.ports.test_agent_run import running
from tests.ports.test_broker_service import ACCEPTED, MAKE, REFUSED, answers, field, listens, until
from tests.services import Server

CODE = """
from tests.app import clusters
from nguon.devices import actions
world = clusters.make_world()
made = actions.register(name="Cụm thử", place=world.hamlet, actor="test", now=clusters.clock.now())
print(actions.issue_code(device=made, actor="test", now=clusters.clock.now()))
"""


@pytest.fixture
def data(make_server: MakeServer) -> Server:
    """An empty database and the settings of a server that does not run."""
    return make_server()


@pytest.fixture
def service(data: Server) -> Iterator["subprocess.Popen[bytes]"]:
    with running_broker(data) as process:
        until(lambda: listens(data.broker_tls_port) or process.poll() is not None)
        yield process
        process.terminate()


def running_broker(data: Server) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "nguon.cli", "run", "broker"], env=data.env, stderr=subprocess.PIPE)


def trusting(data: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(data.data / "broker/ca.pem"))


def line(data: Server, context: ssl.SSLContext | None = None, name: str = "localhost") -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", data.broker_tls_port), timeout=20)
    try:
        return (context or trusting(data)).wrap_socket(plain, server_hostname=name)
    except OSError:
        plain.close()
        raise


def sign_in(door: socket.socket, username: str, password: str, client_id: str = "") -> int:
    """What the broker answers on this connection."""
    flags = 0xC2 if username else 0x02
    body = field("MQTT") + bytes([4, flags, 0, 60]) + field(client_id or username)
    body += field(username) + field(password) if username else b""
    try:
        door.sendall(bytes([0x10, len(body)]) + body)
        answer = door.recv(4)
    except ConnectionResetError:
        return -1
    return answer[3] if len(answer) == 4 and answer[0] == 0x20 else -1


def shown(data: Server) -> bytes:
    """The certificate that is shown now, DER."""
    with line(data) as door:
        return door.getpeercert(binary_form=True) or b""


def test_devices_come_by_tls_alone(data: Server, service: "subprocess.Popen[bytes]") -> None:
    (one, one_password), (two, two_password) = json.loads(data.shell(MAKE))

    def accepted() -> bool:
        with line(data) as door:
            return sign_in(door, one, one_password) == ACCEPTED

    until(accepted)
    for username, password in (("", ""), (one, two_password), ("f" * 32, one_password), ("server", "x")):
        with line(data, name="127.0.0.1") as door:
            assert sign_in(door, username, password) in (REFUSED, -1)
    with line(data, name=socket.gethostname().lower()) as mine, line(data) as thief:
        assert sign_in(mine, one, one_password) == ACCEPTED
        assert sign_in(thief, two, two_password, client_id=one) == ACCEPTED  # under its own name, whatever it says
        assert answers(thief)
        assert answers(mine)
    with socket.create_connection(("127.0.0.1", data.broker_tls_port), timeout=20) as plain:
        assert sign_in(plain, one, one_password) == -1  # hung up on, or an alert of TLS: never an answer


def test_nobody_by_an_old_tls_by_another_name_or_another_authority(
    data: Server, service: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    for version, accepted in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
        argv = ["openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect"]
        asked = subprocess.run(
            [*argv, f"127.0.0.1:{data.broker_tls_port}"], stdin=subprocess.DEVNULL, capture_output=True
        )
        assert (b"Cipher is (NONE)" not in asked.stdout) is accepted, version
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        line(data, name="elsewhere.example.vn")
    other, _ = certificates.ours(tmp_path / "other", ["localhost"], clock.now())
    with pytest.raises(ssl.SSLCertVerificationError, match=r"unable to get local issuer|self-signed|signature failure"):
        line(data, ssl.create_default_context(cadata=other.trusted))


def test_the_keys_are_for_their_owner_alone(data: Server, service: "subprocess.Popen[bytes]") -> None:
    for name in ("ca.pem", "ca.key", "server.pem", "server.key"):
        assert (data.data / "broker" / name).stat().st_mode & 0o077 == 0, name


def test_another_name_makes_another_certificate_while_it_runs(data: Server, service: "subprocess.Popen[bytes]") -> None:
    first, authority = shown(data), (data.data / "broker/ca.pem").read_bytes()
    (data.data / "broker/hosts").write_text("loa.example.vn\n")
    until(lambda: shown(data) != first)
    line(data, name="loa.example.vn").close()
    assert (data.data / "broker/ca.pem").read_bytes() == authority


def test_it_is_renewed_at_the_start_when_it_is_near_its_end(data: Server) -> None:
    long_ago = clock.now() - timedelta(days=320)
    certificates.ours(data.data / "broker", ["localhost", "127.0.0.1"], long_ago)
    with running_broker(data) as process:
        until(lambda: listens(data.broker_tls_port) or process.poll() is not None)
        line(data).close()
        found = certificates.load(data.data / "broker/server.pem")
        assert found.not_valid_after_utc - clock.now() > timedelta(days=360)
        process.terminate()


def words_of(data: Server, **settings: str) -> str:
    """What the broker service says of its door; the plain port is there all the same."""
    data.env |= settings
    with running_broker(data) as process:
        until(lambda: listens(data.broker_port) or process.poll() is not None)
        assert process.poll() is None
        process.terminate()
        assert process.stderr
        return process.stderr.read().decode()


def test_a_port_that_is_taken_is_said_and_had_as_soon_as_it_is_free(data: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", data.broker_tls_port))
        taken.listen()
        words = words_of(data)
    assert f"port {data.broker_tls_port} on 127.0.0.1: Address already in use; set NGUON_BROKER_TLS_PORT" in words


def test_a_key_that_is_not_that_of_the_certificate_is_said(data: Server, tmp_path: Path) -> None:
    one, _ = certificates.ours(tmp_path / "one", ["localhost"], clock.now())
    two, _ = certificates.ours(tmp_path / "two", ["localhost"], clock.now())
    given = {"NGUON_BROKER_CERT": str(one.certificate), "NGUON_BROKER_KEY": str(two.key)}
    assert "is not the key of the certificate" in words_of(data, **given)
    assert "belong together" in words_of(data, NGUON_BROKER_CERT=str(one.certificate), NGUON_BROKER_KEY="")


def test_the_operators_own_certificate_is_shown(data: Server, tmp_path: Path) -> None:
    one, _ = certificates.ours(tmp_path / "one", ["localhost"], clock.now())
    data.env |= {"NGUON_BROKER_CERT": str(one.certificate), "NGUON_BROKER_KEY": str(one.key)}
    with running_broker(data) as process:
        until(lambda: listens(data.broker_tls_port) or process.poll() is not None)
        line(data, ssl.create_default_context(cadata=one.trusted)).close()
        assert not (data.data / "broker/ca.pem").exists()
        process.terminate()


@pytest.mark.slow
async def test_from_the_code_to_a_link_with_tls(make_server: MakeServer, tmp_path: Path) -> None:
    server = await asyncio.to_thread(make_server().start)
    code = (await asyncio.to_thread(server.shell, CODE)).split()[-1]
    home = tmp_path / "box"
    made = await asyncio.to_thread(enrol.enrol, home, server.base_url, code)
    assert made.broker == f"mqtts://127.0.0.1:{server.broker_tls_port}"
    assert made.ca == (server.data / "broker/ca.pem").read_text()
    assert os.stat(home / identity.FILE).st_mode & 0o777 == 0o600
    async with running(home) as agent:
        await until_async(lambda: agent.state.connected, within=60)
    identity.save(home, replace(identity.load(home), broker=server.broker_url, ca=""))
    async with running(home) as agent:  # as one that was enrolled before there was TLS
        await until_async(lambda: agent.state.connected, within=60)


def test_times_are_as_promised(tmp_path: Path) -> None:
    pair, _ = certificates.ours(tmp_path, ["localhost"], clock.now())
    authority = certificates.load(tmp_path / "ca.pem")
    assert authority.not_valid_after_utc.year - clock.now().year == 10
    assert time.time() > certificates.load(pair.certificate).not_valid_before_utc.timestamp()
