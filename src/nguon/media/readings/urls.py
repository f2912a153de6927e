"""Addresses of readings."""

from django.urls import path

from nguon.media.readings import views

app_name = "readings"
urlpatterns = [
    path("", views.listing, name="list"),
    path("them", views.keep, name="keep"),
    path("nghe", views.hear, name="hear"),
    path("thu", views.tried, name="try"),
    path("<uuid:pk>/bo", views.end, name="end"),
    path("<uuid:pk>/hoan-tac", views.take_back, name="take-back"),
]
