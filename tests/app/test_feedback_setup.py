"""Setting the desk up, and its figures."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nguon.feedback import actions, deadlines, figure_drawing, figures, routing, setting_up
from nguon.feedback.errors import CaseError
from nguon.feedback.figures import By, Wish
from nguon.feedback.models import Case, DayOff, Field, Route, Step, Template, Term
from nguon.kit.clock import local_day
from nguon.people.models import Person
from tests.app import desk as desks
from tests.app import telling
from tests.app.telling import NAME, Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return telling.make()


def client_of(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def rule(counter: Counter, name: str = "Rác cho công an", **when: Any) -> Route:
    values = {"place": counter.desk.here, "name": name, "office": counter.other, "severity": "", "active": True}
    return setting_up.save_route(
        route=None, values=values | {"when": when}, actor=counter.desk.approver, now=counter.desk.now
    )


def test_every_kind_of_setting_has_its_page(counter: Counter) -> None:
    rule(counter, words=["rác"])
    DayOff.objects.create(day=counter.desk.now.date() + timedelta(days=3), place=counter.desk.here, why="Lễ hội làng")
    client = client_of(counter.desk.approver)
    for kind in ("linh-vuc", "quy-tac", "thoi-han", "ngay-nghi", "mau"):
        assert client.get(reverse("feedback:setup", args=[kind])).status_code == 200
        assert client.get(reverse("feedback:setup-new", args=[kind])).status_code == 200
    assert client.get(reverse("feedback:setup", args=["khong-co"])).status_code == 404
    assert client_of(counter.clerk).get(reverse("feedback:setup", args=["mau"])).status_code == 403


def test_what_is_no_id_is_not_found(counter: Counter) -> None:
    client = client_of(counter.desk.approver)
    for kind in ("quy-tac", "mau"):
        assert client.get(reverse("feedback:setup-edit", args=[kind, "khong-phai-ma"])).status_code == 404


def test_a_rule_is_made_tried_and_moved(counter: Counter) -> None:
    case = counter.case(words="Rác đổ bờ mương")
    first, client = rule(counter, "Đầu"), client_of(counter.desk.approver)
    values = {
        "place": counter.desk.here.pk,
        "name": "Rác",
        "office": counter.other.pk,
        "words": "rác, bãi rác",
        "active": "on",
    }
    tried = client.post(reverse("feedback:setup-new", args=["quy-tac"]), values | {"thu": "1"}).content.decode()
    assert case.code in tried
    assert Route.objects.count() == 1  # only tried
    client.post(reverse("feedback:setup-new", args=["quy-tac"]), values)
    second = Route.objects.get(name="Rác")
    assert (second.number, second.when) == (2, {"words": ["rác", "bãi rác"]})
    client.post(reverse("feedback:setup-move", args=[second.pk]), {"len": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.number, first.number) == (1, 2)
    assert case.code in client.get(reverse("feedback:trial")).content.decode()
    shown = client.get(reverse("feedback:setup-edit", args=["quy-tac", second.pk])).content.decode()
    assert "rác, bãi rác" in shown
    assert routing.explained(case, counter.desk.now).route == second


def test_trying_rules_asks_the_database_no_more_for_more_cases(counter: Counter) -> None:
    for number in range(3):
        rule(counter, f"Quy tắc {number}", fields=["rac"])
    counts = []
    for _time in range(2):
        counter.case()
        counter.case()
        with CaptureQueriesContext(connection) as asked:
            tried = routing.dry_run(counter.clerk, Route.objects.all(), Case.objects.all(), counter.desk.now)
            assert "Rác thải" in tried[0].routed.looked[0].why
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_new_deadline_leaves_what_came_in_before(counter: Counter) -> None:
    case = counter.case()
    before, today = case.answer_by, local_day(counter.desk.now)
    values: dict[str, Any] = {
        "place": counter.desk.here,
        "field": None,
        "severity": "",
        "step": Step.ANSWER,
        "amount": 5,
        "unit": "days",
        "basis": "Quyết định mới",
        "verified": False,
    }
    tomorrow = today + timedelta(days=1)
    term = setting_up.add_term(
        values=values | {"valid_from": tomorrow}, actor=counter.desk.approver, now=counter.desk.now
    )
    assert deadlines.of_case(case).answer_by == before
    later = counter.desk.now + timedelta(days=2)
    made = actions.take_in(told=counter.told(), actor=counter.clerk, now=later).case
    assert deadlines.of_case(made).answer == term
    with pytest.raises(CaseError, match="từ hôm nay"):
        setting_up.add_term(
            values=values | {"valid_from": today - timedelta(days=1)}, actor=counter.desk.approver, now=counter.desk.now
        )
    newer = setting_up.add_term(
        values=values | {"valid_from": tomorrow + timedelta(days=9), "amount": 3},
        actor=counter.desk.approver,
        now=counter.desk.now,
    )
    term.refresh_from_db()
    assert (term.valid_to, newer.valid_to) == (tomorrow + timedelta(days=8), None)


def test_what_holds_everywhere_is_not_for_one_commune_to_change(counter: Counter) -> None:
    everywhere = Term.objects.filter(place=None).first()
    assert everywhere is not None
    client = client_of(counter.desk.approver)
    assert client.post(reverse("feedback:setup-end", args=["thoi-han", everywhere.pk])).status_code == 403
    top = desks.person("hu", "Cấp Trên", counter.desk.root, "admin")
    client_of(top).post(reverse("feedback:setup-end", args=["thoi-han", everywhere.pk]))
    everywhere.refresh_from_db()
    assert everywhere.valid_to == local_day(counter.desk.now)


def test_fields_templates_and_days_are_kept(counter: Counter) -> None:
    top = desks.person("hu", "Cấp Trên", counter.desk.root, "admin")
    client = client_of(top)
    values = {"name": "Chợ, buôn bán", "words": "chợ,  lấn chiếm ", "radius_m": 100, "number": 5, "active": "on"}
    questions = "Quầy số mấy?*\nLúc nào?: Sáng | Chiều"
    client.post(reverse("feedback:setup-new", args=["linh-vuc"]), values | {"questions": questions})
    field = Field.objects.get(key="cho-buon-ban")
    assert field.words == ["chợ", "lấn chiếm"]
    assert [(one["label"], one["needed"], one["kind"]) for one in field.questions] == [
        ("Quầy số mấy?", True, "text"),
        ("Lúc nào?", False, "choice"),
    ]
    page = client.get(reverse("feedback:setup-edit", args=["linh-vuc", field.pk])).content.decode()
    assert "Lúc nào?: Sáng | Chiều" in page
    client.post(
        reverse("feedback:setup-new", args=["mau"]), {"title": "Đã sửa", "state": "answered", "text": "Xong {ma}"}
    )
    assert Template.objects.filter(title="Đã sửa").exists()
    day = local_day(counter.desk.now) + timedelta(days=9)
    client.post(reverse("feedback:setup-new", args=["ngay-nghi"]), {"day": day.isoformat(), "why": "Hội làng"})
    made = DayOff.objects.get(day=day)
    client.post(reverse("feedback:setup-end", args=["ngay-nghi", made.pk]))
    assert not DayOff.objects.exists()


def test_figures_count_what_is_owed_and_when_it_came(counter: Counter) -> None:
    now, desk = counter.desk.now, counter.desk
    quick, late, open_late = (counter.case(ago=timedelta(days=40), field_id=counter.light.pk) for _n in range(3))
    refused = counter.case(ago=timedelta(days=40), field_id=counter.light.pk)
    Case.objects.filter(pk=quick.pk).update(
        state="answered", answered_at=now - timedelta(days=38), office=counter.office
    )
    Case.objects.filter(pk=late.pk).update(
        state="answered", answered_at=now - timedelta(days=1), reopened=1, office=counter.office
    )
    Case.objects.filter(pk=refused.pk).update(state="refused")
    held = counter.case(ago=timedelta(days=3))
    Case.objects.filter(pk=held.pk).update(held="nghi")
    quick.contents.create(score=5, at=now)
    late.contents.create(score=2, at=now)
    wish = Wish(local_day(now) - timedelta(days=60), local_day(now))
    (line,) = figures.lines(figures.counted(counter.clerk, wish), By.FIELD, now)
    assert (line.label, line.total, line.answered, line.late) == ("Đèn đường", 4, 2, 2)
    assert line.in_time == pytest.approx(100 / 3)
    assert line.days == pytest.approx((2 + 39) / 2)
    assert line.reopened == pytest.approx(50)
    assert line.content == pytest.approx(3.5)
    assert open_late.state == "new"
    assert figures.counted(desk.neighbour, wish) == []


def test_the_page_of_figures_and_its_files_name_nobody(counter: Counter) -> None:
    counter.case(ago=timedelta(days=3))
    client = client_of(counter.clerk)
    page = client.get(reverse("feedback:figures")).content.decode()
    assert "Số liệu phản ánh" in page
    table = client.get(reverse("feedback:figures-sheet") + "?dang=csv&theo=co-quan").content.decode()
    assert str(counter.office) in table
    book = b"".join(client.get(reverse("feedback:figures-sheet")).streaming_content)  # type: ignore[attr-defined]
    inside = ZipFile(BytesIO(book))
    text = "".join(inside.read(name).decode("utf-8", "replace") for name in inside.namelist())
    for said in (page, table, text):
        assert NAME not in said
        assert telling.WORDS not in said


def test_nonsense_in_the_address_is_no_wish(counter: Counter) -> None:
    answer = client_of(counter.clerk).get(reverse("feedback:figures") + "?tu=abc&den=0001-01-01&place=x&theo=y")
    assert answer.status_code == 200


def test_a_plot_is_readable_for_none_and_for_many() -> None:
    months = [(date(2026, month, 1), month * 7, month) for month in range(1, 12)]
    plot = figure_drawing.plot(months)
    assert plot.scale[-1][1] >= 77
    assert all(bar.received_high >= bar.answered_high >= 0 for bar in plot.bars)
    assert figure_drawing.plot([(date(2026, 1, 1), 0, 0)]).bars[0].received_high == 0
    assert figure_drawing.heat([]) is None
