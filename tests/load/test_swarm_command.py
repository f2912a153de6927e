"""`nguon swarm`: who its devices are, and what `--clusters` leaves to it."""

import stat
from pathlib import Path

import click
import pytest
from django.conf import LazySettings

from nguon.cli import swarm
from nguon.devices.actions import register
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def place() -> Place:
    return Place.objects.create(name="Tuy Phước", kind="xã", folded="xa tuy phuoc")


def test_no_place(data: Path) -> None:
    with pytest.raises(click.ClickException, match="no place"):
        swarm.identities(1)
    assert not (data / swarm.FILE).exists()


def test_registered_once_and_used_again(place: Place, data: Path) -> None:
    first = swarm.identities(3)
    assert Device.objects.count() == 3
    assert {each.settings.areas for each in first} == {(place.pk.hex,)}
    assert stat.S_IMODE((data / swarm.FILE).stat().st_mode) == 0o600
    again = swarm.identities(5)
    assert [each.device for each in again[:3]] == [each.device for each in first]
    assert [each.password for each in again[:3]] == [each.password for each in first]
    assert Device.objects.count() == 5
    assert len(swarm.identities(2)) == 2


def test_revoked_devices_are_replaced(place: Place) -> None:
    first = swarm.identities(2)
    Device.objects.filter(pk=first[0].device).update(password="")
    again = swarm.identities(2)
    assert first[0].device not in {each.device for each in again}


def test_clusters_are_the_other_simulated_ones(place: Place, data: Path) -> None:
    swarm.identities(2)
    device = register(name="Cụm loa 1", place=place, actor="test", now=clock.now(), simulated=True)
    register(name="Cụm loa thật", place=place, actor="test", now=clock.now())
    (wanted,) = swarm._simulated()
    assert (wanted.device, wanted.unplugged) == (device.pk.hex, False)
    assert wanted.home == data / "clusters" / device.pk.hex
    assert len(swarm._code(wanted.device)) >= 8


def test_boards_are_others_than_loudspeakers_and_both_are_used_again(place: Place) -> None:
    speakers, boards = swarm.identities(2), swarm.identities(3, "board")
    assert set(Device.objects.values_list("channel", flat=True)) == {"speaker", "board"}
    assert {one.device for one in speakers}.isdisjoint(one.device for one in boards)
    assert [one.device for one in swarm.identities(3, "board")] == [one.device for one in boards]
    assert [one.device for one in swarm.identities(2)] == [one.device for one in speakers]
    assert Device.objects.count() == 5


def test_a_channel_that_is_not_here(place: Place, data: Path) -> None:
    with pytest.raises(click.ClickException, match="no channel 'radio' here, only speaker"):
        swarm.identities(1, "radio")
    assert not Device.objects.exists()
