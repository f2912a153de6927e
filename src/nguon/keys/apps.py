from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "nguon.keys"
    label = "keys"
    verbose_name = "Khóa ký"
    default_auto_field = "django.db.models.BigAutoField"
