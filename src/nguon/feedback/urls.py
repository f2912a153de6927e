"""Addresses of the desk where officers work on cases."""

from django.urls import path

from nguon.feedback import sticker_views

app_name = "feedback"
urlpatterns = [
    path("tem-qr", sticker_views.sheet, name="stickers"),
]
