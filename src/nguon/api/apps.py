from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "nguon.api"
    label = "api"
    verbose_name = "Cổng thiết bị"
    default_auto_field = "django.db.models.BigAutoField"
