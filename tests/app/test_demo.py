"""The demonstration: its facts, its loading, and its commands."""

import os
import stat
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth import authenticate
from pytest_django.fixtures import Settings

from nguon.alerts import duty_queries
from nguon.alerts.models import Duty
from nguon.archive.models import Pair, Recording
from nguon.cli import main
from nguon.config.demo import accounts
from nguon.config.demo.load import NotEmpty, around, facts, load
from nguon.devices import channels
from nguon.devices.models import Device, Status
from nguon.journal.queries import verify
from nguon.media import actions as media
from nguon.media.models import Music, Rendition, Source
from nguon.media.music_queries import usual_mix
from nguon.newsroom.models import Bulletin, Variant
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.portal.models import Posting
from nguon.portal.serving import CHANNEL
from nguon.review.models import State as ReviewState
from tests.app.district import NOW, PASSWORD, stand

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["demo", *words])


@pytest.fixture(autouse=True)
def _no_accounts_left() -> None:
    accounts.path().unlink(missing_ok=True)


def test_the_facts_are_the_published_ones() -> None:
    data = facts()
    assert len(data["communes"]) == 13
    codes = [row["codes"]["gso"] for row in data["communes"]]
    assert sorted(codes) == [str(code) for code in range(21952, 21989, 3)]
    known = {row["name"]: row["hamlets"]["names"] for row in data["communes"] if row["hamlets"]["known"]}
    assert {name: len(names) for name, names in known.items()} == {"Phước Thuận": 8}
    sources = [source["place"] for opening in data["reform"]["openings"] for source in opening["sources"]]
    assert sorted(sources) == sorted(["gso:52", *(f"gso:{code}" for code in codes)])


def test_positions_lie_in_the_district() -> None:
    for row in facts()["communes"]:
        names = row["hamlets"]["names"]
        spots = {around(row["position"], number, len(names)) for number in range(len(names))}
        assert len(spots) == len(names)
        assert all(13.77 < latitude < 13.93 and 109.04 < longitude < 109.28 for latitude, longitude in spots)


def test_what_is_loaded() -> None:
    made = load(password=PASSWORD, now=NOW)
    assert len(made) == Person.objects.count() == 13
    assert authenticate(username="bt.phuocthuan", password=PASSWORD)
    assert not Person.objects.filter(password_is_initial=True).exists()
    devices = Device.objects.all()
    assert len(devices) >= 2 * 13
    for device in devices:
        assert (device.status, device.simulated, device.proof, device.unplugged) == (Status.ACTIVE, True, True, False)
        assert device.latitude is not None
        assert 2 <= device.horns <= 4
    assert verify().sound


def test_it_refuses_a_database_with_something_in_it() -> None:
    stand()
    before = (Place.objects.count(), Person.objects.count())
    with pytest.raises(NotEmpty):
        load(password=PASSWORD, now=NOW)
    assert run("load").exit_code == 1
    forced = run("load", "--force")
    assert (forced.exit_code, "chưa ghi gì" in forced.output) == (1, True), "its codes are taken"
    assert (Place.objects.count(), Person.objects.count()) == before
    assert not accounts.path().exists()


def test_it_loads_beside_other_places_when_told_to() -> None:
    other = Place.objects.create(name="Khác", kind="tỉnh", folded="tinh khac")
    assert run("load").exit_code == 1
    load(password=PASSWORD, now=NOW, beside=True)
    assert Place.objects.filter(pk=other.pk).exists()


def test_the_command_loads_it_all_and_keeps_the_password_for_the_owner_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real voice and ffmpeg: there is something to hear, to approve and to send."""
    monkeypatch.delenv(accounts.VARIABLE, raising=False)
    assert run("accounts").exit_code == 1
    said = run("load").output
    kept = accounts.kept()
    assert len(kept) == 13
    assert {password for _, password, _ in kept} == {kept[0][1]}
    assert f"Mật khẩu của tất cả: {kept[0][1]}" in said
    assert stat.S_IMODE(os.stat(accounts.path()).st_mode) == 0o600
    assert authenticate(username=kept[0][0], password=kept[0][1])
    listed = run("accounts").output
    assert "bt.phuocthuan" in listed
    assert "Biên tập, xã Phước Thuận" in listed
    assert "còn là bản nháp" not in said
    found = Bulletin.objects.values_list("current__review__state", flat=True)
    assert Counter(found) == {None: 3, ReviewState.SUBMITTED: 1, ReviewState.APPROVED: 8}
    ready = Variant.objects.filter(rendition__file__duration_ms__gt=10_000).count()
    assert (ready, verify().sound) == (9, True)
    up = Counter(Posting.objects.values_list("site__slug", flat=True))
    served = ("phuoc-thuan", "phuoc-son", "phuoc-hoa", "dieu-tri") if CHANNEL in channels.active() else ()
    assert up == dict.fromkeys(served, 2)
    for piece in Music.objects.all():
        made = Rendition.objects.get(source=Source.MUSIC, original=piece.file)
        media.render(rendition_id=made.pk, now=NOW)  # as the jobs service does when the server starts
        made.refresh_from_db()
        assert made.file, made.error
        assert (made.file.duration_ms or 0) == pytest.approx(
            5000 if piece.kind == Music.Kind.JINGLE else 24_000, abs=40
        )
    assert Music.objects.count() == 2
    town = Place.objects.get(name="Tuy Phước", kind="thị trấn")
    assert set(usual_mix(town.pk, NOW.date()).as_json()) == {"opening", "closing"}


def test_the_password_may_come_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(accounts.VARIABLE, "cho-buoi-tap-huan")
    assert accounts.password() == "cho-buoi-tap-huan"


def test_the_command_reorganises_once() -> None:
    assert "Chưa nạp huyện mẫu" in run("reorganise").output
    stand()
    assert "5 đơn vị mới, 15 đơn vị cũ kết thúc" in run("reorganise").output
    again = run("reorganise")
    assert (again.exit_code, "đã được thực hiện" in again.output) == (1, True)


def test_the_archive_is_filled_once_and_again_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.NGUON_ARCHIVE_RESERVE_MB = 1
    assert "Chưa nạp huyện mẫu" in run("archive").output
    stand()
    assert "thêm 6 bản thu" in run("archive").output
    found = {one.title: one for one in Recording.objects.all()}
    assert found["BTT 12-5-2019 thu 2"].doubtful
    assert found["Thông báo tiêm phòng - PTV Nguyễn Thị Hoa 3-6-1998"].cleaned_id
    assert str(found["Họp thôn Lộc Hạ tháng 7"].recorded_on) == "2019-07-01"
    assert Pair.objects.count() == 1
    assert "thêm 0 bản thu, 6 bản đã có" in run("archive").output


def test_pulling_a_plug_by_a_part_of_the_name() -> None:
    stand()
    assert run("unplug", "diem van").exit_code == 0
    assert [device.name for device in Device.objects.filter(unplugged=True)] == ["Cụm loa thôn Diêm Vân"]
    assert run("plug", "Cụm loa thôn Diêm Vân").exit_code == 0
    assert not Device.objects.filter(unplugged=True).exists()
    for name in ("loa", "không có"):
        refused = run("unplug", name)
        assert (refused.exit_code, "Cần đúng một thiết bị" in refused.output) == (1, True)


def test_people_on_duty_can_be_called_and_everybody_is_somebodys() -> None:
    load(password=PASSWORD, now=NOW)
    assert Duty.objects.count() >= 6
    chief = Person.objects.get(username="duyet.huyen")
    assert duty_queries.nobody_at(chief, NOW) == []
    assert not [duty for duty in Duty.objects.all() if not duty.phone]
