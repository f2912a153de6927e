"""Addresses of the monitor."""

from django.urls import path

from nguon.monitor import proof_views, safety_views, views

app_name = "monitor"
urlpatterns = [
    path("", views.live, name="live"),
    path("doi-soat", proof_views.report, name="proof"),
    path("doi-soat/excel", proof_views.sheet, name="proof-sheet"),
    path("an-toan", safety_views.events, name="safety"),
    path("luong", views.stream, name="stream"),
    path("thiet-bi/<uuid:pk>", views.device, name="device"),
]
