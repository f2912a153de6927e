from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nguon.people"
    label = "people"
    verbose_name = "Cán bộ"
    default_auto_field = "django.db.models.BigAutoField"
