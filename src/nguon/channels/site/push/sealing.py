"""Encryption of what a push service carries: RFC 8291, one record of aes128gcm (RFC 8188). Pure."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
SALT, TAG = 16, 16  # bytes
RECORD = 4096  # bytes: what every push service takes
STEP = 512  # what is carried is filled up to multiples of this, so that its length says little
MOST = 3072  # bytes of words


def sealed(words: bytes, point: bytes, auth: bytes) -> bytes:
    """The body of a push message for the browser with this public point and secret. Raises ValueError.

    A fresh key and salt each time.
    """
    if len(words) > MOST:
        raise ValueError(f"{len(words)} bytes are more than a push message may carry")
    padding = -(len(words) + 1) % STEP
    return encrypted(words, point, auth, ec.generate_private_key(CURVE), os.urandom(SALT), padding)


def encrypted(
    words: bytes, point: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes, padding: int = 0
) -> bytes:
    """The same with everything that is otherwise left to chance. Raises ValueError for a point that is none."""
    mine = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
    secret = _derived(shared, auth, b"WebPush: info\x00" + point + mine, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    record = words + b"\x02" + b"\x00" * padding  # the last record of one
    if len(record) + TAG > RECORD:
        raise ValueError("more than one record")
    head = salt + RECORD.to_bytes(4) + len(mine).to_bytes(1) + mine
    return head + AESGCM(key).encrypt(nonce, record, None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
