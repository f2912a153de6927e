"""The desk says things in words, and shows nobody a way that is shut to them."""

import pytest
from django.test import Client
from django.urls import reverse

from nguon.feedback.models import CaseState, Held, Template
from nguon.feedback.templatetags.desk import held_why, template_use
from nguon.people.models import Person
from tests.app.desk import person
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return make_hall()


@pytest.fixture
def keeper(hall: Hall) -> Person:
    """Who sets the desk up and works on no case."""
    return person("qt", "Hồ Quản Trị", hall.root, "admin")


def page(who: Person, at: str, *args: object) -> str:
    client = Client()
    client.force_login(who)
    found = client.get(reverse(at, args=args))
    assert found.status_code == 200
    return found.text


def test_why_a_case_is_held_is_said_in_words(hall: Hall) -> None:
    case = hall.case(trap="x")
    said = str(Held.TRAP.label)
    assert said in page(hall.clerk, "feedback:detail", case.pk)
    client = Client()
    client.force_login(hall.clerk)
    listed = client.get(reverse("feedback:list"), {"muc": "nghi-lam-dung"}).text
    assert said in listed
    assert "· trap" not in listed
    assert held_why("something-older") == "something-older"


def test_what_a_template_is_for_is_never_a_raw_name(hall: Hall, keeper: Person) -> None:
    for state in CaseState.values:
        assert template_use(state) not in CaseState.values
    assert Template.objects.filter(state="accepted").exists()
    assert ">accepted<" not in page(keeper, "feedback:setup", "mau")


def test_who_sets_up_finds_it_in_the_menu_and_no_way_leads_to_a_shut_door(hall: Hall, keeper: Person) -> None:
    client = Client()
    client.force_login(keeper)
    home = page(keeper, "home")
    assert f'href="{reverse("feedback:setup-first")}"' in home
    shut = [reverse(name) for name in ("feedback:list", "feedback:privacy")]
    assert [client.get(url).status_code for url in shut] == [403, 403]
    ways = ["setup-first", "trial", "kept", "looks", "systems"]
    for found in (page(keeper, f"feedback:{name}") for name in ways):
        assert not any(f'href="{url}"' in found for url in shut)
    assert f'href="{reverse("feedback:systems")}"' in page(keeper, "feedback:setup-first")
    assert f'href="{reverse("feedback:looks")}"' in page(keeper, "feedback:kept")
    both = person("ca-hai", "Lê Cả Hai", hall.root, "admin", "desk")
    assert f'href="{shut[0]}"' in page(both, "feedback:setup-first")
