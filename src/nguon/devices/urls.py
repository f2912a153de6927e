"""Addresses of the registry of devices."""

from django.urls import path

from nguon.devices import views
from nguon.devices.photos import views as photos
from nguon.devices.requisitions import views as requisitions

app_name = "devices"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("nhom", views.groups, name="groups"),
    path("nhom/<uuid:pk>/xoa", views.group_delete, name="group-delete"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/sua", views.edit, name="edit"),
    path("<uuid:pk>/cap-ma", views.enrol, name="enrol"),
    path("<uuid:pk>/man-hinh", views.screen, name="screen"),
    path("<uuid:pk>/thu-hoi", views.revoke, name="revoke"),
    path("<uuid:pk>/tinh-trang", views.status, name="status"),
    path("<uuid:pk>/dien", views.plug, name="plug"),
    path("<uuid:pk>/anh", photos.listing, name="photos"),
    path("<uuid:pk>/anh/moi-nhat", photos.card, name="photo-card"),
    path("<uuid:pk>/anh/chup", photos.ask, name="photo-ask"),
    path("<uuid:pk>/anh/tu-chup", photos.schedule, name="photo-schedule"),
    path("<uuid:pk>/anh/<uuid:photo>", photos.picture, name="photo"),
    path("<uuid:pk>/huy-dong", requisitions.listing, name="requisitions"),
    path("<uuid:pk>/huy-dong/<uuid:requisition>/ket-thuc", requisitions.end, name="requisition-end"),
]
