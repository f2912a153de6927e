"""The app of live voice."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Live voice."""

    name = "nguon.live"
    label = "live"
    verbose_name = "Phát trực tiếp"
    default_auto_field = "django.db.models.BigAutoField"
