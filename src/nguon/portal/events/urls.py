"""Addresses of events in the office."""

from django.urls import path

from nguon.portal.events import views

app_name = "events"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", views.edit, name="edit"),
    path("<uuid:pk>/huy", views.cancel, name="cancel"),
    path("<uuid:pk>/rut", views.withdraw, name="withdraw"),
]
