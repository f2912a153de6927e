"""Addresses of the desk that concern personal data and other systems."""

from django.urls import path

from nguon.feedback import open_views
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
    path("he-thong-khac/", open_views.systems, name="systems"),
    path("he-thong-khac/khoa-moi", open_views.client_new, name="client-new"),
    path("he-thong-khac/<uuid:pk>/thu-khoa", open_views.client_end, name="client-end"),
    path("he-thong-khac/co-quan-moi", open_views.authority_new, name="authority-new"),
    path("he-thong-khac/<uuid:pk>/thoi-chuyen", open_views.authority_end, name="authority-end"),
    path("<uuid:pk>/chuyen-he-thong", open_views.forward, name="forward"),
    path("<uuid:pk>/chuyen-he-thong/gui-lai", open_views.forward_again, name="forward-again"),
]
