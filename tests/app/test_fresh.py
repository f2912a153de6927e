"""`people.asking`: what others ask before something grave."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from pytest_django.fixtures import Settings

from nguon.config.urls import urlpatterns as product
from nguon.kit import clock
from nguon.people import factors
from nguon.people.asking import fresh_second_factor, prove_again, stands
from nguon.people.models import Person
from tests.app.test_doors import NOON, sign_in, with_telephone
from tests.app.test_people import PASSWORD, District


def grave(request: HttpRequest) -> HttpResponse:
    """As the page where an emergency is signed will do it."""
    if not fresh_second_factor(request, within=timedelta(minutes=10)):
        return prove_again(request)
    return HttpResponse("ký")


urlpatterns = [path("viec-lon", grave), path("", include(product))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_a_second_step_of_a_moment_ago_is_enough_and_an_old_one_is_asked_again(client: Client) -> None:
    district = District()
    with time_machine.travel(NOON, tick=False) as now:
        with_telephone(district.chief)
        codes = factors.new_codes(actor=district.chief, now=clock.now())
        sign_in(client, "chief")
        client.post("/dang-nhap/buoc-hai", {"code": codes[0]})
        assert client.get("/viec-lon").content.decode() == "ký"
        now.shift(601)
        asked = client.get("/viec-lon?tin=1")
        assert asked.headers["Location"] == "/xac-nhan-lai?next=%2Fviec-lon%3Ftin%3D1"
        wrong = client.post(asked.headers["Location"], {"code": "000000", "next": "/viec-lon?tin=1"})
        assert wrong.status_code == 422
        right = client.post(asked.headers["Location"], {"code": codes[1], "next": "/viec-lon?tin=1"})
        assert right.headers["Location"] == "/viec-lon?tin=1"
        assert client.get("/viec-lon").content.decode() == "ký"


def test_it_leads_back_to_no_other_server(client: Client) -> None:
    District()
    sign_in(client, "chief")
    away = client.post("/xac-nhan-lai", {"password": PASSWORD, "next": "https://example.org/"})
    assert away.headers["Location"] == "/"


def test_the_password_is_enough_only_where_no_second_step_is_asked_for(client: Client, settings: Settings) -> None:
    district = District()
    settings.NGUON_SECOND_FACTOR = "required"
    Person.objects.filter(pk=district.admin.pk).update(is_demonstration=True)
    with time_machine.travel(NOON, tick=False) as now:
        sign_in(client, "admin")
        assert client.get("/viec-lon").content.decode() == "ký"
        now.shift(601)
        assert client.get("/viec-lon").status_code == 302
        assert client.post("/xac-nhan-lai", {"password": "sai", "next": "/viec-lon"}).status_code == 422
        client.post("/xac-nhan-lai", {"password": PASSWORD, "next": "/viec-lon"})
        assert client.get("/viec-lon").content.decode() == "ký"
        with_telephone(district.admin)
        assert client.get("/viec-lon").status_code == 302, "who has one is asked for it"


def test_a_line_beside_the_pages_asks_whether_the_session_stands(settings: Settings) -> None:
    district = District()
    request = RequestFactory().get("/")
    request.user = district.chief
    request.session = {"proof": "password"}  # type: ignore[assignment]
    assert stands(request)
    settings.NGUON_SECOND_FACTOR = "required"
    assert not stands(request)
    request.session = {"proof": "passkey"}  # type: ignore[assignment]
    assert stands(request)
