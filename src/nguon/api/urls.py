"""Addresses of the device API, version 1."""

from django.urls import path

from nguon.api import views

app_name = "api"
urlpatterns = [
    path("enrol", views.enrol, name="enrol"),
    path("screens", views.screens, name="screens"),
    path("screens/ask", views.screens_ask, name="screens-ask"),
    path("content/<str:sha256>", views.content, name="content"),
    path("plan/<str:sha256>", views.plan, name="plan"),
    path("proof/<str:broadcast>", views.proof, name="proof"),
    path("photo/<str:photo>", views.photo, name="photo"),
    path("shown/<str:day>", views.shown, name="shown"),
    path("live/<str:session>", views.live, name="live"),
    path("time", views.time, name="time"),
    path("openapi.json", views.openapi, name="openapi"),
]
