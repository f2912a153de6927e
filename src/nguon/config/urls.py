"""All addresses of the server. Composition only."""

from django.urls import URLPattern, URLResolver, include, path

from nguon.config.status import health, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    path("trang-thai", page, name="status"),
    path("", include("nguon.people.urls")),
    path("", include("nguon.journal.urls")),
    path("dia-ban/", include("nguon.config.places_urls")),
    path("", include("nguon.delivery.urls")),
    path("giam-sat/", include("nguon.monitor.urls")),
    path("thiet-bi/", include("nguon.devices.urls")),
]
