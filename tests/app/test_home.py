"""The overview: what waits for whom."""

import pytest
from django.test import Client
from django.urls import reverse

from nguon.config.home import overview
from nguon.delivery.rules import Targets
from nguon.newsroom import queries
from nguon.people.models import Person
from nguon.programme import actions
from nguon.review import actions as reviews
from tests.app.desk import Desk, device, in_hours, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def page(person: Person) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_first_day_is_shown_what_to_do(desk: Desk) -> None:
    assert "Soạn bản tin đầu tiên" in page(desk.editor)
    assert "Không có việc gì đang chờ bạn" in page(desk.approver)
    assert "chưa được giao việc" in page(desk.stranger)


def test_each_sees_the_work_of_the_own_place(desk: Desk) -> None:
    waiting, returned, ready = desk.waiting(), desk.waiting(), desk.approved()
    review = queries.newest(returned).review
    assert review is not None
    reviews.return_(review=review, reason="Sai giờ", actor=desk.approver, now=desk.now)
    device("Cụm im", desk.one, desk.now, online=False)
    device("Cụm nói", desk.one, desk.now)
    device("Cụm hàng xóm", desk.far, desk.now, online=False)
    editor, approver = overview(desk.editor, desk.now), overview(desk.approver, desk.now)
    assert approver.to_approve is not None
    assert [one.title for one in approver.to_approve] == [queries.newest(waiting).title]
    assert approver.returned is None
    assert editor.to_approve is None
    assert editor.returned is not None
    assert editor.ready is not None
    assert (list(editor.returned), list(editor.ready)) == ([returned], [ready])
    assert [str(one) for one in editor.silent] == ["Cụm im"]
    assert editor.devices == 2
    assert "Sai giờ" in page(desk.editor)
    assert "Cụm im" in page(desk.watcher)
    neighbour = page(desk.neighbour)
    assert "Lịch cắt điện" not in neighbour
    assert "Cụm im" not in neighbour


def test_what_went_out_is_not_pressed_upon_anyone_again(desk: Desk) -> None:

    device("Cụm nói", desk.one, desk.now)
    bulletin = desk.approved()
    actions.place(
        bulletin=bulletin,
        targets=Targets(places=(desk.one.pk,)),
        start_at=None,
        expires_at=in_hours(desk, 1),
        actor=desk.editor,
        now=desk.now,
    )
    found = overview(desk.editor, desk.now)
    assert found.ready is not None
    assert list(found.ready) == []
