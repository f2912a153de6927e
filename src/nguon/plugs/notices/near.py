"""What is near enough for words in the clear."""

import ipaddress


def is_near(host: str) -> bool:
    """Whether a host is this machine or one of its own network, as far as its name tells."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.rstrip(".").lower() == "localhost"
