"""Addresses of alerts."""

from django.urls import path

from nguon.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.choose, name="choose"),
    path("moi/<slug:hazard>", views.compose, name="compose"),
    path("moi/<slug:hazard>/xem-truoc", views.preview, name="preview"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/ky", views.sign, name="sign"),
    path("<uuid:pk>/tra-lai", views.give_back, name="return"),
    path("<uuid:pk>/rut", views.withdraw, name="withdraw"),
    path("<uuid:pk>/dung", views.stop, name="stop"),
    path("<uuid:pk>/bao-nham", views.take_back, name="take-back"),
    path("<uuid:pk>/giong-doc", views.voice, name="voice"),
    path("<uuid:pk>/ket-qua.xlsx", views.export, name="export"),
    path("<uuid:pk>/tinh-hinh", views.progress, name="progress"),
]
