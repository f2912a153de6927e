"""Addresses of a board's page and of its preview."""

from django.urls import include, path

from nguon.channels.board import views

PREFIX = "bang/"
app_name = "board"
urlpatterns = [
    path("", views.page, name="page"),
    path("worker.js", views.worker, name="worker"),
    path("xem/", views.preview, name="preview"),
    path("nguon/", include("nguon.channels.board.feeds.urls")),
    path("tren/", include("nguon.channels.board.upper.urls")),
]
