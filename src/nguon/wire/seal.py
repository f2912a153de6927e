"""The seal: everything the server says to a device travels in the JWS JSON form (RFC 7515, 7.2.1) over exact bytes.

This version carries the form with room for signatures and checks none: `KeyRing` without keys accepts and says so in
`Opened.signed`. The shape on the wire does not change when authorities begin to sign.
"""

from base64 import b64decode, urlsafe_b64encode

import msgspec

from nguon.wire.codec import LIMIT, Malformed


class Signature(msgspec.Struct, frozen=True):
    """One signature of the payload: the protected header and the signature, both base64url."""

    protected: str
    signature: str


class _Sealed(msgspec.Struct, frozen=True):
    payload: str
    signatures: tuple[Signature, ...] = ()


class Opened(msgspec.Struct, frozen=True):
    """The payload as sent, and how many valid signatures by distinct keys it bears."""

    payload: bytes
    signed: int


_decoder = msgspec.json.Decoder(_Sealed)


def wrap(payload: bytes, signatures: tuple[Signature, ...] = ()) -> bytes:
    """The sealed form of a payload."""
    text = urlsafe_b64encode(payload).rstrip(b"=").decode()
    return msgspec.json.encode(_Sealed(text, signatures))


def unwrap(data: bytes, limit: int = LIMIT) -> Opened:
    """The payload, at most about `limit` bytes, of what is sealed. Raises Malformed for anything else."""
    if len(data) > limit * 2:
        raise Malformed(f"{len(data)} bytes, the limit is {limit * 2}")
    try:
        sealed = _decoder.decode(data)
        padded = sealed.payload + "=" * (-len(sealed.payload) % 4)
        payload = b64decode(padded, altchars=b"-_", validate=True)  # a sign outside the alphabet is no seal
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Malformed(f"not a sealed message: {error}") from error
    return Opened(payload, 0)
