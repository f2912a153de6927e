"""One TLS context for all connections of this process: reading the certificates takes a tenth of a second each time."""

import ssl
from functools import lru_cache

import httpx


@lru_cache(maxsize=1)
def context() -> ssl.SSLContext:
    """Certificates are checked against the usual authorities, those of this machine, and those of SSL_CERT_FILE."""
    made = httpx.create_ssl_context()
    made.load_default_certs()
    return made
