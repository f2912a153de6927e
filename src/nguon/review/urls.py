"""Addresses of approving."""

from django.urls import path

from nguon.review import views

app_name = "review"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/duyet", views.approve, name="approve"),
    path("<uuid:pk>/tra-lai", views.return_, name="return"),
]
