from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "nguon.archive"
    label = "archive"
    verbose_name = "Kho tư liệu"
    default_auto_field = "django.db.models.BigAutoField"
