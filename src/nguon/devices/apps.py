from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "nguon.devices"
    label = "devices"
    verbose_name = "Thiết bị"
    default_auto_field = "django.db.models.BigAutoField"
