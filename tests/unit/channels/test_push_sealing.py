"""Messages for push services: the worked example of RFC 8291, and a receiver of our own that knows only the RFC."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nguon.channels.site.push import sealing, sending
from nguon.channels.site.push.outbox import Came, wait
from nguon.kit import clock

WORDS = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """As RFC 8188 and 8291 have a browser do it, step by step with HMAC alone."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    assert len(sealed) <= size
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    mine = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    first = hmac.digest(auth, shared, sha256)
    secret = hmac.digest(first, b"WebPush: info\0" + mine + theirs + b"\1", sha256)
    second = hmac.digest(salt, secret, sha256)
    content = hmac.digest(second, b"Content-Encoding: aes128gcm\0\1", sha256)[:16]
    nonce = hmac.digest(second, b"Content-Encoding: nonce\0\1", sha256)[:12]
    record = AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\0")
    assert record[-1:] == b"\2"
    return record[:-1]


def test_the_worked_example_comes_out_byte_for_byte() -> None:
    own = ec.derive_private_key(int.from_bytes(raw(SENDER)), ec.SECP256R1())
    body = sealing.encrypted(WORDS, raw(POINT), raw(AUTH), own, raw(SALT))
    assert urlsafe_b64encode(body).rstrip(b"=").decode() == BODY


def test_the_receiver_of_these_tests_reads_the_worked_example() -> None:
    key = ec.derive_private_key(int.from_bytes(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), ec.SECP256R1())
    assert opened(raw(BODY), key, raw(AUTH)) == WORDS


@pytest.mark.parametrize("length", [0, 1, 510, 511, 512, sealing.MOST])
def test_a_browser_reads_what_was_sealed_for_it(length: int) -> None:
    key, auth = ec.generate_private_key(ec.SECP256R1()), b"k" * 16
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    words = ("Lũ " * length).encode()[:length]
    body, again = sealing.sealed(words, point, auth), sealing.sealed(words, point, auth)
    assert opened(body, key, auth) == words
    assert body != again, "a fresh key and salt each time"
    assert len(body) <= 4096
    assert (len(body) - 16 - 4 - 1 - 65 - 16) % sealing.STEP == 0, "its length says little"


def test_too_much_is_refused_and_so_is_a_point_that_is_none() -> None:
    with pytest.raises(ValueError, match="more than a push message"):
        sealing.sealed(b"x" * (sealing.MOST + 1), raw(POINT), raw(AUTH))
    with pytest.raises(ValueError):
        sealing.sealed(b"x", b"\4" + b"\7" * 64, raw(AUTH))


@pytest.mark.parametrize(
    ("status", "came"),
    [
        *((201, Came.TAKEN), (200, Came.TAKEN), (404, Came.GONE), (410, Came.GONE), (413, Came.REFUSED)),
        *((403, Came.REFUSED), (429, Came.LATER), (500, Came.LATER), (503, Came.LATER)),
    ],
)
def test_what_a_status_says(status: int, came: Came) -> None:
    assert sending.judged(status) is came


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("120", 120), ("0", 0), ("", 0), ("soon", 0), ("-5", 0), ("99999999", 6 * 3600)),
        *(("Fri, 27 Nov 2026 00:10:00 GMT", 600), ("Thu, 26 Nov 2026 00:00:00 GMT", 0)),
        ("Fri, 27 Nov 2026 00:10:00", 0),
    ],
)
def test_how_long_a_push_service_asks_to_be_left_alone(said: str, seconds: int) -> None:
    now = clock.from_ms(1795737600000)  # 2026-11-27 00:00 UTC
    assert sending.asked_to_wait(said, now) == timedelta(seconds=seconds)


def test_the_pauses_grow_and_a_warning_is_tried_sooner() -> None:
    pauses = [wait(tries, urgent=False) for tries in range(20)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=1))
    assert wait(0, urgent=True) == timedelta(seconds=5)
