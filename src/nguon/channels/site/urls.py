"""Addresses of the office for sites as a channel: the frame in which an article is seen before it goes out."""

from django.urls import path

from nguon.channels.site import views

PREFIX = "xem-trang/"
app_name = "site-office"
urlpatterns = [path("", views.preview, name="preview")]
