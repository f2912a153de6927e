"""People and roles: what an administrator may do, what nobody may, signing in, and the pages."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from nguon.journal.models import Entry
from nguon.kit.clock import LOCAL, now
from nguon.people import actions, queries, scope
from nguon.people.errors import LastAdministrator, NameTaken, NoOneSelf, OwnRole, PlaceOver, RoleHeld, RoleOver
from nguon.people.models import Kind, Office, Person, Role, Tries
from nguon.people.rules import Right
from nguon.places.models import Link, Place

NOW = now()
TODAY = NOW.astimezone(LOCAL).date()
PASSWORD = "mot-mat-khau-dai"
pytestmark = pytest.mark.django_db


class District:
    """A province with two communes; an administrator of the province and one of the first commune."""

    def __init__(self) -> None:
        self.province = Place.objects.create(name="Tỉnh", kind="tỉnh", folded="tinh")
        self.one, self.two = (Place.objects.create(name=n, kind="xã", folded=n) for n in ("Một", "Hai"))
        for commune in (self.one, self.two):
            Link.objects.create(child=commune, parent=self.province)
        self.office = {place: Office.objects.create(name=f"UBND {place}", place=place) for place in self.places}
        self.chief = self.person("chief", self.province, "admin")
        self.admin = self.person("admin", self.one, "admin")

    @property
    def places(self) -> list[Place]:
        return [self.province, self.one, self.two]

    def person(self, name: str, at: Place, kind: str = "") -> Person:
        made = actions.create_person(
            username=name, full_name=name.title(), office=self.office[at], password=PASSWORD, actor="test", now=NOW
        ).person
        if kind:
            actions.give_role(person=made, kind=kind, place=at, actor="test", now=NOW)
        return made


@pytest.fixture
def district() -> District:
    return District()


def test_an_initial_password_is_given_once_and_must_be_changed(district: District, client: Client) -> None:
    made = actions.create_person(
        username=" Lan.Nguyen ",
        full_name="Nguyễn Thị Lan",
        office=district.office[district.one],
        actor=district.admin,
        now=NOW,
    )
    assert (made.person.username, made.person.password_is_initial) == ("lan.nguyen", True)
    assert made.person.check_password(made.password)
    assert made.password not in str(list(Entry.objects.values()))
    assert client.login(username="lan.nguyen", password=made.password)
    assert client.get("/can-bo/").headers["Location"] == "/mat-khau"
    chosen = {"new_password1": "con-duong-lang-12", "new_password2": "con-duong-lang-12"}
    assert client.post("/mat-khau", chosen).headers["Location"] == "/"
    made.person.refresh_from_db()
    assert not made.person.password_is_initial
    assert client.get("/can-bo/").status_code == 403, "still signed in, and without a role nothing is open"


def test_nobody_gives_rights_over_places_they_do_not_administer(district: District) -> None:
    person = district.person("lan", district.one)
    for place in (district.two, district.province):
        with pytest.raises(scope.Forbidden):
            actions.give_role(person=person, kind="watcher", place=place, actor=district.admin, now=NOW)
        with pytest.raises(scope.Forbidden):
            actions.create_office(name="x", place=place, actor=district.admin, now=NOW)
        with pytest.raises(scope.Forbidden):
            actions.create_person(
                username="x", full_name="X", office=district.office[place], actor=district.admin, now=NOW
            )
    editor = district.person("editor", district.one, "editor")
    with pytest.raises(scope.Forbidden):
        actions.give_role(person=person, kind="watcher", place=district.one, actor=editor, now=NOW)
    actions.give_role(person=person, kind="watcher", place=district.one, actor=district.admin, now=NOW)
    assert scope.place_ids(person, Right.VIEW) == {district.one.pk}


@pytest.mark.parametrize("kind", Kind.values)
def test_nobody_gives_a_role_to_themselves(district: District, kind: str) -> None:
    with pytest.raises(OwnRole):
        actions.give_role(person=district.chief, kind=kind, place=district.two, actor=district.chief, now=NOW)


def test_an_administrator_below_cannot_take_over_an_account_above(district: District) -> None:
    """Their office is in the commune, but they also have a role above: a new password would hand that role over."""
    boss = district.person("boss", district.one)
    actions.give_role(person=boss, kind="approver", place=district.province, actor="test", now=NOW)
    acts: list[tuple[Any, dict[str, Any]]] = [
        (actions.reset_password, {}),
        (actions.set_active, {"active": False}),
        (actions.change_person, {"full_name": "X"}),
    ]
    for act, said in acts:
        with pytest.raises(scope.Forbidden):
            act(person=boss, actor=district.admin, now=NOW, **said)
        act(person=boss, actor=district.chief, now=NOW, **said)


def test_a_role_can_be_given_once_and_ended_once(district: District) -> None:
    person = district.person("lan", district.one)
    role = actions.give_role(person=person, kind="editor", place=district.one, actor=district.admin, now=NOW)
    with pytest.raises(RoleHeld):
        actions.give_role(person=person, kind="editor", place=district.one, actor=district.admin, now=NOW)
    actions.end_role(role=role, actor=district.admin, now=NOW)
    assert scope.place_ids(person, Right.WRITE) == frozenset(), "an ended role gives nothing from that moment"
    with pytest.raises(RoleOver):
        actions.end_role(role=role, actor=district.admin, now=NOW)
    actions.give_role(person=person, kind="editor", place=district.one, actor=district.admin, now=NOW)
    assert [held.state for held in queries.roles_of(district.admin, person, TODAY)] == ["now", "never"]


def test_no_role_on_a_place_that_ended(district: District) -> None:
    Place.objects.filter(pk=district.one.pk).update(valid_to=TODAY - timedelta(days=1))
    with pytest.raises(PlaceOver):
        actions.give_role(person=district.admin, kind="editor", place=district.one, actor="test", now=NOW)


def test_the_last_administrator_of_all_stays(district: District) -> None:
    role = Role.objects.get(person=district.chief)
    with pytest.raises(LastAdministrator):
        actions.end_role(role=role, actor=district.chief, now=NOW)
    with pytest.raises(LastAdministrator):
        actions.set_active(person=district.chief, active=False, actor="test", now=NOW)
    with pytest.raises(NoOneSelf):
        actions.set_active(person=district.chief, active=False, actor=district.chief, now=NOW)
    second = district.person("second", district.province, "admin")
    actions.end_role(role=role, actor=second, now=NOW)
    with pytest.raises(LastAdministrator):
        actions.end_role(role=Role.objects.get(person=second), actor="test", now=NOW)
    actions.end_role(role=Role.objects.get(person=district.admin), actor=second, now=NOW)


def test_names_are_one_s_own_whatever_the_case(district: District) -> None:
    with pytest.raises(NameTaken):
        district.person("ADMIN", district.one)


def test_a_new_password_ends_all_sessions(district: District, client: Client) -> None:
    person = district.person("lan", district.one, "admin")
    client.force_login(person)
    assert client.get("/can-bo/").status_code == 200
    given = actions.reset_password(person=person, actor=district.chief, now=NOW)
    assert client.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    assert client.login(username="lan", password=given)


def sign_in(client: Client, name: str, password: str) -> str:
    return client.post("/dang-nhap", {"username": name, "password": password}).content.decode()


def told(text: str) -> str:
    """What the page says without what differs by itself: the form token and the name typed."""
    return re.sub(r'value="[^"]*"', "", text)


def test_a_wrong_sign_in_says_not_what_was_wrong(district: District, client: Client) -> None:
    actions.set_active(person=district.admin, active=False, actor=district.chief, now=NOW)
    unknown = sign_in(client, "nobody", PASSWORD)
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in unknown
    assert told(unknown) == told(sign_in(client, "chief", "sai")) == told(sign_in(client, "admin", PASSWORD))


def test_guessing_is_stopped_for_a_while(district: District, client: Client) -> None:
    for _ in range(8):
        sign_in(client, "chief", "sai")
    assert "Thử sai quá nhiều lần" in sign_in(client, "chief", PASSWORD)
    assert sign_in(client, "admin", PASSWORD) == "", "others are not held up"
    client.logout()
    Tries.objects.all().delete()
    assert sign_in(client, "chief", PASSWORD) == ""


def test_signing_in_and_out(district: District, client: Client) -> None:
    assert client.get("/can-bo/").headers["Location"] == "/dang-nhap?next=/can-bo/"
    answer = client.post("/dang-nhap", {"username": "chief", "password": PASSWORD, "next": "/can-bo/"})
    assert answer.headers["Location"] == "/can-bo/"
    away = client.post("/dang-nhap", {"username": "chief", "password": PASSWORD, "next": "https://example.org/"})
    assert away.headers["Location"] == "/"
    assert client.get("/dang-xuat").status_code == 405
    assert client.post("/dang-xuat").headers["Location"] == "/dang-nhap"
    assert client.get("/can-bo/").status_code == 302


def test_one_changes_one_s_own_password_with_the_old_one(district: District, client: Client) -> None:
    client.force_login(district.chief)
    new = {"new_password1": "con-duong-lang-12", "new_password2": "con-duong-lang-12"}
    assert "không đúng" in client.post("/mat-khau", {**new, "old_password": "sai"}).content.decode()
    assert (
        "không giống nhau"
        in client.post("/mat-khau", {**new, "new_password2": "khac", "old_password": PASSWORD}).content.decode()
    )
    assert client.post("/mat-khau", {**new, "old_password": PASSWORD}).status_code == 302
    district.chief.refresh_from_db()
    assert district.chief.check_password("con-duong-lang-12")


def test_the_list_shows_the_people_of_one_s_places(district: District, client: Client) -> None:
    district.person("cua-toi", district.one)
    district.person("nguoi-khac", district.two, "editor")
    client.force_login(district.admin)
    text = client.get("/can-bo/").content.decode()
    assert ("Cua-Toi" in text, "Nguoi-Khac" in text, "Chief" in text) == (True, False, False)
    client.force_login(district.chief)
    text = client.get("/can-bo/?kind=editor").content.decode()
    assert ("Nguoi-Khac" in text, "Cua-Toi" in text) == (True, False)
    text = client.get(f"/can-bo/?place={district.one.pk}").content.decode()
    assert ("Nguoi-Khac" in text, "Cua-Toi" in text) == (False, True)


def test_a_whole_life_on_the_pages(district: District, client: Client) -> None:
    """Of an administrator who is alone; with two it is in test_consent."""
    Person.objects.filter(pk=district.chief.pk).update(is_active=False)
    client.force_login(district.admin)
    form = {"full_name": "Lan", "username": "lan", "office": str(district.office[district.one].pk)}
    page = client.post("/can-bo/moi", form)
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    person = Person.objects.get(username="lan")
    given = re.search(r"<strong>([a-z0-9]{3}(?:-[a-z0-9]{3}){3})</strong>", page.content.decode())
    assert given
    assert person.check_password(given[1])
    assert "đã có người dùng" in client.post("/can-bo/moi", form).content.decode()
    here = f"/can-bo/{person.pk}"
    assert client.post(f"{here}/vai-tro", {"kind": "editor", "place": str(district.one.pk)}).status_code == 302
    role = person.roles.get()
    assert client.post(f"{here}/sua", {**form, "full_name": "Lan Anh"}).status_code == 302
    assert client.post(f"{here}/vai-tro/{role.pk}/thoi").status_code == 302
    assert client.post(f"{here}/khoa", {"active": "0"}).status_code == 302
    assert "đã cấp lại" in client.post(f"{here}/mat-khau").content.decode().lower()
    person.refresh_from_db()
    assert (person.full_name, person.is_active) == ("Lan Anh", False)
    assert queries.rights(person) == frozenset()


def test_what_is_outside_one_s_places_cannot_be_chosen(district: District, client: Client) -> None:
    person = district.person("lan", district.one)
    client.force_login(district.admin)
    role = {"kind": "admin", "place": str(district.province.pk)}
    assert client.post(f"/can-bo/{person.pk}/vai-tro", role).status_code == 422
    form = {"full_name": "X", "username": "xxx", "office": str(district.office[district.two].pk)}
    assert client.post("/can-bo/moi", form).status_code == 422
    assert not Person.objects.filter(username="xxx").exists()


@pytest.mark.parametrize("who", ["neighbour", "editor", "stranger"])
def test_others_see_and_change_nothing(district: District, client: Client, who: str) -> None:
    target = district.person("lan", district.one, "editor")
    role = target.roles.get()
    asker = {
        "neighbour": lambda: district.person("neighbour", district.two, "admin"),
        "editor": lambda: district.person("editor", district.one, "editor"),
        "stranger": lambda: district.person("stranger", district.two),
    }[who]()
    client.force_login(asker)
    here, before = f"/can-bo/{target.pk}", Entry.objects.count()
    posts = ["sua", "vai-tro", "khoa", "mat-khau", f"vai-tro/{role.pk}/thoi"]
    answers = [client.get(here), *(client.post(f"{here}/{path}", {"active": "0"}) for path in posts)]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert Entry.objects.count() == before


def test_a_role_to_come_is_held_already(district: District) -> None:
    person = district.person("lan", district.one)
    give = partial(actions.give_role, person=person, kind="editor", place=district.one, actor=district.admin, now=NOW)
    first = TODAY + timedelta(days=30)
    give(first=first)
    with pytest.raises(RoleHeld):
        give()
    give(last=first - timedelta(days=1))
    with pytest.raises(RoleHeld):
        give()
    assert person.roles.count() == 2
