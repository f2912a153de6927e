"""All addresses below a site (`portal.middleware`). Composition only."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from nguon.config import channels

urlpatterns: list[URLPattern | URLResolver] = [
    path("phan-anh/", include("nguon.feedback.public_urls")),
    path("canh-bao-hien-co/", include("nguon.alerts.public_urls")),
    *(path(prefix, include(urls)) for prefix, urls in channels.pages(settings.NGUON_CHANNELS, "public_urls")),
]
handler404 = "nguon.ui.public.missing"
handler500 = "nguon.ui.public.broken"
