from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "nguon.links"
    label = "links"
    verbose_name = "Liên thông"
    default_auto_field = "django.db.models.BigAutoField"
