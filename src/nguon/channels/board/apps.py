"""The channel of boards, as Django knows it."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """A page; its tables hold what boards take from other systems, and give to them."""

    name = "nguon.channels.board"
    label = "board"
    default_auto_field = "django.db.models.BigAutoField"
