"""Addresses of the pages of live voice. The speaker's line (`duong-truyen`) is a WebSocket: `live.socket`."""

from django.urls import path

from nguon.live import views

app_name = "live"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("noi-nhan", views.reach, name="reach"),
    path("so-phut", views.limit, name="limit"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/gio-yen-tinh", views.quiet, name="quiet"),
    path("<uuid:pk>/dung", views.stop, name="stop"),
]
