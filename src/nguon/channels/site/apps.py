"""Websites as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The pages of sites for everybody."""

    name = "nguon.channels.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Trang thông tin điện tử"
