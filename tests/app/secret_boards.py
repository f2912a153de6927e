"""What belongs to boards and is another's, for the walk along all addresses."""

from types import ModuleType
from typing import Any

from django.apps import apps

from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk


def parts() -> tuple[ModuleType, ...]:
    """What makes one of each; nothing where boards have no line in the settings, and so no tables."""
    if not apps.is_installed("nguon.channels.board"):
        return ()
    from tests.app import secret_feeds, secret_scene, secret_upper

    return secret_feeds, secret_upper, secret_scene


MODELS: tuple[Any, ...] = tuple(model for part in parts() for model in part.MODELS)
SEEN = ("board:feeds:detail",) if MODELS else ()  # addresses with a secret that whoever may sees


def make(desk: Desk, bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """One of each, named by the secret: the parameters of its addresses."""
    given: dict[str, dict[str, Any]] = {"api:shown": {"day": desk.now.date().isoformat()}}
    for part in parts():
        given |= part.make(desk, bulletin, secret)
    return given
