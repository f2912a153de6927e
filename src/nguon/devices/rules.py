"""Codes, passwords and bounds of devices. Pure."""

import base64
import hashlib
import hmac
from datetime import timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 signs: none of I, L, O, U, which are misread or misheard
CODE_BYTES = 5  # 40 bits: 8 signs
CODE_LIFE = timedelta(hours=24)
SCREEN_LIFE = timedelta(minutes=15)  # of a code that a device shows; it asks for another one then
SCREENS_MOST = 500  # that wait at once, and of one address
SCREENS_OF_ADDRESS = 20
TRY_WINDOW = timedelta(minutes=10)
MAX_ENROL_TRIES = 20  # wrong codes from one address within TRY_WINDOW
MAX_SIGN_IN_TRIES = 10  # wrong passwords for one device from one address within TRY_WINDOW
MAX_RECORDED_TRIES = 100  # refusals kept of one address within TRY_WINDOW, so that a flood does not fill the disk
ITERATIONS = 101  # mosquitto_passwd's own default; the passwords are random, 192 bits, so guessing is hopeless anyway
SALT_BYTES = 12  # mosquitto 2.0 refuses any other length
_MISREAD = str.maketrans("ILO", "110")


def code_from(random: bytes) -> str:
    """The code `ABCD-EFGH` of exactly five random bytes. Raises ValueError for another length."""
    if len(random) != CODE_BYTES:
        raise ValueError(f"{CODE_BYTES} bytes are wanted, not {len(random)}")
    number = int.from_bytes(random, "big")
    signs = "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{signs[:4]}-{signs[4:]}"


def plain_code(typed: str) -> str:
    """What was meant by a typed code: capitals, no blanks or dashes, I and L read as 1, O as 0. Any text is taken."""
    return "".join(sign for sign in typed.upper().translate(_MISREAD) if sign in ALPHABET)


def code_digest(code: str, key: str) -> str:
    """What is kept of a code: HMAC-SHA-256 in hex under the server's key, so that a stolen table gives no codes."""
    return hmac.new(key.encode(), plain_code(code).encode(), hashlib.sha256).hexdigest()


def secret_digest(secret: str, key: str) -> str:
    """What is kept of a secret that nobody types: HMAC-SHA-256 in hex under the server's key."""
    return hmac.new(key.encode(), b"secret:" + secret.encode(), hashlib.sha256).hexdigest()


def broker_hash(password: str, *, salt: bytes, iterations: int = ITERATIONS) -> str:
    """A password as mosquitto stores it: `$7$iterations$salt$hash`, PBKDF2 with SHA-512, 12 and 64 bytes in base64."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    return f"$7${iterations}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def fixed_salt(password: str) -> bytes:
    """A salt that is the same each time for one password, for the one user whose hash must not change by itself."""
    return hashlib.sha256(b"broker salt:" + password.encode()).digest()[:SALT_BYTES]


def password_matches(password: str, stored: str) -> bool:
    """Whether a password is the one of a stored broker hash, compared in constant time. Never raises."""
    parts = stored.split("$")
    if len(parts) != 5 or parts[1] != "7":
        return False
    try:
        salt, iterations = base64.b64decode(parts[3], validate=True), int(parts[2])
        wanted = broker_hash(password, salt=salt, iterations=iterations)
    except (ValueError, OverflowError):
        return False
    return hmac.compare_digest(wanted, stored)


def is_public_key(text: str) -> bool:
    """Whether the text is base64 of 32 bytes, as an Ed25519 public key is."""
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False
