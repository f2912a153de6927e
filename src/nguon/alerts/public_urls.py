"""The address of alerts for everybody: below a site, and of the server itself."""

from django.urls import path

from nguon.alerts import public_views

app_name = "warned"
urlpatterns = [path("", public_views.in_force, name="in-force")]
