"""The language of the pages: Vietnamese until a person chooses English, whatever the browser asks for."""

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation

from nguon.journal.words import said
from nguon.people.models import Person
from nguon.ui import words
from tests.app import desk as desks

pytestmark = pytest.mark.django_db
ENGLISH_BROWSER = {"accept-language": "en-US,en;q=0.9"}


def read(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def choose(client: Client, language: str, path: str = "/dang-nhap") -> HttpResponseBase:
    """What the button does from a page."""
    return client.post(reverse("language"), {"language": language}, headers={"referer": f"http://testserver{path}"})


def test_an_english_browser_gets_vietnamese() -> None:
    answer = Client(headers=ENGLISH_BROWSER).get("/dang-nhap")
    page = read(answer)
    assert '<html lang="vi">' in page
    assert "Đăng nhập" in page
    assert answer.headers["Content-Language"] == "vi"
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_the_sign_in_page_offers_the_other_language_by_its_own_name() -> None:
    client = Client()
    page = read(client.get("/dang-nhap"))
    assert 'value="en" lang="en"' in page
    assert "Tiếng Việt" not in page
    answer = choose(client, "en")
    assert answer.headers["Location"].endswith("/dang-nhap")
    page = read(client.get("/dang-nhap"))
    assert '<html lang="en">' in page
    assert "Sign in" in page
    assert 'value="vi" lang="vi"' in page
    assert "Tiếng Việt" in page
    choose(client, "vi")
    assert "Đăng nhập" in read(client.get("/dang-nhap"))


def test_the_button_carries_the_token_it_needs() -> None:
    client = Client(enforce_csrf_checks=True)
    assert choose(client, "en").status_code == 403
    page = read(client.get("/dang-nhap"))
    form = page[page.index('action="/ngon-ngu"') :]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post(reverse("language"), {"language": "en", "csrfmiddlewaretoken": token})
    assert "Sign in" in read(client.get("/dang-nhap"))


def test_the_menu_of_a_person_offers_it_and_the_choice_outlives_the_session() -> None:
    desk, client = desks.make_desk(), Client(headers=ENGLISH_BROWSER)
    client.force_login(desk.editor)
    page = read(client.get("/"))
    assert "Tổng quan" in page
    assert 'value="en" lang="en"' in page
    choose(client, "en", "/")
    page = read(client.get("/"))
    assert "Overview" in page
    assert "Tổng quan" not in page
    client.post(reverse("people:sign-out"))
    assert "Sign in" in read(client.get("/dang-nhap"))
    assert client.cookies["django_language"]["max-age"] > 300 * 24 * 3600


def test_a_first_password_does_not_stand_in_the_way() -> None:
    desk, client = desks.make_desk(), Client()
    Person.objects.filter(pk=desk.editor.pk).update(password_is_initial=True)
    client.force_login(desk.editor)
    choose(client, "en", reverse("people:password"))
    assert "Change password" in read(client.get(reverse("people:password")))


@pytest.mark.parametrize("language", ["fr", "", "../../vi", "en-US"])
def test_a_language_we_do_not_have_is_vietnamese(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    assert '<html lang="vi">' in read(client.get("/dang-nhap"))


def test_nobody_is_led_away() -> None:
    client = Client()
    answer = client.post(reverse("language"), {"language": "en", "next": "https://xau.example/"})
    assert answer.headers["Location"] == "/"


def test_a_request_leaves_no_language_behind_for_the_next() -> None:
    english, other = Client(), Client()
    choose(english, "en")
    assert "Sign in" in read(english.get("/dang-nhap"))
    assert "Đăng nhập" in read(other.get("/dang-nhap"))


def test_the_journal_keeps_a_role_in_no_language() -> None:
    assert said({"role": "approver"}) == "vai trò: Duyệt"
    with translation.override("en"):
        assert said({"role": "approver"}) == "role: Approver"


def test_numbers_follow_the_reader() -> None:
    assert words.size(1_468_006) == "1,4 MB"
    assert words.duration(61_000) == "1 phút 1 giây"
    with translation.override("en"):
        assert words.size(1_468_006) == "1.4 MB"
        assert words.duration(61_000) == "1 minute 1 second"
        assert words.duration(120_000) == "2 minutes"
