"""Addresses of sound."""

from django.urls import path, re_path

from nguon.media import account_views, compare_views, music_views, views

app_name = "media"
urlpatterns = [
    path("am-thanh/tien-do/<uuid:pk>", views.progress, name="progress"),
    path("giong-doc/", compare_views.voices, name="voices"),
    path("giong-doc/so-sanh", compare_views.compare, name="compare"),
    path("giong-doc/so-sanh/<uuid:batch>", compare_views.compared, name="compared"),
    path("giong-doc/nghe/<uuid:pk>", compare_views.trial, name="trial"),
    path("giong-doc/mac-dinh", compare_views.choose, name="choose-voice"),
    path("giong-doc/tai-khoan", account_views.listing, name="accounts"),
    path("giong-doc/tai-khoan/them", account_views.new, name="account-new"),
    path("giong-doc/tai-khoan/<uuid:pk>", account_views.detail, name="account"),
    path("giong-doc/tai-khoan/<uuid:pk>/sua", account_views.edit, name="account-edit"),
    path("giong-doc/tai-khoan/<uuid:pk>/nghe-thu", account_views.attempt, name="account-try"),
    path("giong-doc/tai-khoan/<uuid:pk>/thu-tu", account_views.move, name="account-move"),
    path("giong-doc/tai-khoan/<uuid:pk>/bat-tat", account_views.active, name="account-active"),
    path("giong-doc/tai-khoan/<uuid:pk>/bo", account_views.remove, name="account-remove"),
    re_path(r"^am-thanh/(?P<sha256>[0-9a-f]{64})$", views.audio, name="audio"),
    re_path(r"^am-thanh/(?P<sha256>[0-9a-f]{64})/song$", views.waveform, name="waveform"),
    path("nhac/", music_views.listing, name="music"),
    path("nhac/them", music_views.new, name="music-new"),
    path("nhac/thuong-dung/<uuid:pk>", music_views.usual, name="music-usual"),
    path("nhac/<uuid:pk>/ten", music_views.rename, name="music-rename"),
    path("nhac/<uuid:pk>/thoi-dung", music_views.end, name="music-end"),
]
