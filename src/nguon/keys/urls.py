"""Addresses of keys."""

from django.urls import path

from nguon.keys import views

app_name = "keys"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:pk>/tao-moi", views.renew, name="renew"),
    path("<uuid:pk>/thu", views.revoke, name="revoke"),
    path("can-bo/<uuid:pk>/thu", views.revoke_person, name="revoke-person"),
]
