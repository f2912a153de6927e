"""The certificates of the broker: made once, renewed by themselves, refused when they do not fit."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nguon.devices import certificates
from nguon.devices.certificates import BadCertificate, given, load, names_of, ours

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = ("nguon.example.vn", "192.0.2.7", "::1")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    pair, new = ours(folder, NAMES, NOW)
    assert new
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert set(files(folder)) == {"ca.pem", "ca.key", "server.pem", "server.key"}
    found = load(pair.certificate)
    assert names_of(found) == set(NAMES)
    assert found.not_valid_after_utc - NOW == timedelta(days=365)
    before = files(folder)
    assert ours(folder, NAMES, NOW + timedelta(days=300)) == (pair, False)
    assert ours(folder, NAMES[:1], NOW) == (pair, False)  # a name less is no reason
    assert files(folder) == before
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pair.certificate, pair.key)


def test_renewed_in_time_without_another_authority(tmp_path: Path) -> None:
    pair, _ = ours(tmp_path, NAMES, NOW)
    first = load(pair.certificate)
    later, new = ours(tmp_path, NAMES, NOW + timedelta(days=306))
    assert new
    assert later.trusted == pair.trusted == certificates.trusted(tmp_path)
    second = load(later.certificate)
    assert second.not_valid_after_utc > first.not_valid_after_utc
    second.verify_directly_issued_by(load(tmp_path / "ca.pem"))
    third, new = ours(tmp_path, (*NAMES, "loa.example.vn"), NOW + timedelta(days=306))
    assert new
    assert "loa.example.vn" in names_of(load(third.certificate))


def test_near_the_end_of_the_authority_it_does_not_outlive_it(tmp_path: Path) -> None:
    ours(tmp_path, NAMES, NOW)
    near = NOW + certificates.AUTHORITY_LASTS - timedelta(days=20)
    pair, new = ours(tmp_path, NAMES, near)
    assert new
    assert load(pair.certificate).not_valid_after_utc == load(tmp_path / "ca.pem").not_valid_after_utc
    assert not ours(tmp_path, NAMES, near)[1]  # and is not made again each time it is looked at


@pytest.mark.parametrize("name", ["server.pem", "server.key"])
def test_a_torn_or_lost_file_is_made_again(tmp_path: Path, name: str) -> None:
    ours(tmp_path, NAMES, NOW)
    (tmp_path / name).write_bytes(b"-----BEGIN CERTIFICATE-----\ntorn")
    assert ours(tmp_path, NAMES, NOW)[1]
    (tmp_path / name).unlink()
    assert ours(tmp_path, NAMES, NOW)[1]
    assert not ours(tmp_path, NAMES, NOW)[1]


def test_the_operators_own(tmp_path: Path) -> None:
    one, _ = ours(tmp_path / "one", NAMES, NOW)
    two, _ = ours(tmp_path / "two", NAMES, NOW)
    authority = tmp_path / "one" / "ca.pem"
    assert given(one.certificate, one.key, authority).trusted == one.trusted
    assert given(one.certificate, one.key, None).trusted == ""
    with pytest.raises(BadCertificate, match="is not the key of the certificate"):
        given(one.certificate, two.key, None)
    with pytest.raises(BadCertificate, match="cannot be read: No such file"):
        given(tmp_path / "none.pem", one.key, None)
    with pytest.raises(BadCertificate, match="no PEM"):
        given(one.key, one.key, None)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        *((name, True) for name in ("localhost", "a.example.vn", "10.0.0.1", "::1", "may-chu")),
        *((name, False) for name in ("", "*", "a b", "xã.vn", "a..b", "x" * 64, "a/b", "*.example.vn")),
    ],
)
def test_names_that_fit(name: str, fits: bool) -> None:
    assert certificates.fitting(name) is fits
