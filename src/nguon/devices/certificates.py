"""The certificates of the broker: an authority of this installation, and one for the server that it renews by itself.

The authority is what a device is told at enrolment and trusts from then on, for this link alone; it stays when the
server's certificate is renewed. Its key never leaves the folder of the broker.
"""

import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS, SERVER_LASTS = timedelta(days=3652), timedelta(days=365)
RENEW_BEFORE = timedelta(days=60)  # of the end of the server's
WARN_BEFORE = timedelta(days=30)  # of the end of one that nobody renews by himself
BACKDATED = timedelta(days=1)  # a device whose clock is a little behind takes it at once
AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY = "ca.pem", "ca.key", "server.pem", "server.key"


class BadCertificate(Exception):
    """A certificate or key of the operator's own cannot be used; the words say why.

    `kind`: lost (a file cannot be read), torn (is no PEM), strange (key and certificate do not fit), half (one of two).
    """

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as files; what devices are to trust, in PEM (empty: what their system trusts)."""

    certificate: Path
    key: Path
    trusted: str


def ours(folder: Path, names: Iterable[str], now: datetime) -> tuple[Pair, bool]:
    """The server's certificate for these names, made or renewed if that is due; whether it was. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, key = _authority(folder, now)
    pair = Pair(folder / SERVER, folder / SERVER_KEY, _pem(authority).decode())
    if not _due(pair, authority, frozenset(names), now):
        return pair, False
    server_key = ec.generate_private_key(ec.SECP256R1())
    made = _server(server_key, authority, key, frozenset(names), now)
    _write(pair.key, _pem_key(server_key))
    _write(pair.certificate, _pem(made))
    return pair, True


def trusted(folder: Path) -> str:
    """The authority's certificate in PEM; empty before the first start of the broker."""
    try:
        return (folder / AUTHORITY).read_text()
    except OSError:
        return ""


def given(certificate: Path, key: Path, authority: Path | None) -> Pair:
    """The operator's own, looked at. Raises BadCertificate."""
    try:
        found, chain = load(certificate), authority.read_text() if authority else ""
        if authority:
            x509.load_pem_x509_certificates(chain.encode())
        secret = ser.load_pem_private_key(key.read_bytes(), None)
    except OSError as error:
        raise BadCertificate("lost", f"{error.filename} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:  # TypeError: a key with a password
        raise BadCertificate(
            "torn", f"{certificate} or {key} is no PEM that can be read without a password: {error}"
        ) from error
    if _spki(secret.public_key()) != _spki(found.public_key()):
        raise BadCertificate("strange", f"the key {key} is not the key of the certificate {certificate}")
    return Pair(certificate, key, chain)


def load(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file. Raises OSError, ValueError."""
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def names_of(certificate: x509.Certificate) -> frozenset[str]:
    """The names and addresses it is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    dns = found.get_values_for_type(x509.DNSName)
    return frozenset([*dns, *(str(each) for each in found.get_values_for_type(x509.IPAddress))])


def fitting(name: str) -> bool:
    """Whether a certificate can be for this name: an address, or a host name in ASCII."""
    if _address(name):
        return True
    parts = name.split(".")
    return (
        len(name) <= 253
        and name.isascii()
        and all(0 < len(part) <= 63 and part.replace("-", "x").replace("_", "x").isalnum() for part in parts)
    )


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """What is there; made at the first start. One whose key is lost is not replaced in silence: devices know it."""
    path, secret = folder / AUTHORITY, folder / AUTHORITY_KEY
    if path.exists() and secret.exists():
        key = ser.load_pem_private_key(secret.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return load(path), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguon broker authority")])
    made = _begun(name, name, key.public_key(), now, AUTHORITY_LASTS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(signs=True), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    _write(secret, _pem_key(key))
    signed = made.sign(key, hashes.SHA256())
    _write(path, _pem(signed))
    return signed, key


def _server(
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    by: ec.EllipticCurvePrivateKey,
    names: frozenset[str],
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguon broker")])
    known = [x509.IPAddress(address) if (address := _address(name)) else x509.DNSName(name) for name in sorted(names)]
    lasts = min(SERVER_LASTS, authority.not_valid_after_utc - now)
    made = _begun(subject, authority.subject, key.public_key(), now, lasts)
    made = made.add_extension(x509.SubjectAlternativeName(known), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(signs=False), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    return made.sign(by, hashes.SHA256())


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - BACKDATED).not_valid_after(now + lasts)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _due(pair: Pair, authority: x509.Certificate, names: frozenset[str], now: datetime) -> bool:
    try:
        given(pair.certificate, pair.key, None)
        found = load(pair.certificate)
        found.verify_directly_issued_by(authority)
    except (BadCertificate, OSError, ValueError, TypeError, InvalidSignature):
        return True
    near = min(now + RENEW_BEFORE, authority.not_valid_after_utc)
    return found.not_valid_after_utc < near or not names <= names_of(found) or found.not_valid_before_utc > now


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(ser.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())


def _spki(key: object) -> bytes:
    return key.public_bytes(ser.Encoding.DER, ser.PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined, no-any-return]


def _write(path: Path, content: bytes) -> None:
    """In one step, mode 0600."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
