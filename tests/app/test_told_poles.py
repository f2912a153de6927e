"""QR codes on poles and boards: what the page knows, where it goes on, and the stickers."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from nguon.delivery.models import Broadcast, Delivery, Progress
from nguon.devices.models import Device
from nguon.feedback import poles
from nguon.feedback.pole_models import PoleCode
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.media import files
from tests.app import reporter
from tests.app.desk import device as make_device
from tests.app.desk import person
from tests.app.reporter import SITE, fields, the_case, what
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    cache.clear()
    return make_hall()


@pytest.fixture
def pole(hall: Hall) -> Device:
    found = make_device("Cụm loa Quảng Vân", hall.hamlet, clock.now())
    PoleCode.objects.create(device=found, code="K7M2QF", created_at=clock.now())
    return found


def heard_at(hall: Hall, pole: Device, ago: timedelta, title: str) -> Broadcast:
    now = clock.now()
    made = Broadcast.objects.create(
        subject="newsroom.version:0",
        title=title,
        place=hall.here,
        channel="speaker",
        level=40,
        file=files.keep_bytes(b"x", "audio/mpeg", now, {}),
        issued_at=now - ago,
        expires_at=now + timedelta(hours=1),
        created_by=hall.clerk,
    )
    Delivery.objects.create(
        broadcast=made, device=pole, changed_at=now, progress=Progress.FINISHED, started_at=now - ago
    )
    return made


def test_the_page_knows_where_it_hangs_and_what_was_played_lately(hall: Hall, pole: Device) -> None:
    heard_at(hall, pole, timedelta(minutes=20), "Lịch tiêm phòng dại")
    heard_at(hall, pole, timedelta(hours=3), "Tin sáng sớm")
    page = Client().get("/phan-anh/tai/k7m2qf")
    assert page.status_code == 200
    assert "Cụm loa Quảng Vân" in page.text
    assert "Lịch tiêm phòng dại" in page.text
    assert "Tin sáng sớm" not in page.text


def test_what_is_told_there_carries_pole_and_broadcast(hall: Hall, pole: Device) -> None:
    made = heard_at(hall, pole, timedelta(minutes=20), "Lịch tiêm phòng dại")
    query = f"pole=K7M2QF&noi={hall.here.pk.hex}&tin={made.pk.hex}&viec=to"
    client = Client()
    page = client.get(f"/phan-anh/gui?{query}")
    assert "Loa phát quá to." in page.text
    assert "Lịch tiêm phòng dại" in page.text
    first = {**what(hall, noi=hall.here.pk.hex), **fields(page.text), "words": "Loa phát quá to, con nhỏ giật mình."}
    second = client.post("/phan-anh/gui", first)
    client.post("/phan-anh/gui", fields(second.text))
    case = the_case()
    assert (case.source, case.device, case.broadcast) == ("pole", pole, made)


def test_a_broadcast_that_was_not_there_is_not_believed(hall: Hall, pole: Device) -> None:
    other = make_device("Cụm loa khác", hall.there, clock.now())
    made = heard_at(hall, other, timedelta(minutes=20), "Tin của xã khác")
    page = Client().get(f"/phan-anh/gui?pole=K7M2QF&noi={hall.here.pk.hex}&tin={made.pk.hex}")
    assert "Tin của xã khác" not in page.text


@pytest.mark.sites
def test_it_goes_on_below_the_site_of_its_commune_if_that_is_open(hall: Hall, pole: Device) -> None:
    site = reporter.make_site(hall)
    assert Client().get("/phan-anh/tai/K7M2QF").headers["Location"] == f"{SITE}/tai/K7M2QF"
    assert Client().get(f"{SITE}/tai/K7M2QF").status_code == 200
    site.opened_at = None
    site.save()
    assert Client().get("/phan-anh/tai/K7M2QF").status_code == 200


def test_a_code_that_is_none_says_so_and_offers_the_plain_way(hall: Hall) -> None:
    page = Client().get("/phan-anh/tai/AAAAAA")
    assert page.status_code == 404
    assert "AAAAAA" in page.text
    assert "/phan-anh/gui" in page.text


def test_stickers_are_for_whoever_manages_devices_and_codes_stay_for_ever(hall: Hall) -> None:
    one = make_device("Cụm loa Quảng Vân", hall.hamlet, clock.now())
    far = make_device("Cụm loa Phước Sơn", hall.there, clock.now())
    client = Client()
    client.force_login(person("kt", "Kỹ Thuật", hall.here, "technician"))
    address = f"/xu-ly-phan-anh/tem-qr?noi={hall.here.pk.hex}"
    assert "1 thiết bị chưa có mã" in client.get(address).text
    client.post(address)
    code = PoleCode.objects.get().code
    client.post(address)
    assert PoleCode.objects.get().code == code
    assert not hasattr(far, "pole_code")
    page = client.get(address)
    assert f"/phan-anh/tai/{code}" in page.text
    assert Entry.objects.filter(verb="feedback.pole-code", subject=f"devices.device:{one.pk.hex}").count() == 1
    reader = Client()
    reader.force_login(hall.clerk)
    assert reader.get(address).status_code == 403


def test_stickers_of_places_of_others_are_not_given(hall: Hall) -> None:
    make_device("Cụm loa Phước Sơn", hall.there, clock.now())
    client = Client()
    client.force_login(person("kt", "Kỹ Thuật", hall.here, "technician"))
    client.post(f"/xu-ly-phan-anh/tem-qr?noi={hall.there.pk.hex}")
    assert PoleCode.objects.count() == 0


def test_codes_hold_no_letters_that_are_mistaken(hall: Hall) -> None:
    assert not set("01OIL") & set(poles.LETTERS)
    assert poles.typed(" k7m-2qf ") == "K7M2QF"
