"""Addresses of sound."""

from django.urls import path, re_path

from nguon.media import views

app_name = "media"
urlpatterns = [
    path("am-thanh/tien-do/<uuid:pk>", views.progress, name="progress"),
    re_path(r"^am-thanh/(?P<sha256>[0-9a-f]{64})$", views.audio, name="audio"),
]
