from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "nguon.review"
    label = "review"
    verbose_name = "Duyệt"
    default_auto_field = "django.db.models.BigAutoField"
