"""What each kind of role may do. Nothing here asks the database or the clock."""

from collections.abc import Iterable
from enum import StrEnum


class Right(StrEnum):
    """One thing a role may allow, always for a place and all below it."""

    VIEW = "view"
    WRITE = "write"  # create and edit bulletins
    APPROVE = "approve"
    BROADCAST = "broadcast"  # place on the air, stop
    ALERT = "alert"  # write, sign and stop alerts
    DEVICES = "devices"  # register, volume, enrol
    PEOPLE = "people"
    PLACES = "places"
    JOURNAL = "journal"
    SITE = "site"  # the website of a place: what stands on it, how it looks
    CASES = "cases"  # take in, route and answer what people tell
    CONTACTS = "contacts"  # see who told it: personal data, each look is noted


RIGHTS: dict[str, frozenset[Right]] = {
    "admin": frozenset({Right.VIEW, Right.DEVICES, Right.PEOPLE, Right.PLACES, Right.JOURNAL, Right.SITE}),
    "editor": frozenset(
        {Right.VIEW, Right.WRITE, Right.BROADCAST, Right.ALERT, Right.SITE, Right.CASES, Right.CONTACTS}
    ),
    "approver": frozenset({Right.VIEW, Right.APPROVE, Right.BROADCAST, Right.ALERT, Right.CASES}),
    "web": frozenset({Right.VIEW, Right.SITE}),
    "desk": frozenset({Right.VIEW, Right.CASES, Right.CONTACTS}),
    "technician": frozenset({Right.VIEW, Right.DEVICES}),
    "watcher": frozenset({Right.VIEW}),
}


GUARDED = frozenset({Right.APPROVE, Right.PEOPLE, Right.PLACES})  # whoever has one of these signs in by two steps


def guarded(rights: Iterable[Right]) -> bool:
    """Whether somebody with these rights must have a second factor."""
    return bool(GUARDED & frozenset(rights))


def wait_after(wrong: int, allowed: int, longest: int) -> int:
    """Seconds to wait after so many wrong tries in a row: none up to `allowed`, then 30, 60, 120… up to `longest`."""
    if wrong < allowed:
        return 0
    return min(longest, 30 << min(wrong - allowed, 20))


def kinds_with(right: str) -> list[str]:
    """The kinds of role that give a right, sorted."""
    return sorted(kind for kind, rights in RIGHTS.items() if right in rights)


def succeeding_name(office: str, old: str, new: str) -> str:
    """The name of an office after its place became another: `UBND xã Cũ` → `UBND xã Mới`. Case is ignored."""
    at = office.casefold().rfind(old.casefold())
    if at < 0 or len(office.casefold()) != len(office):
        return office
    return office[:at] + new + office[at + len(old) :]
