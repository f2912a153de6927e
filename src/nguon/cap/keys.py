"""A key and a certificate of its own for one who signs CAP messages. Others trust it by taking the certificate."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

_LONGEST = 64  # characters of a common name (RFC 5280, A.1)


def make(name: str, *, now: datetime, days: int = 3 * 365, elliptic: bool = False) -> tuple[bytes, bytes]:
    """A new private key (PEM, not encrypted: the caller seals it) and its certificate (PEM) from now for some days.

    RSA of 3072 bits, which every other CAP software verifies, or ECDSA on P-256. Raises ValueError for an empty name.
    """
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if elliptic
        else rsa.generate_private_key(public_exponent=65537, key_size=3072)
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks of others differ
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)
