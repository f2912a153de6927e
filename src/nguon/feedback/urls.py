"""Addresses of the desk where officers work on cases."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "feedback"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nguon.feedback.private_urls")),
]
