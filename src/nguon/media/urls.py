"""Addresses of sound."""

from django.urls import path, re_path

from nguon.media import music_views, views

app_name = "media"
urlpatterns = [
    path("am-thanh/tien-do/<uuid:pk>", views.progress, name="progress"),
    re_path(r"^am-thanh/(?P<sha256>[0-9a-f]{64})$", views.audio, name="audio"),
    re_path(r"^am-thanh/(?P<sha256>[0-9a-f]{64})/song$", views.waveform, name="waveform"),
    path("nhac/", music_views.listing, name="music"),
    path("nhac/them", music_views.new, name="music-new"),
    path("nhac/thuong-dung/<uuid:pk>", music_views.usual, name="music-usual"),
    path("nhac/<uuid:pk>/ten", music_views.rename, name="music-rename"),
    path("nhac/<uuid:pk>/thoi-dung", music_views.end, name="music-end"),
]
