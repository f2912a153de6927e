"""The seal: what the server says to a device is a JWS in the JSON form (RFC 7515, 7.2.1) over exact bytes.

Signed with Ed25519 (`alg` as RFC 9864 names it), by one key or several. This module knows bytes and keys; whose key
counts for what is `wire.trust`. A key is called by its thumbprint (`kid`, RFC 7638).
"""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Meta

from nguon.wire.codec import LIMIT, Malformed

ALGORITHM = "Ed25519"
SIGNATURES = 16  # of one message; more are no message of ours


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands beside a signature and is not itself signed: who vouches for its key, a sealed `delegate`."""

    delegate: str = ""


class Signature(msgspec.Struct, frozen=True, omit_defaults=True):
    """One signature of the payload: the protected header and the signature, both base64url."""

    protected: str
    signature: str
    header: Header = Header()


class Sealed(msgspec.Struct, frozen=True):
    """The form on the wire; `payload` is base64url."""

    payload: str
    signatures: Annotated[tuple[Signature, ...], Meta(max_length=SIGNATURES)] = ()


class Envelope(msgspec.Struct, frozen=True):
    """What was sealed, opened and not yet believed: the exact bytes, and the signatures as they came."""

    payload: bytes
    sealed: Sealed

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """As they came."""
        return self.sealed.signatures


class _Protected(msgspec.Struct, frozen=True):
    alg: str = ""
    kid: str = ""


class SigningKey:
    """A secret key. `seed`: its 32 bytes; `public` and `kid` may be told to anybody."""

    def __init__(self, seed: bytes) -> None:
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        self.seed = seed
        self.public = _text(public)
        self.kid = thumbprint(self.public)
        self._key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _text(seed), "x": self.public})

    @classmethod
    def new(cls) -> "SigningKey":
        """A fresh one."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, payload: bytes, delegate: bytes = b"") -> Signature:
        """Its signature of these bytes; `delegate` is the sealed statement that vouches for this key, if any."""
        headers: jws.HeaderDict = {"protected": {"alg": ALGORITHM, "kid": self.kid}}
        made = jws.serialize_json(headers, payload, self._key, algorithms=[ALGORITHM])
        return Signature(made["protected"], made["signature"], Header(b64encode(delegate).decode()))


_decoder = msgspec.json.Decoder(Sealed)
_protected = msgspec.json.Decoder(_Protected)


def wrap(payload: bytes, signatures: tuple[Signature, ...] = ()) -> bytes:
    """The sealed form of a payload. Without signatures only an `ack` is taken by a device."""
    return msgspec.json.encode(Sealed(_text(payload), signatures))


def sign(payload: bytes, *keys: SigningKey) -> bytes:
    """The sealed form of a payload, signed by these keys."""
    return wrap(payload, tuple(key.sign(payload) for key in keys))


def unwrap(data: bytes, limit: int = LIMIT) -> Envelope:
    """What is sealed, a payload of at most about `limit` bytes. Raises Malformed for anything else."""
    if len(data) > limit * 2:
        raise Malformed(f"{len(data)} bytes, the limit is {limit * 2}")
    try:
        sealed = _decoder.decode(data)
        padded = sealed.payload + "=" * (-len(sealed.payload) % 4)
        payload = b64decode(padded, altchars=b"-_", validate=True)  # a sign outside the alphabet is no seal
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Malformed(f"not a sealed message: {error}") from error
    return Envelope(payload, sealed)


def kid_of(signature: Signature) -> str:
    """What the signature calls its key; empty if it does not say, or is of another kind than ours."""
    try:
        padded = signature.protected + "=" * (-len(signature.protected) % 4)
        header = _protected.decode(urlsafe_b64decode(padded))
    except (ValueError, UnicodeError):
        return ""
    return header.kid if header.alg == ALGORITHM else ""


def delegate_of(signature: Signature) -> bytes:
    """The sealed statement beside a signature; empty if there is none that can be read."""
    try:
        return b64decode(signature.header.delegate, validate=True)
    except ValueError:
        return b""


def fits(sealed_payload: str, signature: Signature, public: str) -> bool:
    """Whether this signature of a payload (base64url, as sent) was made with the key of that public one."""
    one: jws.FlattenedJSONSerialization = {
        "payload": sealed_payload,
        "protected": signature.protected,
        "signature": signature.signature,
    }
    try:
        jws.deserialize_json(one, _public(public), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return True


@lru_cache(maxsize=1_024)
def thumbprint(public: str) -> str:
    """The `kid` of a public key (RFC 7638, SHA-256). Raises ValueError if it is none."""
    return _public(public).thumbprint()


@lru_cache(maxsize=1_024)
def _public(public: str) -> OKPKey:
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
    except (JoseError, ValueError, TypeError) as error:
        raise ValueError(f"not a public key: {error}") from error


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
