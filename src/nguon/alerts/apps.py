from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "nguon.alerts"
    label = "alerts"
    verbose_name = "Cảnh báo khẩn"
    default_auto_field = "django.db.models.BigAutoField"
