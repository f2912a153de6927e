"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Sites, their sections, and what is posted on them."""

    name = "nguon.portal"
    verbose_name = "Trang thông tin điện tử"
