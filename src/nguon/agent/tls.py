"""One TLS context for all connections of this process: reading the certificates takes a tenth of a second each time."""

import ssl
from functools import lru_cache

import httpx


@lru_cache(maxsize=1)
def context() -> ssl.SSLContext:
    """Certificates are checked against the usual authorities."""
    return httpx.create_ssl_context()
