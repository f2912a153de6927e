"""Addresses below a site. They hold for its own host and for its path of the server (`portal.middleware`)."""

from django.urls import path

from nguon.channels.site import public_sound, public_views

PREFIX = ""
app_name = "site"
urlpatterns = [
    path("", public_views.front, name="front"),
    path("muc/<slug:key>/", public_views.section, name="section"),
    path("tin/<slug:slug>", public_views.article, name="article"),
    path("tin/<slug:slug>/nghe", public_sound.sound, name="sound"),
]
