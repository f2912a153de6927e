"""Addresses of the living style page. Included by config only when DEBUG."""

from django.urls import path

from nguon.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.kit, name="kit"),
    path("trong", views.kit_bare, name="kit-bare"),
    path("am-thanh", views.kit_sound, name="kit-sound"),
    path("am-thanh/song", views.kit_song, name="kit-song"),
]
