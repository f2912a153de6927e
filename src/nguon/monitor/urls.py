"""Addresses of the monitor."""

from django.urls import path

from nguon.monitor import views

app_name = "monitor"
urlpatterns = [
    path("", views.live, name="live"),
    path("luong", views.stream, name="stream"),
    path("thiet-bi/<uuid:pk>", views.device, name="device"),
]
