"""Addresses of the newsroom."""

from django.urls import path

from nguon.newsroom import editing, filming, picturing, reading, seeing, views

app_name = "newsroom"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", editing.new, name="new"),
    path("doc", reading.aloud, name="aloud"),
    path("hien", seeing.page, name="shown"),
    path("anh", picturing.take, name="picture-take"),
    path("anh/<str:mark>", picturing.look, name="picture"),
    path("phim", filming.take, name="film-take"),
    path("phim/<str:mark>", filming.look, name="film"),
    path("phim/<str:mark>/tien-do", filming.state, name="film-state"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", editing.edit, name="edit"),
    path("<uuid:pk>/nghe", views.hear, name="hear"),
    path("giong", editing.voices, name="voices"),
    path("<uuid:pk>/doc-lai", views.speak_again, name="speak-again"),
    path("<uuid:pk>/gui-duyet", views.submit, name="submit"),
    path("<uuid:pk>/phien-ban/<int:number>", views.version, name="version"),
    path("<uuid:pk>/phien-ban/<int:number>/phim", filming.of_version, name="version-film"),
]
