"""Who we are to a push service: VAPID (RFC 8292). One key of the installation, made at first need and kept sealed."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey

from nguon import vault
from nguon.portal.models import PushKey

LASTS = timedelta(hours=12)  # of a token; a push service takes one of 24 at most
RENEWED = timedelta(hours=6)


def key(now: datetime) -> PushKey:
    """The key of this installation. Raises vault.VaultError if none can be made."""
    return PushKey.objects.first() or _make(now)


def _make(now: datetime) -> PushKey:
    fresh = ec.generate_private_key(ec.SECP256R1())
    point = fresh.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    pem = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    row = PushKey(public=urlsafe_b64encode(point).rstrip(b"=").decode(), made_at=now)
    row.secrets = vault.seal({"key": pem}, row.pk)
    defaults = {"id": row.pk, "public": row.public, "secrets": row.secrets, "made_at": now}
    made, _new = PushKey.objects.get_or_create(only=True, defaults=defaults)  # another process may have, meanwhile
    return made


def secret(row: PushKey) -> str:
    """The secret part (PEM). Raises vault.VaultError."""
    return vault.unseal(row.secrets, row.pk)["key"]


def authorization(endpoint: str, pem: str, public: str, contact: str, now: datetime) -> str:
    """The header by which the push service of an address knows us."""
    parts = urlsplit(endpoint)
    turn = int(now.timestamp() // RENEWED.total_seconds())
    return f"vapid t={_token(f'{parts.scheme}://{parts.netloc}', pem, contact, turn)}, k={public}"


@lru_cache(maxsize=64)
def _token(audience: str, pem: str, contact: str, turn: int) -> str:
    """A signed token for one push service. The same for all messages of a while: signing each costs for nothing."""
    until = int(turn * RENEWED.total_seconds() + LASTS.total_seconds())
    claims = {"aud": audience, "exp": until, "sub": contact}
    return jws.serialize_compact({"typ": "JWT", "alg": "ES256"}, json.dumps(claims).encode(), ECKey.import_key(pem))
