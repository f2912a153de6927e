"""What a case may become, and who may make it so. Nothing here asks the database or the clock."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands. What people read of each is in `models.CaseState`."""

    NEW = "new"
    ACCEPTED = "accepted"  # taken in, no office yet
    ASSIGNED = "assigned"  # an office has it
    WORKING = "working"
    ASKED = "asked"  # the reporter is to say more; its clock stands
    ANSWERED = "answered"
    CLOSED = "closed"
    DUPLICATE = "duplicate"
    REFUSED = "refused"  # with a reason
    PASSED_ON = "passed-on"  # to an authority that is not here
    DIVERTED = "diverted"  # a complaint or a denunciation: its own legal path
    REOPEN = "reopen"  # the reporter is not content and asks for it


FINAL = frozenset({State.CLOSED, State.DUPLICATE, State.REFUSED, State.PASSED_ON, State.DIVERTED})
NEVER_PUBLIC = frozenset({State.REFUSED, State.DIVERTED})  # nobody answers them for everybody to read
AT_WORK = frozenset({State.NEW, State.ACCEPTED, State.ASSIGNED, State.WORKING, State.ASKED, State.REOPEN})
_ENDS = frozenset({State.DUPLICATE, State.REFUSED, State.PASSED_ON, State.DIVERTED})

NEXT: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.ACCEPTED, State.ASSIGNED}) | _ENDS,
    State.ACCEPTED: frozenset({State.ASSIGNED}) | _ENDS,
    State.ASSIGNED: frozenset({State.ACCEPTED, State.ASSIGNED, State.WORKING, State.ASKED, State.ANSWERED}) | _ENDS,
    State.WORKING: frozenset({State.ACCEPTED, State.ASSIGNED, State.ASKED, State.ANSWERED}) | _ENDS,
    State.ASKED: frozenset({State.WORKING, State.ANSWERED}) | _ENDS,
    State.ANSWERED: frozenset({State.CLOSED, State.REOPEN}),
    State.REOPEN: frozenset({State.ASSIGNED, State.WORKING, State.CLOSED}),
    State.CLOSED: frozenset({State.REOPEN}),
    State.DUPLICATE: frozenset({State.ACCEPTED}),
    State.REFUSED: frozenset({State.REOPEN}),
    State.PASSED_ON: frozenset({State.ACCEPTED}),  # that authority does not take it
    State.DIVERTED: frozenset({State.ACCEPTED}),  # somebody looked: it is none
}


def may_become(now: str, then: str) -> bool:
    """Whether a case in one state may go over into another."""
    return State(then) in NEXT[State(now)]
