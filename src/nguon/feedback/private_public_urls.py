"""Addresses by which people see, correct and erase their own data: below a site, and of the server itself."""

from django.urls import path

from nguon.feedback import private_public_views as views

urlpatterns = [
    path("du-lieu-cua-toi/", views.mine, name="data"),
    path("du-lieu-cua-toi/ban-sao", views.export, name="data-export"),
    path("du-lieu-cua-toi/sua", views.change, name="data-change"),
    path("du-lieu-cua-toi/xoa", views.erase, name="data-erase"),
]
