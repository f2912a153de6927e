"""Pure rules of the settings of an account: which are secret, which are lacking, which addresses are let through."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit, urlunsplit

from nguon.ports.voice import Setting

LONGEST_NAME, LONGEST_VALUE = 120, 8000  # characters
SHORTEST, LONGEST = 5, 300  # seconds that an account may be given
_NEAR_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa")


class Fault(StrEnum):
    """Why a setting cannot be kept so."""

    MISSING = "missing"
    LONG = "long"
    NO_ADDRESS = "no-address"
    PASSWORD = "password"  # an address that holds a name or a password
    NEAR = "near"  # an address inside the network of the server, from somebody who does not run the server
    PLAIN = "plain"  # the key would go over the open network unencrypted
    AGAIN = "again"  # a secret that was given for another address: it must not be sent elsewhere by who cannot tell it


@dataclass(frozen=True)
class Sorted:
    """The settings of an account: those that are shown, and those that are sealed."""

    plain: dict[str, str]
    secret: dict[str, str] = field(repr=False)


def sorted_out(settings: Sequence[Setting], given: Mapping[str, str], held: Mapping[str, str]) -> Sorted:
    """What an account will hold: a secret that is not given stays as it was, anything unknown is dropped.

    What is as the provider has it by default is not kept: should that change one day, it changes here too.
    """
    asked = ((one, given.get(one.name, "")) for one in settings if not one.secret)
    plain = {one.name: "" if value == one.default else value for one, value in asked}
    kept = {one.name: given.get(one.name) or held.get(one.name, "") for one in settings if one.secret}
    return Sorted(plain, {name: value for name, value in kept.items() if value})


def faults(settings: Sequence[Setting], found: Sorted, *, near_allowed: bool) -> Iterator[tuple[str, Fault]]:
    """The first fault of each setting, by its name. `near_allowed`: who says it runs the whole server."""
    for one in settings:
        value = found.secret.get(one.name, "") if one.secret else found.plain[one.name]
        if not value and not one.optional and not one.default:
            yield one.name, Fault.MISSING
        elif len(value) > LONGEST_VALUE:
            yield one.name, Fault.LONG
        elif not one.secret and is_address(one, value) and (fault := _fault_of_address(value, near_allowed)):
            yield one.name, fault


def elsewhere(settings: Sequence[Setting], before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether an address now leads to another server than the secrets were given for."""
    for one in settings:
        old, new = before.get(one.name) or one.default, after.get(one.name) or one.default
        if old != new and (is_address(one, old) or is_address(one, new)) and _server(old) != _server(new):
            return True
    return False


def is_address(setting: Setting, value: str) -> bool:
    """Whether a setting is the address of a service: by what was given, or by what stands there at first."""
    return bool(value) and ("://" in value or "://" in setting.default)


def shown(value: str) -> str:
    """A setting as the journal may keep it: of an address, where it leads, without anything that could be a key."""
    if "://" not in value:
        return value
    parts = _split(value)
    return urlunsplit((parts.scheme, _host(parts), parts.path, "", "")) if parts else ""


def _fault_of_address(value: str, near_allowed: bool) -> Fault | None:
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return Fault.NO_ADDRESS
    if parts.username is not None or parts.password is not None:
        return Fault.PASSWORD
    if is_near(parts.hostname):
        return None if near_allowed else Fault.NEAR
    return Fault.PLAIN if parts.scheme == "http" else None


def is_near(host: str) -> bool:
    """Whether a host is, by its name alone, inside the network of the server or the server itself."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return "." not in name or name.endswith(_NEAR_ENDINGS) or name.replace(".", "").isdigit()


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return None
    return parts


def _server(value: str) -> tuple[str, str] | None:
    parts = _split(value)
    return (parts.scheme, _host(parts)) if parts else None


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    return f"{named}:{parts.port}" if parts.port else named
