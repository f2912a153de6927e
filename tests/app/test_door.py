"""The door of the broker for devices, as it is told: at enrolment, on the status page."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.config.status import door_line
from nguon.devices import actions, certificates, door, queries
from nguon.devices.models import Status
from nguon.kit import clock
from tests.app import clusters


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    settings.NGUON_BROKER_OWN, settings.NGUON_BROKER_PUBLIC_URL = True, ""
    settings.NGUON_BROKER_TLS_PORT, settings.NGUON_BROKER_TLS_BIND = 18883, "0.0.0.0"
    settings.NGUON_BROKER_CERT = settings.NGUON_BROKER_KEY = settings.NGUON_BROKER_CA = ""
    settings.ALLOWED_HOSTS = ["*"]
    return tmp_path


def test_the_address_is_that_by_which_the_device_came_unless_it_is_set(own: Path, settings: Any) -> None:
    assert door.address("nguon.example.vn") == "mqtts://nguon.example.vn:18883"
    assert door.address("2001:db8::7") == "mqtts://[2001:db8::7]:18883"
    settings.NGUON_BROKER_PUBLIC_URL = "mqtts://loa.example.vn:8883"
    assert door.address("10.0.0.1") == "mqtts://loa.example.vn:8883"
    settings.NGUON_BROKER_PUBLIC_URL, settings.NGUON_BROKER_OWN = "", False
    settings.NGUON_BROKER_URL = "mqtt://cum.example.vn:1883"
    assert door.address("10.0.0.1") == "mqtt://cum.example.vn:1883"
    assert door.trusted() == ""


def test_a_device_is_told_the_authority_and_none_for_a_plain_link(own: Path, settings: Any) -> None:
    assert door.trusted() == ""  # the broker has not begun yet
    pair, _ = door.pair(clock.now())
    assert door.trusted() == pair.trusted
    settings.NGUON_BROKER_PUBLIC_URL = "mqtt://loa.example.vn:18830"
    assert door.trusted() == ""


def test_names_by_which_devices_came_are_in_the_certificate(own: Path, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["nguon.example.vn", ".xa.example.vn"]
    settings.NGUON_BROKER_PUBLIC_URL = "mqtts://loa.example.vn"
    first, _ = door.pair(clock.now())
    found = certificates.names_of(certificates.load(first.certificate))
    assert {"nguon.example.vn", "xa.example.vn", "loa.example.vn", "localhost", "127.0.0.1", "::1"} <= found
    assert not {"0.0.0.0", "*", ""} & found
    for host in ("may-chu", "may-chu", "nguon.example.vn", "xấu.vn", "*", "a b", ""):
        door.note_host(host)
    assert (own / "broker/hosts").read_text() == "may-chu\n"
    again, new = door.pair(clock.now())
    assert new
    assert "may-chu" in certificates.names_of(certificates.load(again.certificate))
    for number in range(50):
        door.note_host(f"x{number}")
    assert len((own / "broker/hosts").read_text().split()) == door.MOST_HOSTS


def said(days: int = 0) -> tuple[bool, str]:
    now = clock.now() + timedelta(days=days)
    line = door_line(door.standing(now), now)
    return line.good, line.words


def test_how_it_stands(own: Path) -> None:
    assert said() == (False, "Chưa mở. Kiểm tra dịch vụ máy chủ tin nhắn.")
    door.pair(clock.now())
    door.note("")
    assert said() == (True, "Dùng được, chứng thư tự gia hạn")
    assert "chưa tự gia hạn" in said(340)[1]
    assert "đã hết hạn" in said(400)[1]
    door.note("taken")
    assert said() == (False, "Cổng 18883 đang có chương trình khác dùng. Đặt NGUON_BROKER_TLS_PORT thành số khác.")


def test_how_the_operators_own_stands(own: Path, settings: Any, tmp_path: Path) -> None:
    one, _ = certificates.ours(tmp_path / "one", ["localhost"], clock.now())
    two, _ = certificates.ours(tmp_path / "two", ["localhost"], clock.now())
    settings.NGUON_BROKER_CERT = str(one.certificate)
    assert said() == (
        False,
        "Thiếu một trong hai: NGUON_BROKER_CERT và NGUON_BROKER_KEY phải đặt cùng nhau.",
    )
    settings.NGUON_BROKER_KEY = str(two.key)
    assert said()[1].startswith("Khóa không khớp với chứng thư.")
    settings.NGUON_BROKER_KEY = str(tmp_path / "none")
    assert said()[1].startswith("Không đọc được tệp chứng thư hoặc khóa.")
    settings.NGUON_BROKER_KEY = str(one.certificate)
    assert "PEM" in said()[1]
    settings.NGUON_BROKER_KEY = str(one.key)
    door.note("")
    good, words = said()
    assert good
    assert words.startswith("Dùng được, chứng thư riêng đến ")
    assert said(340)[1].endswith("Hãy thay trước ngày đó.")
    settings.NGUON_BROKER_CA = str(tmp_path / "one/ca.pem")
    assert door.trusted() == one.trusted


@pytest.mark.django_db
def test_the_broker_lets_a_device_read_the_areas_of_its_settings_and_no_other() -> None:
    world = clusters.make_world()
    made = [clusters.device(world, name) for name in ("Một", "Hai", "Ba", "Bốn")]
    actions.revoke(device=made[3], actor=world.technician, now=world.now)
    on, actor = clock.local_day(world.now), world.technician
    before = queries.areas_revision(on)
    group = actions.create_group(name="Chợ", place=world.here, actor=actor, now=world.now)
    actions.change(device=made[0], actor=actor, now=world.now, groups=[group])
    assert queries.areas_revision(on) != before
    actions.set_status(device=made[1], status=Status.REPAIR, reason="x", actor=actor, now=world.now)
    found = queries.areas_of_all(on)
    for one in made[:3]:
        one.refresh_from_db()
        assert found.get(one.pk.hex, frozenset()) == frozenset(queries.wire_settings(one, on).areas)
    assert group.pk.hex in found[made[0].pk.hex]
    assert found.keys() == {made[0].pk.hex, made[2].pk.hex}  # in repair, or without a key: none


@pytest.mark.django_db
def test_what_is_read_for_all_takes_the_same_few_questions(django_assert_num_queries: Any) -> None:
    world = clusters.make_world()
    for number in range(30):
        clusters.device(world, f"Cụm {number}")
    with django_assert_num_queries(5):
        assert len(queries.areas_of_all(clock.local_day(world.now))) == 30
    with django_assert_num_queries(1):
        queries.areas_revision(clock.local_day(world.now))
