"""The relay as the settings name it."""

import hashlib
import hmac

from django.conf import settings

from nguon.kit.plugs import load
from nguon.ports.relay import Relay

USER = "source"


def password() -> str:
    """What a source shows to our own relay: the same in every process of this installation, and kept nowhere."""
    return hmac.new(settings.SECRET_KEY.encode(), b"nguon.live.relay", hashlib.sha256).hexdigest()


def relay() -> Relay:
    """Raises ImportError, ValueError for settings that cannot be."""
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.NGUON_RELAY_BIND, settings.NGUON_RELAY_BIND)
    own = f"http://{USER}:{password()}@{near}:{settings.NGUON_RELAY_PORT}"
    made: Relay = load(settings.NGUON_RELAY)(settings.NGUON_RELAY_URL or own, settings.NGUON_RELAY_PUBLIC_URL)
    made.check()
    return made
