from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "nguon.journal"
    label = "journal"
    verbose_name = "Nhật ký"
    default_auto_field = "django.db.models.BigAutoField"
