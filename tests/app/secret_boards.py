"""What belongs to boards and is another's, for the walk along all addresses."""

from typing import Any

from nguon.newsroom.models import Bulletin
from tests.app import secret_feeds, secret_scene, secret_upper
from tests.app.desk import Desk

MODELS = (*secret_feeds.MODELS, *secret_upper.MODELS, *secret_scene.MODELS)


def make(desk: Desk, bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """One of each, named by the secret: the parameters of its addresses."""
    given = {**secret_feeds.make(desk, secret), **secret_upper.make(desk, secret)}
    return {**given, **secret_scene.make(desk, bulletin, secret)}
