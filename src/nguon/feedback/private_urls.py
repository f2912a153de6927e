"""Addresses of the desk that concern personal data."""

from django.urls import path

from nguon.feedback import private_views as views

urlpatterns = [
    path("du-lieu/", views.listing, name="privacy"),
    path("du-lieu/ai-da-xem", views.looks, name="looks"),
    path("du-lieu/thoi-han", views.kept, name="kept"),
    path("du-lieu/<uuid:pk>/", views.detail, name="privacy-request"),
    path("du-lieu/<uuid:pk>/tra-loi", views.reply, name="privacy-reply"),
    path("du-lieu/<uuid:pk>/gia-han", views.extend, name="privacy-extend"),
    path("du-lieu/<uuid:pk>/xoa", views.erase, name="privacy-erase"),
    path("<uuid:pk>/nguoi-gui", views.contacts, name="contacts"),
]
