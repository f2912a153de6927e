"""Addresses of the office where sites are looked after."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("khao-sat/", include("nguon.portal.surveys.urls")),
]
