from django.apps import AppConfig


class MonitorConfig(AppConfig):
    name = "nguon.monitor"
    label = "monitor"
    verbose_name = "Giám sát"
    default_auto_field = "django.db.models.BigAutoField"
