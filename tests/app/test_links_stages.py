"""An alert that goes out in stages, as CAP: it names where it sounds now, and says so anew as it goes wider."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from nguon.alerts import actions, public
from nguon.alerts.models import Alert
from nguon.alerts.rules import Stage
from nguon.cap import feed, read, sign
from nguon.cap.codes import MessageType
from nguon.cap.hazards import Kind
from nguon.cap.model import Alert as Message
from nguon.cap.model import Area
from nguon.links import publishing
from nguon.links.models import Document, Seal
from nguon.places.models import Code
from tests.app import warning
from tests.app.alarms import spoken
from tests.app.stage import NOW
from tests.app.warning import District

pytestmark = pytest.mark.django_db
POLYGON = ((13.8, 109.1), (13.9, 109.1), (13.9, 109.2))


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any, time_machine: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def world() -> District:
    made = warning.build()
    for place, code in ((made.district, "550"), (made.commune, "21982"), (made.other, "21985")):
        Code.objects.create(place=place, system="gso", code=code)
    return made


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def widen(world: District, alert: Alert, to: Stage, minutes: float) -> Alert:
    return actions.widen(alert=alert, to=to, actor=world.chief, now=later(minutes))


def publish(minutes: float = 0) -> int:
    cache.clear()
    return publishing.publish_due(now=later(minutes))


def listed(address: str = "/cap/canh-bao.atom") -> list[tuple[str, Message]]:
    """What a feed lists: the address of each, and what stands there, under a signature that holds."""
    cache.clear()
    found = []
    for one in feed.parse(Client().get(address).content):
        path = one.cap.removeprefix("http://testserver")
        data = bytes(Client().get(path).content)
        assert sign.verify(data, [bytes(seal.certificate.encode()) for seal in Seal.objects.all()]).signer is not None
        found.append((path, read.parse(data)))
    return found


def area(told: Message) -> Area:
    info = told.info()
    assert info is not None
    (only,) = info.areas
    return only


def said(told: Message) -> tuple[str, list[str], int]:
    found = area(told)
    return found.description, [one.value for one in found.geocodes], len(found.polygons)


def test_each_stage_is_a_message_of_its_own_that_names_no_more_than_what_sounds(world: District) -> None:
    alert = world.wide(area=POLYGON)
    assert publish() == 1
    ((first_at, first),) = listed()
    assert first.message_type == MessageType.ALERT
    assert said(first) == ("Cụm loa số 0, thôn Quảng Vân", [], 0)
    alert = widen(world, alert, Stage.NEAR, 1)
    assert publish(1) == 1
    ((second_at, second),) = listed()
    assert (second.message_type, second.references) == (MessageType.UPDATE, (first.reference,))
    assert said(second) == ("xã Phước Thuận", ["21982"], 0)
    alert = widen(world, alert, Stage.ALL, 2)
    assert publish(2) == 1
    ((third_at, third),) = listed()
    assert (third.message_type, third.references) == (MessageType.UPDATE, (first.reference, second.reference))
    assert said(third) == ("huyện Tuy Phước", ["550"], 1)
    assert [one.sent for one in (first, second, third)] == [NOW, later(1), later(2)]
    assert len({first_at, second_at, third_at}) == 3
    assert read.parse(Client().get(first_at).content) == first, "its bytes never change"
    assert publish(3) == 0


def test_the_feed_of_the_place_that_its_site_names_is_no_wider(world: District) -> None:
    world.wide()
    publish()
    ((_path, told),) = listed(f"/cap/dia-ban/{world.district.pk}.atom")
    assert "Tuy Phước" not in area(told).description
    assert b"<cap:areaDesc>huy" not in Client().get("/cap/canh-bao.atom").content


def test_what_was_widened_before_anybody_published_it_is_one_message(world: District) -> None:
    widen(world, world.wide(), Stage.NEAR, 1)
    assert publish(1) == 1
    ((_path, told),) = listed()
    assert (told.message_type, told.sent) == (MessageType.ALERT, later(1))
    assert said(told) == ("xã Phước Thuận", ["21982"], 0)


def test_a_stop_names_where_it_sounded_and_every_message_of_it(world: District) -> None:
    alert = world.wide()
    publish()
    alert = widen(world, alert, Stage.NEAR, 1)
    publish(1)
    earlier = [one.identifier for one in Document.objects.order_by("sent")]
    actions.stop(alert=alert, actor=world.chief, now=later(2))
    assert publish(2) == 1
    ((path, told),) = listed()
    assert path.endswith("/huy.xml")
    assert told.message_type == MessageType.CANCEL
    assert [one.identifier for one in told.references] == earlier
    assert said(told) == ("xã Phước Thuận", ["21982"], 0)


def test_the_word_that_it_was_a_mistake_goes_no_further(world: District) -> None:
    alert = world.wide()
    publish()
    ready = alert.followers.get(prepared=True, kind=Kind.MISTAKE)
    spoken(ready)
    actions.release(alert=ready, actor=world.chief, now=later(1))
    publish(1)
    ((_path, told),) = listed()
    assert told.message_type == MessageType.CANCEL
    assert said(told)[0] == "Cụm loa số 0, thôn Quảng Vân"


def test_without_stages_it_is_one_message_for_all(world: District) -> None:
    world.wide(staged=False)
    assert publish() == 1
    ((_path, told),) = listed()
    assert said(told) == ("huyện Tuy Phước", ["550"], 0)
    assert publish(1) == 0


def test_the_site_names_no_more_than_where_it_sounds(world: District) -> None:
    alert = world.wide()

    def where(minutes: float) -> str:
        (one,) = public.warned(world.commune.pk, later(minutes))
        return one.where

    assert where(0) == "thôn Quảng Vân"
    widen(world, alert, Stage.NEAR, 1)
    assert where(1) == "xã Phước Thuận"


@pytest.mark.parametrize("stage", [0, 1, 7, 10**30])
def test_a_stage_that_it_has_not_reached_is_not_there(world: District, stage: int) -> None:
    alert = world.wide()
    publish()
    assert Client().get(f"/cap/tin/{alert.pk}/rong-{stage}.xml").status_code == 404
