"""TLS of this process: one context for the authorities this machine trusts, and one for each authority of a broker."""

import ssl
from functools import lru_cache

import httpx

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python does not name
NOT_YET_VALID = 9  # X509_V_ERR_CERT_NOT_YET_VALID


@lru_cache(maxsize=1)
def context() -> ssl.SSLContext:
    """Certificates are checked against the usual authorities, those of this machine, and those of SSL_CERT_FILE.

    One for all connections: reading the certificates takes a tenth of a second each time.
    """
    made = httpx.create_ssl_context()
    made.load_default_certs()
    return made


@lru_cache(maxsize=4)
def trusting(authority: str, *, timeless: bool = False) -> ssl.SSLContext:
    """Trusts this authority (PEM) and no other; the name of the host is checked. TLS 1.2 or later. Raises ValueError.

    `timeless`: does not ask how old the certificate is. For a box whose clock says that it is not valid *yet*: then
    the clock is wrong, as it is after a loss of power on a box without a battery, and an alert must be heard anyway.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_verify_locations(cadata=authority)
    except ssl.SSLError as error:
        raise ValueError(f"the authority of the broker kept here is none: {error}") from error
    if timeless:
        made.verify_flags |= NO_CHECK_TIME
    return made


def too_early(error: BaseException) -> bool:
    """Whether a certificate was refused because it is not valid yet."""
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == NOT_YET_VALID
