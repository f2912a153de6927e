"""Addresses between two systems, and the pages of officers on both sides."""

from django.urls import path

from nguon.channels.board.upper import given_views, public_views, taken_views

urlpatterns = [
    path("<uuid:pk>.json", public_views.playlist, name="upper-playlist"),
    path("trang/<str:sha256>", public_views.page, name="upper-page"),
    path("bao-cao", public_views.report, name="upper-report"),
    path("", taken_views.listing, name="upper"),
    path("nguon/moi", taken_views.new, name="upper-new"),
    path("nguon/<uuid:pk>", taken_views.detail, name="upper-detail"),
    path("nguon/<uuid:pk>/sua", taken_views.edit, name="upper-edit"),
    path("nguon/<uuid:pk>/dau-van", taken_views.agree, name="upper-agree"),
    path("nguon/<uuid:pk>/lay-ngay", taken_views.look, name="upper-look"),
    path("nguon/<uuid:pk>/thoi", taken_views.end, name="upper-end"),
    path("loai/", given_views.listing, name="upper-classes"),
    path("loai/moi", given_views.new_class, name="upper-class-new"),
    path("loai/<uuid:pk>", given_views.board_class, name="upper-class"),
    path("loai/<uuid:pk>/sua", given_views.edit_class, name="upper-class-edit"),
    path("loai/<uuid:pk>/thoi", given_views.end_class, name="upper-class-end"),
    path("loai/<uuid:pk>/them", given_views.add, name="upper-entry-new"),
    path("muc/<uuid:pk>", given_views.entry, name="upper-entry"),
    path("muc/<uuid:pk>/chuyen", given_views.move, name="upper-entry-move"),
    path("muc/<uuid:pk>/bo", given_views.remove, name="upper-entry-remove"),
    path("noi-nhan/moi", given_views.new_grant, name="upper-grant-new"),
    path("noi-nhan/<uuid:pk>", given_views.grant, name="upper-grant"),
    path("noi-nhan/<uuid:pk>/thu", given_views.revoke, name="upper-grant-revoke"),
]
