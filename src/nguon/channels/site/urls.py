"""Addresses of the office for sites as a channel: an article seen before it goes out, copies, broken links."""

from django.urls import path

from nguon.channels.site import views
from nguon.channels.site.broken import views as broken
from nguon.channels.site.copies import views as copies

PREFIX = ""
app_name = "site-office"
urlpatterns = [
    path("xem-trang/", views.preview, name="preview"),
    path("trang-xa/<uuid:pk>/lien-ket-hong", broken.listing, name="broken"),
    path("trang-xa/<uuid:pk>/xuat", copies.copies, name="copies"),
    path("trang-xa/<uuid:pk>/xuat/dang-lam", copies.progress, name="copies-progress"),
    path("trang-xa/xuat/<uuid:pk>/thoi", copies.cancel, name="copy-cancel"),
    path("trang-xa/xuat/<uuid:pk>/tai-ve", copies.file, name="copy-file"),
]
