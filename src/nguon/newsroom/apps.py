from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "nguon.newsroom"
    label = "newsroom"
    verbose_name = "Bản tin"
    default_auto_field = "django.db.models.BigAutoField"
