"""Addresses of GeoReport v2 below /open311/v2/. The form stands at the end of each: `.json` or `.xml`."""

from django.urls import path, register_converter

from nguon.feedback.open311 import views


class Form:
    """Which of the two forms."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Form, "open311form")
app_name = "open311"
urlpatterns = [
    path("discovery.<open311form:form>", views.discovery, name="discovery"),
    path("services.<open311form:form>", views.services, name="services"),
    path("services/<slug:code>.<open311form:form>", views.definition, name="definition"),
    path("requests.<open311form:form>", views.requests, name="requests"),
    path("requests/<str:code>.<open311form:form>", views.request_, name="request"),
    path("tokens/<str:token>.<open311form:form>", views.token, name="token"),
]
