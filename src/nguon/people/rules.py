"""What each kind of role may do. Nothing here asks the database or the clock."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a role may allow, always for a place and all below it."""

    VIEW = "view"
    WRITE = "write"  # create and edit bulletins
    APPROVE = "approve"
    BROADCAST = "broadcast"  # place on the air, stop
    DEVICES = "devices"  # register, volume, enrol
    PEOPLE = "people"
    PLACES = "places"
    JOURNAL = "journal"


RIGHTS: dict[str, frozenset[Right]] = {
    "admin": frozenset({Right.VIEW, Right.DEVICES, Right.PEOPLE, Right.PLACES, Right.JOURNAL}),
    "editor": frozenset({Right.VIEW, Right.WRITE, Right.BROADCAST}),
    "approver": frozenset({Right.VIEW, Right.APPROVE, Right.BROADCAST}),
    "technician": frozenset({Right.VIEW, Right.DEVICES}),
    "watcher": frozenset({Right.VIEW}),
}


def kinds_with(right: str) -> list[str]:
    """The kinds of role that give a right, sorted."""
    return sorted(kind for kind, rights in RIGHTS.items() if right in rights)


def succeeding_name(office: str, old: str, new: str) -> str:
    """The name of an office after its place became another: `UBND xã Cũ` → `UBND xã Mới`. Case is ignored."""
    at = office.casefold().rfind(old.casefold())
    if at < 0 or len(office.casefold()) != len(office):
        return office
    return office[:at] + new + office[at + len(old) :]
