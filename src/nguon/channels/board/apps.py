"""The channel of boards, as Django knows it."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Pages for boards and for officers; what a board knows is on the board."""

    name = "nguon.channels.board"
    label = "board"
    default_auto_field = "django.db.models.BigAutoField"
