from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "nguon.delivery"
    label = "delivery"
    verbose_name = "Phát"
    default_auto_field = "django.db.models.BigAutoField"
