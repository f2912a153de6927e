"""Pure rules of approving: which decisions can follow which state, and reasons that are often given."""

REASON_LIMIT = 1000  # characters
OPEN = "submitted"
DECIDED = frozenset({"approved", "returned"})
WITHDRAWABLE = frozenset({"submitted", "approved"})


def fits(reason: str) -> bool:
    """Whether a cleaned reason says something and is not too long to keep."""
    return any(c.isalnum() for c in reason) and len(reason) <= REASON_LIMIT
