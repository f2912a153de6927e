"""Addresses of duty and of what is done when loudspeakers do not answer."""

from django.urls import path

from nguon.alerts import duty_views

app_name = "duty"
urlpatterns = [
    path("truc", duty_views.listing, name="list"),
    path("truc/moi", duty_views.new, name="new"),
    path("truc/<uuid:pk>", duty_views.edit, name="edit"),
    path("truc/<uuid:pk>/bo", duty_views.remove, name="remove"),
    path("<uuid:pk>/khong-tra-loi", duty_views.board, name="board"),
    path("<uuid:pk>/bao-tan-noi/<uuid:place>", duty_views.reached, name="reached"),
    path("<uuid:pk>/cac-buoc", duty_views.stages, name="stages"),
    path("<uuid:pk>/phat-rong", duty_views.widen, name="widen"),
]
