"""Addresses of the archive."""

from django.urls import path

from nguon.archive import import_views, views

app_name = "archive"
urlpatterns = [
    path("", views.listing, name="list"),
    path("nhap", import_views.imports, name="imports"),
    path("nhap/moi", import_views.new, name="import-new"),
    path("nhap/<uuid:pk>", import_views.one, name="import"),
    path("nhap/<uuid:pk>/tien-do", import_views.progress, name="import-progress"),
    path("nhap/<uuid:pk>/tep", import_views.add, name="import-add"),
    path("nhap/<uuid:pk>/lenh", import_views.steer, name="import-steer"),
    path("nhap/<uuid:pk>/bao-cao.csv", import_views.sheet, name="import-sheet"),
    path("giong-nhau", views.pairs, name="pairs"),
    path("giong-nhau/<uuid:pk>", views.pair, name="pair"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", views.edit, name="edit"),
    path("<uuid:pk>/dung", views.confirm, name="confirm"),
    path("<uuid:pk>/tach", views.split, name="split"),
    path("<uuid:pk>/chep-loi", views.transcribe, name="transcribe"),
    path("<uuid:pk>/loi", views.words, name="words"),
    path("<uuid:pk>/goc", views.original, name="original"),
]
