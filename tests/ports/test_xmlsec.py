"""Signed CAP between us and xmlsec1, the library most other CAP software is built on: each verifies the other."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from nguon.cap import keys, read, sign, write
from tests.unit.cap import messages


def xmlsec(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["xmlsec1", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture(params=[False, True], ids=["rsa", "ecdsa"])
def signer(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[bytes, bytes]:
    """A key and its certificate, also as files key.pem and cert.pem."""
    pair = keys.make("Tuy Phuoc", now=datetime.now(UTC), elliptic=request.param)
    for name, data in zip(("key.pem", "cert.pem"), pair, strict=True):
        (tmp_path / name).write_bytes(data)
    return pair


def test_it_verifies_ours_and_nothing_changed(signer: tuple[bytes, bytes], tmp_path: Path) -> None:
    file, trusted = tmp_path / "ours.xml", tmp_path / "cert.pem"
    ours = sign.sign(write.render(messages.alert()), *signer)
    file.write_bytes(ours)
    assert (done := xmlsec("--verify", "--trusted-pem", trusted, file)).returncode == 0, done.stderr
    file.write_bytes(ours.replace("Lũ trên".encode(), "Lụt trên".encode(), 1))
    assert xmlsec("--verify", "--trusted-pem", trusted, file).returncode != 0


def test_we_verify_what_it_signs(signer: tuple[bytes, bytes], tmp_path: Path) -> None:
    root = etree.fromstring(sign.sign(write.render(messages.alert()), *signer))
    for name in ("DigestValue", "SignatureValue"):
        for value in root.iter(f"{{{sign.DSIG}}}{name}"):
            value.text = None
    for shown in root.iter(f"{{{sign.DSIG}}}X509Data"):
        shown.clear()
    (tmp_path / "template.xml").write_bytes(etree.tostring(root))
    pair = f"{tmp_path / 'key.pem'},{tmp_path / 'cert.pem'}"
    done = xmlsec("--sign", "--privkey-pem", pair, "--output", tmp_path / "theirs.xml", tmp_path / "template.xml")
    assert done.returncode == 0, done.stderr
    theirs = sign.verify((tmp_path / "theirs.xml").read_bytes(), [signer[1]])
    assert read.parse(theirs.data) == messages.alert()
