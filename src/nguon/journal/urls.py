"""Addresses of the journal."""

from django.urls import path

from nguon.journal import views

app_name = "journal"
urlpatterns = [
    path("nhat-ky/", views.entries, name="list"),
    path("nhat-ky/kiem-tra", views.verify, name="verify"),
]
