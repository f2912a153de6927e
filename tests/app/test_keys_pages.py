"""The page of keys: a fresh one and a taken one ask for a second administrator."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nguon.keys import actions
from nguon.keys.models import AuthorityKey, PersonKey
from nguon.kit import clock
from nguon.people.models import Change, Office, Person
from tests.app import alarms
from tests.app.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


@pytest.fixture
def world() -> Stage:
    built = alarms.build()
    Person.objects.update(office=Office.objects.get())
    return built


def keeper(world: Stage, name: str) -> Client:
    """An administrator of the commune who has been in."""
    person = Person.objects.create_user(name, full_name=f"Quản trị {name}", last_login=clock.now())
    alarms.role(person, "admin", world.commune)
    client = Client()
    client.force_login(person)
    session = client.session
    session.update({"proved": int(clock.now().timestamp()), "proof": "password"})
    session.save()
    return client


def the_key(world: Stage) -> AuthorityKey:
    return AuthorityKey.objects.get(place=world.commune, revoked_at=None)


def test_one_proposes_and_another_takes_the_key_back(world: Stage) -> None:
    one, two, key = keeper(world, "mot"), keeper(world, "hai"), the_key(world)
    assert key.kid[:12] in one.get("/khoa-ky/").content.decode()
    answer = one.post(f"/khoa-ky/{key.pk}/thu", follow=True)
    assert "Đã gửi đề nghị" in answer.content.decode()
    assert the_key(world) == key
    again = one.post(f"/khoa-ky/{key.pk}/thu", follow=True)
    assert "đang chờ người thứ hai" in again.content.decode()
    change = Change.objects.get()
    one.post(f"/cho-nguoi-thu-hai/{change.pk}/dong-y")
    assert the_key(world) == key, "nobody agrees with themselves"
    assert "Thu khóa ký" in two.get("/cho-nguoi-thu-hai/").content.decode()
    two.post(f"/cho-nguoi-thu-hai/{change.pk}/dong-y")
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert the_key(world) != key


def test_alone_it_is_done_at_once_and_the_journal_says_that_nobody_watched(world: Stage) -> None:
    one, key = keeper(world, "mot"), the_key(world)
    one.post(f"/khoa-ky/{key.pk}/tao-moi")
    assert AuthorityKey.objects.filter(place=world.commune, revoked_at=None).count() == 2


def test_an_officers_key(world: Stage) -> None:
    one = keeper(world, "mot")
    key = actions.person_key(person=world.editor.pk, now=clock.now())
    assert str(world.editor) in one.get("/khoa-ky/").content.decode()
    one.post(f"/khoa-ky/can-bo/{key.pk}/thu")
    assert PersonKey.objects.get(pk=key.pk).revoked_at is not None


def test_an_officer_who_writes_sees_no_keys(world: Stage) -> None:
    client = Client()
    client.force_login(world.editor)
    assert client.get("/khoa-ky/").status_code == 403
    assert client.post(f"/khoa-ky/{the_key(world).pk}/thu").status_code == 404
