"""Pure rules of approving: what can be withdrawn, and what counts as a reason."""

REASON_LIMIT = 1000  # characters
WITHDRAWABLE = frozenset({"submitted", "approved"})


def fits(reason: str) -> bool:
    """Whether a cleaned reason says something and is not too long to keep."""
    return any(c.isalnum() for c in reason) and len(reason) <= REASON_LIMIT
