"""Addresses for whoever tells something: below a site, and of the server itself."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "told"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nguon.feedback.private_public_urls")),
]
