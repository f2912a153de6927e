"""Who gets a case: ordered rules with their reasons, tried on past cases; and no case without owner."""

from datetime import timedelta
from typing import Any

import pytest

from nguon.feedback import actions, routing
from nguon.feedback.models import Route
from nguon.kit.clock import local_day
from nguon.people.models import Office
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return make_hall()


def rule(hall: Hall, name: str, when: dict[str, Any], number: int = 1, **values: Any) -> Route:
    given = {"place": hall.here, "office": hall.power, **values}
    return Route.objects.create(name=name, when=when, number=number, **given)


def test_the_first_rule_that_fits_decides_and_each_says_why_not(hall: Hall) -> None:
    lamps = rule(hall, "Điện", {"fields": ["dien-chieu-sang"]}, 1)
    poles = rule(hall, "Ở cột loa", {"devices": True}, 2)
    words = rule(hall, "Ổ gà", {"words": ["ổ gà", "sụt lún"]}, 3, severity="urgent")
    late = rule(hall, "Còn lại", {}, 4, office=hall.office)
    found = routing.explained(hall.told(), hall.now)
    assert [(one.route, one.fits, one.decided) for one in found.looked] == [
        (lamps, False, False),
        (poles, False, False),
        (words, True, True),
        (late, True, False),
    ]
    assert [one.why for one in found.looked] == [
        "Lĩnh vực không phải: Điện, đèn đường.",
        "Không gửi từ mã QR ở cụm loa hay bảng tin.",
        "",
        "",
    ]
    assert (found.office, found.route, found.severity) == (hall.power, words, "urgent")
    assert found.why == "Theo quy tắc “Ổ gà”."


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({}, True),
        ({"fields": []}, True),
        ({"fields": ["duong-giao-thong"]}, True),
        ({"fields": ["khac"]}, False),
        ({"sources": ["web", "pole"]}, True),
        ({"sources": ["phone"]}, False),
        ({"severities": ["ordinary"]}, True),
        ({"severities": ["urgent"]}, False),
        ({"words": ["XE MÁY"]}, True),
        ({"words": ["xe m"]}, False),
        ({"words": []}, True),
        ({"devices": True}, False),
        ({"devices": False}, True),
        ({"fields": ["duong-giao-thong"], "words": ["rác"]}, False),
        ({"fields": "duong-giao-thong"}, True),  # not a list: as if it were not there
    ],
)
def test_all_of_a_condition_must_be_so(hall: Hall, when: dict[str, Any], fits: bool) -> None:
    rule(hall, "Thử", when)
    found = routing.explained(hall.told(field_id=hall.field().pk), hall.now)
    assert found.looked[0].fits is fits
    assert bool(found.looked[0].why) is not fits


def test_a_place_of_a_condition_holds_for_all_that_lies_in_it(hall: Hall) -> None:
    inside = rule(hall, "Trong xã", {"places": [str(hall.here.pk)]}, place=hall.root)
    assert routing.explained(hall.told(), hall.now).route == inside
    assert routing.explained(hall.told(place_id=hall.there.pk), hall.now).route is None


def test_the_rules_of_the_nearest_place_come_first(hall: Hall) -> None:
    above = rule(hall, "Của khu vực", {}, 1, place=hall.root, office=hall.above)
    own = rule(hall, "Của xã", {}, 9)
    rule(hall, "Đã thôi", {}, 0, active=False)
    rule(hall, "Xã khác", {}, 0, place=hall.there)
    assert [one.route for one in routing.explained(hall.told(), hall.now).looked] == [own, above]


def test_without_a_rule_the_office_of_the_place_has_it_and_without_one_that_above(hall: Hall) -> None:
    found = routing.explained(hall.told(), hall.now)
    assert (found.office, found.route) == (hall.office, None)
    assert hall.office.name in found.why
    day_before = local_day(hall.now) - timedelta(days=1)
    Office.objects.filter(place=hall.here).update(valid_to=day_before)
    assert routing.explained(hall.told(), hall.now).office == hall.above
    Office.objects.update(valid_to=day_before)
    nowhere = routing.explained(hall.told(), hall.now)
    assert nowhere.office is None
    assert nowhere.why
    assert hall.case().next_look_at is not None  # it climbs all the same


def test_rules_are_asked_once_at_the_beginning(hall: Hall) -> None:
    case = hall.case(words="Đèn đường tắt")
    assert case.office == hall.office
    rule(hall, "Điện", {"words": ["đèn đường"]})
    actions.accept(case=case, actor=hall.clerk, now=hall.now)
    assert case.office == hall.office
    other = hall.case(words="Đèn đường tắt nữa rồi")
    assert (other.office, other.route.name if other.route else "") == (hall.power, "Điện")


def test_rules_are_tried_on_past_cases_without_being_saved(hall: Hall) -> None:
    lamp, road = hall.case(words="Đèn đường tắt"), hall.case()
    far = hall.case(place_id=hall.there.pk)
    tried = Route(place=hall.here, number=1, name="Điện", when={"words": ["đèn đường"]}, office=hall.power)
    found = routing.dry_run(hall.clerk, [tried], [lamp, road, far], hall.now)
    assert [(one.case, one.routed.office, one.changed) for one in found] == [
        (lamp, hall.power, True),
        (road, hall.office, False),
    ]
    assert not Route.objects.exists()
    lamp.refresh_from_db()
    assert lamp.office == hall.office
