"""Two people for what an administrator changes: who may be the second, what they see, what becomes of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people import actions, consent, consent_queries, scope, watched
from nguon.people.errors import LastAdministrator, NameTaken, NoOneSelf, OwnRole
from nguon.people.models import Change, Factor, Person, Role
from nguon.places.models import Link, Place
from tests.app.test_doors import with_telephone
from tests.app.test_people import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return District()


def propose_role(district: District, **changes: Any) -> consent.Outcome:
    person = Person.objects.filter(username="lan").first() or district.person("lan", district.one)
    said: dict[str, Any] = {
        "person": person,
        "kind": "editor",
        "place": district.one,
        "actor": district.admin,
    } | changes
    return watched.give_role(now=clock.now(), **said)


def waiting(outcome: consent.Outcome) -> Change:
    assert outcome.waits is not None
    return outcome.waits


def test_a_second_person_at_the_place_or_above_decides(district: District) -> None:
    change = waiting(propose_role(district))
    lan = Person.objects.get(username="lan")
    assert not lan.roles.exists()
    assert change.after == {"role": "editor", "where": "xã Một", "valid_to": None}
    assert list(consent_queries.waiting(district.chief, clock.now())) == [change]
    assert not consent_queries.waiting(district.admin, clock.now())
    consent.agree(change=change, actor=district.chief, now=clock.now())
    assert lan.roles.get().place == district.one
    told = list(Entry.objects.filter(verb__in=["people.propose", "people.give-role", "people.agree"]).order_by("pk"))
    assert [(one.verb, one.actor_name) for one in told][-3:] == [
        ("people.propose", "Admin"),
        ("people.give-role", "Admin"),
        ("people.agree", "Chief"),
    ]
    with pytest.raises(consent.ChangeOver):
        consent.agree(change=change, actor=district.chief, now=clock.now())


def test_a_proposal_leaves_no_trace_but_itself(district: District) -> None:
    district.person("lan", district.one)
    before = Role.objects.count()
    propose_role(district)
    assert Role.objects.count() == before
    assert Entry.objects.order_by("-pk").values_list("verb", flat=True).first() == "people.propose"


def test_what_cannot_be_done_is_refused_before_it_waits(district: District) -> None:
    now = clock.now()
    with pytest.raises(OwnRole):
        propose_role(district, person=district.admin)
    with pytest.raises(scope.Forbidden):
        propose_role(district, place=district.two)
    with pytest.raises(NameTaken):
        watched.create_person(
            username="chief", full_name="X", office=district.office[district.one], actor=district.admin, now=now
        )
    propose_role(district)
    with pytest.raises(consent.ChangeWaits):
        propose_role(district)
    propose_role(district, kind="watcher")
    assert Change.objects.count() == 2


def test_neither_the_proposer_nor_whom_it_is_about_nor_a_stranger_decides(district: District) -> None:
    other = district.person("khac", district.two, "admin")
    second = district.person("hai", district.one, "admin")
    change = waiting(watched.reset_password(person=second, actor=district.admin, now=clock.now()))
    for actor in (district.admin, second):
        with pytest.raises(consent.OwnChange):
            consent.agree(change=change, actor=actor, now=clock.now())
    with pytest.raises(scope.Forbidden):
        consent.agree(change=change, actor=other, now=clock.now())
    assert not consent_queries.in_reach(other, clock.now())
    for wrong in (district.admin, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            Change.objects.filter(pk=change.pk).update(decided_by=wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(state="done")


def test_with_nobody_else_it_is_done_at_once_and_the_journal_says_so(district: District) -> None:
    outcome = propose_role(district, actor=district.chief, place=district.province)
    assert outcome.waits is None
    assert Person.objects.get(username="lan").roles.exists()
    assert Entry.objects.get(verb="people.unwatched").after == {"change": "people.give-role"}


@pytest.mark.parametrize("absent", ["locked", "never in", "role over", "about"])
def test_who_is_no_second_person(district: District, absent: str) -> None:
    day = clock.today()
    if absent == "locked":
        Person.objects.filter(pk=district.chief.pk).update(is_active=False)
    if absent == "never in":
        Person.objects.filter(pk=district.chief.pk).update(password_is_initial=True)
    if absent == "role over":
        district.chief.roles.update(valid_from=day - timedelta(days=9), valid_to=day - timedelta(days=1))
    changes = {"person": district.chief} if absent == "about" else {}
    assert propose_role(district, **changes).waits is None


def test_a_refusal_has_a_reason_and_changes_nothing(district: District) -> None:
    change = waiting(propose_role(district))
    with pytest.raises(consent.NoReason):
        consent.refuse(change=change, reason="  ", actor=district.chief, now=clock.now())
    consent.refuse(change=change, reason="Chưa có  quyết định", actor=district.chief, now=clock.now())
    change.refresh_from_db()
    assert (change.state, change.reason) == ("refused", "Chưa có quyết định")
    assert not Person.objects.get(username="lan").roles.exists()
    assert waiting(propose_role(district)).state == "waiting", "it may be proposed again"


def test_a_proposal_is_withdrawn_or_grows_too_old(district: District) -> None:
    change = waiting(propose_role(district))
    with pytest.raises(scope.Forbidden):
        consent.withdraw(change=change, actor=district.chief, now=clock.now())
    consent.withdraw(change=change, actor=district.admin, now=clock.now())
    old = waiting(propose_role(district))
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert not consent_queries.waiting(district.chief, clock.now())
        with pytest.raises(consent.ChangeOver):
            consent.agree(change=old, actor=district.chief, now=clock.now())
        propose_role(district)
    old.refresh_from_db()
    assert old.state == "expired"


def test_what_changed_meanwhile_is_said(district: District) -> None:
    change = waiting(propose_role(district))
    lan = Person.objects.get(username="lan")
    actions.give_role(person=lan, kind="editor", place=district.one, actor="test", now=clock.now())
    with pytest.raises(consent.NotPossible, match="đã có vai trò"):
        consent.agree(change=change, actor=district.chief, now=clock.now())
    change.refresh_from_db()
    assert change.state == "waiting"
    gone = waiting(propose_role(district, kind="watcher"))
    district.admin.roles.all().delete()
    with pytest.raises(consent.NotPossible, match="thôi quyền"):
        consent.agree(change=gone, actor=district.chief, now=clock.now())


def test_the_last_administrator_stays_with_two_people_too(district: District) -> None:
    second = district.person("hai", district.province, "admin")
    mine = Role.objects.get(person=second)
    change = waiting(watched.end_role(role=mine, actor=second, now=clock.now()))
    actions.end_role(role=Role.objects.get(person=district.chief), actor=second, now=clock.now())
    third = district.person("ba", district.one, "admin")
    with pytest.raises(scope.Forbidden):
        consent.agree(change=change, actor=third, now=clock.now())
    with pytest.raises(LastAdministrator):
        actions.end_role(role=mine, actor=second, now=clock.now())


def test_a_password_is_taken_once_by_its_proposer(district: District, client: Client) -> None:
    client.force_login(district.admin)
    form = {"full_name": "Lan", "username": "lan.moi", "office": str(district.office[district.one].pk)}
    page = client.post("/can-bo/moi", form, follow=True)
    assert "Đã gửi đề nghị" in page.content.decode()
    assert not Person.objects.filter(username="lan.moi").exists()
    chief = Client()
    chief.force_login(district.chief)
    shown = chief.get("/cho-nguoi-thu-hai/").content.decode()
    assert "Lan (UBND" in shown
    change = Change.objects.get()
    assert chief.post(f"/cho-nguoi-thu-hai/{change.pk}/dong-y").status_code == 302
    person = Person.objects.get(username="lan.moi")
    assert chief.post(f"/cho-nguoi-thu-hai/{change.pk}/lay-mat-khau").status_code == 403
    assert "mật khẩu chờ bạn lấy" in client.get("/cho-nguoi-thu-hai/").content.decode()
    given = client.post(f"/cho-nguoi-thu-hai/{change.pk}/lay-mat-khau").content.decode()
    found = re.search(r"<strong>([a-z0-9]{3}(?:-[a-z0-9]{3}){3})</strong>", given)
    assert found
    person.refresh_from_db()
    assert person.check_password(found[1])
    assert person.password_is_initial
    assert found[1] not in str(list(Entry.objects.values())) + str(list(Change.objects.values()))
    assert client.post(f"/cho-nguoi-thu-hai/{change.pk}/lay-mat-khau").status_code == 302, "once"


def test_a_lost_second_step_is_taken_away_by_two(district: District, client: Client) -> None:
    officer = district.person("lan", district.one, "approver")
    with_telephone(officer)
    client.force_login(district.admin)
    client.post(f"/can-bo/{officer.pk}/buoc-hai")
    assert Factor.objects.count() == 1
    consent.agree(change=Change.objects.get(), actor=district.chief, now=clock.now())
    assert Factor.objects.count() == 0
    assert Entry.objects.get(verb="people.factors-reset").actor_name == "Admin"
    with pytest.raises(NoOneSelf):
        watched.take_factors_away(person=district.admin, actor=district.admin, now=clock.now())


def test_an_account_above_is_out_of_reach(district: District) -> None:
    with pytest.raises(scope.Forbidden):
        watched.reset_password(person=district.chief, actor=district.admin, now=clock.now())


def test_the_second_person_is_sought_at_the_highest_place(district: District) -> None:
    """Their office is in the commune, their role above: an administrator of the commune alone may not agree."""
    boss = district.person("boss", district.one)
    actions.give_role(person=boss, kind="approver", place=district.province, actor="test", now=clock.now())
    district.person("hai", district.province, "admin")
    change = waiting(watched.reset_password(person=boss, actor=district.chief, now=clock.now()))
    assert change.place == district.province
    with pytest.raises(scope.Forbidden):
        consent.agree(change=change, actor=district.admin, now=clock.now())


def test_below_has_no_say_above(district: District) -> None:
    hamlet = Place.objects.create(name="Thôn", kind="thôn", folded="thon")
    Link.objects.create(child=hamlet, parent=district.one)
    below = Person.objects.create_user("duoi", password="x", full_name="Dưới")
    actions.give_role(person=below, kind="admin", place=hamlet, actor="test", now=clock.now())
    Person.objects.filter(pk=district.chief.pk).update(is_active=False)
    assert propose_role(district).waits is None, "the administrator of a hamlet does not watch the commune"
