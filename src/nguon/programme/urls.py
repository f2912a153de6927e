"""Addresses of placing: all below the address of a bulletin."""

from django.urls import path

from nguon.programme import views

app_name = "programme"
urlpatterns = [
    path("<uuid:pk>/phat", views.place, name="place"),
    path("<uuid:pk>/phat/noi-nhan", views.reach, name="reach"),
    path("<uuid:pk>/luot-phat", views.broadcasts, name="broadcasts"),
    path("<uuid:pk>/dung-ban-cu", views.stop_outdated, name="stop-outdated"),
    path("<uuid:pk>/rut", views.withdraw, name="withdraw"),
]
