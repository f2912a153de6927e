"""Addresses for whoever tells something: below a site, and of the server itself."""

from django.urls import URLPattern, URLResolver

app_name = "told"
urlpatterns: list[URLPattern | URLResolver] = []
