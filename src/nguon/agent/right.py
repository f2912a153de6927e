"""The right to a screen that belongs to somebody else: outside its hours nothing is accepted, nor goes on. Pure."""

from nguon.agent.state import State

NEVER = 1 << 62


def until(state: State, at: int) -> int:
    """Until when something may show that is to show at this moment: `at` itself if it may not, NEVER if always."""
    right = state.settings.right
    if right is None:
        return NEVER
    return max((span.end for span in right.spans if span.start <= at < span.end), default=at)


def forbids(state: State, at: int) -> bool:
    """Whether nothing may show at this moment."""
    return until(state, at) <= at
