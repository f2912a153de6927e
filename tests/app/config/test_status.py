"""The status page: who sees it, and that what is broken says why."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.config import status
from nguon.config.services import KINDS
from nguon.people.models import Person
from tests.app import clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> clusters.World:
    return clusters.make_world()


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def seen_by(person: Person) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("status"))


def report(pid: int, **one: Any) -> str:
    service = {"name": "web", "state": "running", "pid": 1, "started": 1.0, "restarts": 0, "last_exit": None}
    return json.dumps({"pid": pid, "services": [service | one]})


def test_those_who_keep_it_running_see_it_and_others_do_not(world: clusters.World) -> None:
    for person in (world.admin, world.technician):
        assert seen_by(person).status_code == 200
    assert seen_by(world.watcher).status_code == 403
    away = Client().get(reverse("status"))
    assert away.status_code == 302
    assert reverse("people:sign-in") in away.headers["Location"]


def test_health_needs_no_signing_in_and_says_nothing() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_it_names_database_disk_and_versions(world: clusters.World) -> None:
    page = seen_by(world.admin).content.decode()
    assert "Nguồn 0." in page
    assert "Django 5.2" in page
    assert "GB" in page


def test_services_are_those_of_the_running_tree(data: Path) -> None:
    (data / "services.json").write_text(report(os.getpid(), restarts=2))
    (line,) = status.services()
    assert line.good
    assert "2 lần" in line.words
    (data / "services.json").write_text(report(os.getpid(), state="restarting"))
    assert not status.services()[0].good


def test_a_report_of_a_tree_that_is_gone_is_not_believed(data: Path) -> None:
    (data / "services.json").write_text(report(2**22 + 1))
    (line,) = status.services()
    assert not line.good


@pytest.mark.parametrize("content", [None, "", "{"])
def test_without_a_report_there_are_no_services(data: Path, content: str | None) -> None:
    if content is not None:
        (data / "services.json").write_text(content)
    assert status.services() == []


def test_a_voice_that_cannot_work_says_why(settings: Any) -> None:
    settings.NGUON_VOICES = ["nguon.plugs.nowhere.Voice"]
    lines = {line.name: line for line in status.adapters()}
    assert not lines["Voice"].good
    assert "nowhere" in lines["Voice"].words
    assert lines["Đường truyền tới cụm loa"].good


def test_every_service_has_a_name_for_people() -> None:
    assert {kind.name for kind in KINDS} == set(status.NAMES)


def test_how_the_doors_are_kept_is_told_to_administrators(world: clusters.World, settings: Any) -> None:
    settings.NGUON_SECOND_FACTOR = "offered"
    shown = seen_by(world.admin).content.decode()
    assert "Máy chủ này chỉ mời" in shown
    assert "Không có việc nào một người tự làm" in shown
    assert "Đăng nhập và quyền" not in seen_by(world.technician).content.decode()
    Person.objects.filter(pk=world.admin.pk).update(is_demonstration=True)
    assert "1 tài khoản mẫu có mật khẩu ai cũng biết" in seen_by(world.admin).content.decode()
