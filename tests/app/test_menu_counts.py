"""Numbers beside the entries of the menu: how many cases and texts wait for whoever looks."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from nguon.config import menu
from nguon.feedback import actions
from nguon.feedback.desk import waiting_for
from nguon.people.models import Person
from nguon.review import actions as reviews
from nguon.review import queries as reviewing
from tests.app.desk import Desk, make_desk, person
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'aria-hidden="true">(\d+\+?)</span><span class="sr-only"> \((\d+) việc chờ bạn\)')


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def hall() -> Hall:
    return make_hall()


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def page(who: Person, at: str = "home") -> str:
    client = Client()
    client.force_login(who)
    return client.get(reverse(at)).text


def test_cases_wait_for_whom_they_are_given_to_and_else_for_the_office(hall: Hall) -> None:
    fresh = hall.case()
    assert fresh.office == hall.office
    assert [waiting_for(one) for one in (hall.clerk, hall.worker, hall.chief)] == [1, 0, 0]
    colleague = person("tn2", "Phan Thị Hai", hall.here, "desk")
    colleague.office = hall.office
    colleague.save()
    actions.assign(case=fresh, office=hall.office, person=colleague, actor=hall.clerk, now=hall.now)
    assert [waiting_for(one) for one in (hall.clerk, colleague)] == [0, 1]
    actions.ask_office(case=fresh, office=hall.power, words="Dây điện nào?", actor=colleague, now=hall.now)
    assert waiting_for(hall.worker) == 1


def test_what_waits_for_its_reporter_is_answered_or_held_does_not_count(hall: Hall) -> None:
    hall.answered()
    hall.case(words="Mua ngay đi", trap="x")
    actions.ask(case=hall.assigned(words="Đèn hỏng."), words="Ở đâu ạ?", actor=hall.clerk, now=hall.now)
    assert waiting_for(hall.clerk) == 0


def test_texts_wait_for_their_approver_and_not_for_who_sent_them(desk: Desk) -> None:
    first = desk.waiting()
    desk.waiting()
    assert [reviewing.waiting_for(one) for one in (desk.approver, desk.editor, desk.neighbour)] == [2, 0, 0]
    review = first.versions.get().review
    assert review is not None
    reviews.return_(review=review, reason="Sai giờ", actor=desk.approver, now=desk.now)
    assert reviewing.waiting_for(desk.approver) == 1


def test_the_number_stands_in_both_menus_and_is_read_out(desk: Desk) -> None:
    desk.waiting()
    assert NUMBER.findall(page(desk.approver)) == [("1", "1"), ("1", "1")]  # at the side, and on a phone
    assert NUMBER.findall(page(desk.editor)) == []


def test_what_is_under_more_on_a_phone_is_counted_there_too(hall: Hall) -> None:
    hall.case()
    found = page(hall.clerk, "feedback:list")
    bottom = found[found.index('class="bottom"') :]
    summary = bottom[: bottom.index("</summary>")] if "<summary" in bottom else ""
    assert NUMBER.findall(found)
    assert bool(NUMBER.findall(summary)) == ("Phản ánh" not in summary.partition("<summary")[0])


def test_a_hundred_is_said_short_and_read_out_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [replace(one, counts=lambda _: 140) for one in menu.MENU[0].entries if one.view == "review:list"]
    monkeypatch.setattr(menu, "MENU", (menu.Group("", tuple(entries)),))
    assert NUMBER.findall(page(desk.approver))[0] == ("99+", "140")


def test_it_is_counted_once_in_some_seconds_and_only_where_a_menu_is_shown(
    desk: Desk, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    request = RequestFactory().get("/")
    request.user = desk.approver
    before = menu.context(request)
    entry = next(one for group in before["menu"] for one in group.entries if one.counts)
    assert (entry.waiting, before["menu_rest_waiting"]()) == (0, 0)
    desk.waiting()
    with django_assert_num_queries(0):
        assert (entry.waiting, before["menu_rest_waiting"]()) == (0, 0)
    cache.clear()
    with django_assert_max_num_queries(5):  # where the person works, and the number
        assert entry.waiting == 1
