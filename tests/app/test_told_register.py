"""The public register: moderated words only, found without marks, counted by field."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory

from nguon.feedback import actions, readers
from nguon.feedback.models import Case
from nguon.kit import clock
from tests.app import reporter
from tests.app.reporter import SITE
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db
TITLE, WORDS = "Ổ gà ở đường xóm 2", "Đường xóm 2 có nhiều ổ gà."
HIDDEN = "nhà bà Sáu Lượm, số 0905999888"


@pytest.fixture
def hall() -> Hall:
    cache.clear()
    found = make_hall()
    reporter.make_site(found)
    return found


def published(hall: Hall, title: str = TITLE, words: str = WORDS, **changes: Any) -> Case:
    now = clock.now()
    case = hall.taken(now=now, words=f"{words} {HIDDEN}", field_id=hall.field().pk, **changes).case
    case = actions.assign(case=case, office=hall.office, actor=hall.chief, now=now)
    return actions.publish(case=case, title=title, words=words, actor=hall.chief, now=now)


def test_only_moderated_words_stand_there(hall: Hall) -> None:
    case = published(hall)
    hall.case(words="Một việc chưa ai đọc ở xóm 3.")
    page = Client().get(f"{SITE}/cong-khai")
    assert TITLE in page.text
    assert "chưa ai đọc" not in page.text
    assert HIDDEN not in page.text
    one = Client().get(f"{SITE}/cong-khai/{case.code}")
    assert WORDS in one.text
    assert HIDDEN not in one.text


def test_it_is_the_same_for_everybody_and_may_be_shared(hall: Hall) -> None:
    page = Client().get(f"{SITE}/cong-khai")
    assert page.headers["Cache-Control"].startswith("public")
    assert not page.cookies


def test_it_is_found_without_marks_and_not_by_words_that_were_taken_out(hall: Hall) -> None:
    published(hall)
    assert TITLE in Client().get(f"{SITE}/cong-khai?q=duong+o+ga").text
    assert TITLE not in Client().get(f"{SITE}/cong-khai?q=sau+luom").text


def test_it_is_filtered_by_field_place_and_state(hall: Hall) -> None:
    published(hall)
    for query, there in (
        ("linh-vuc=duong-giao-thong", True),
        ("linh-vuc=rac-moi-truong", False),
        (f"noi={hall.hamlet.pk.hex}", True),
        ("xong=0", True),
        ("xong=1", False),
    ):
        assert (TITLE in Client().get(f"{SITE}/cong-khai?{query}").text) is there, query


def test_a_site_shows_its_own_locality_only(hall: Hall) -> None:
    case = published(hall, place_id=hall.there.pk)
    case.refresh_from_db()
    assert TITLE not in Client().get(f"{SITE}/cong-khai").text
    assert Client().get(f"{SITE}/cong-khai/{case.code}").status_code == 404
    assert TITLE in Client().get("/phan-anh/cong-khai").text


def test_met_too_counts_once_a_browser(hall: Hall) -> None:
    case = published(hall)
    one, other = Client(), Client()
    for client in (one, one, other):
        client.get(f"{SITE}/cong-khai/{case.code}")
        client.post(f"{SITE}/cong-khai/{case.code}/toi-cung-gap")
    case.refresh_from_db()
    assert case.too == 2


def test_met_too_is_no_vote_for_machines(hall: Hall) -> None:
    """A cookie is quickly thrown away: one address counts so many times an hour."""
    case = published(hall)
    for _ in range(readers.MOST_TOO + 3):
        client = Client(REMOTE_ADDR="203.0.113.7")
        client.cookies = cookies_of_somebody_new()
        client.post(f"{SITE}/cong-khai/{case.code}/toi-cung-gap")
    case.refresh_from_db()
    assert case.too == readers.MOST_TOO


def cookies_of_somebody_new() -> SimpleCookie:
    """Those of a new browser that has seen the page."""
    answer = HttpResponse()
    readers.give_mark(RequestFactory().get("/"), answer)
    return answer.cookies


def test_an_answer_nobody_else_approved_is_not_shown(hall: Hall) -> None:
    case = published(hall)
    hall.answered(case, now=clock.now())
    assert "Đã vá xong" not in Client().get(f"{SITE}/cong-khai/{case.code}").text


def test_the_share_of_answers_in_time_is_counted_by_field(hall: Hall) -> None:
    good, late = published(hall), published(hall, title="Cống tắc", words="Cống chợ tắc đã một tuần.")
    for case in (good, late):
        hall.answered(case, now=clock.now())
    Case.objects.filter(pk=late.pk).update(answer_by=clock.now() - timedelta(days=1))
    page = Client().get(f"{SITE}/cong-khai")
    assert "50 %" in page.text
