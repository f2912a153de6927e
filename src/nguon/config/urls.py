"""All addresses of the server. Composition only."""

from django.urls import URLPattern, URLResolver, include, path

from nguon.config.status import health, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    path("trang-thai", page, name="status"),
    path("", include("nguon.delivery.urls")),
]
