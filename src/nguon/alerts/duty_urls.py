"""Addresses of duty and of what is done when loudspeakers do not answer."""

from django.urls import path

from nguon.alerts import duty_views

app_name = "duty"
urlpatterns = [
    path("nguoi-truc/", duty_views.listing, name="list"),
    path("nguoi-truc/moi", duty_views.new, name="new"),
    path("nguoi-truc/<uuid:pk>", duty_views.edit, name="edit"),
    path("nguoi-truc/<uuid:pk>/bo", duty_views.remove, name="remove"),
    path("canh-bao/<uuid:pk>/khong-tra-loi", duty_views.board, name="board"),
    path("canh-bao/<uuid:pk>/bao-tan-noi/<uuid:place>", duty_views.reached, name="reached"),
    path("canh-bao/<uuid:pk>/cac-buoc", duty_views.stages, name="stages"),
    path("canh-bao/<uuid:pk>/phat-rong", duty_views.widen, name="widen"),
]
