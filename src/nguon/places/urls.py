"""Addresses of the territory. The reorganisation is composed above and added in `config.places_urls`."""

from django.urls import path

from nguon.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/ten", views.rename, name="rename"),
    path("<uuid:pk>/them", views.add, name="add"),
]
