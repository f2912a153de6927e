"""Addresses of sources."""

from django.urls import path

from nguon.channels.board.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", views.edit, name="edit"),
    path("<uuid:pk>/thoi", views.end, name="end"),
]
