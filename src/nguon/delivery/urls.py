"""Addresses of the pages on broadcasts."""

from django.urls import path

from nguon.delivery import owner_views, views

app_name = "delivery"
urlpatterns = [
    path("luot-phat/", views.listing, name="list"),
    path("luot-phat/<uuid:pk>", views.detail, name="detail"),
    path("luot-phat/<uuid:pk>/tien-do", views.progress, name="progress"),
    path("luot-phat/<uuid:pk>/dung", views.stop, name="stop"),
    path("chu-bang/<str:token>", owner_views.owner, name="owner"),
]
