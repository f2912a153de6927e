"""The address of a board's page."""

from django.urls import path

from nguon.channels.board import views

PREFIX = "bang/"
app_name = "board"
urlpatterns = [path("", views.page, name="page"), path("worker.js", views.worker, name="worker")]
