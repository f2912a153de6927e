"""Only the addresses of sound, and where to sign in, for the tests of media alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sign in")


urlpatterns = [
    path("", include("nguon.media.urls")),
    path("", include(([path("dang-nhap", _sign_in, name="sign-in")], "people"))),
]
