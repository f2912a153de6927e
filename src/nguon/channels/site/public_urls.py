"""Addresses below a site. They hold for its own host and for its path of the server (`portal.middleware`)."""

from django.urls import path

from nguon.channels.site import public_files, public_sound, public_views, search_views

PREFIX = ""
app_name = "site"
urlpatterns = [
    path("", public_views.front, name="front"),
    path("muc/<slug:key>/", public_views.section, name="section"),
    path("tin-bai/", public_views.news, name="news"),
    path("tin/<slug:slug>", public_views.article, name="article"),
    path("tin/<slug:slug>/nghe", public_sound.sound, name="sound"),
    path("lien-he/", public_views.contact, name="contact"),
    path("tim/", search_views.search, name="search"),
    path("so-do/", public_views.contents, name="contents"),
    path("tro-nang/", public_views.accessibility, name="accessibility"),
    path("anh/<str:sha256>", public_files.picture, name="picture"),
    path("tai-lieu/<uuid:pk>", public_files.paper, name="paper"),
]
