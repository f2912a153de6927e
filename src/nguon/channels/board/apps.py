"""The channel of boards, as Django knows it."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """A page without models: what a board knows is on the board."""

    name = "nguon.channels.board"
    label = "board"
