from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "nguon.media"
    label = "media"
    verbose_name = "Âm thanh"
    default_auto_field = "django.db.models.BigAutoField"
