"""Addresses of surveys in the office."""

from django.urls import path

from nguon.portal.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("xem", views.tried, name="tried"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", views.edit, name="edit"),
    path("<uuid:pk>/rut", views.withdraw, name="withdraw"),
    path("<uuid:pk>/ket-qua", views.conclude, name="conclude"),
    path("<uuid:pk>/tep", views.file, name="file"),
    path("<uuid:pk>/bang-tinh", views.table, name="table"),
    path("phieu/<int:pk>/an", views.hide, name="hide"),
]
