"""What belongs to boards and is another's, for the walk along all addresses."""

from typing import Any

from tests.app import secret_feeds, secret_upper
from tests.app.desk import Desk

MODELS = (*secret_feeds.MODELS, *secret_upper.MODELS)


def make(desk: Desk, secret: str) -> dict[str, dict[str, Any]]:
    """One of each, named by the secret: the parameters of its addresses."""
    return {**secret_feeds.make(desk, secret), **secret_upper.make(desk, secret)}
