"""The channel of boards, as Django knows it."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The page of a board, and how its screen is divided."""

    name = "nguon.channels.board"
    label = "board"
