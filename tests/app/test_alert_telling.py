"""The whole way of a telling: the service's teller, a real mail server and a real gateway."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.alerts import actions, silence, telling
from nguon.alerts.models import Alert, Duty, Telling, Told
from nguon.delivery import notifiers
from nguon.delivery.rules import Targets
from nguon.delivery.service import db
from nguon.delivery.teller import Teller
from nguon.kit import clock
from nguon.places.models import Place
from tests.app import warning
from tests.app.warning import District
from tests.ports import notices
from tests.ports.notices import Gateway, Mail

pytestmark = pytest.mark.django_db(transaction=True)
FROM = "nguon@tuyphuoc.example.vn"
SECRET = "một bí mật đủ dài"
SMTP, WEBHOOK = "nguon.plugs.notices.smtp.Smtp", "nguon.plugs.notices.webhook.Webhook"


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    notifiers.status.cache_clear()
    yield
    notifiers.status.cache_clear()


def duty(where: Place, name: str, **given: Any) -> Duty:
    return Duty.objects.create(place=where, name=name, **({"phone": "0905000123"} | given))


@pytest.fixture
def ways(settings: Any) -> Iterator[tuple[Mail, Gateway]]:
    with ExitStack() as stack:
        mail, mail_port = stack.enter_context(notices.mail())
        gateway, gateway_port = stack.enter_context(notices.gateway())
        settings.NGUON_NOTICES = {
            WEBHOOK: (f"http://127.0.0.1:{gateway_port}/", SECRET),
            SMTP: (f"smtp+plain://127.0.0.1:{mail_port}", FROM),
        }
        yield mail, gateway


def silent_now(world: District) -> Alert:
    """An alert that has been live for more than a minute by the real clock, and nobody answered."""
    alert = world.live(now=clock.now() - timedelta(seconds=70), targets=Targets(places=(world.commune.pk,)))
    assert silence.look(clock.now()) == 3
    return alert


def tell(teller: Teller) -> None:
    async def turn() -> None:
        await teller.turn()
        await teller.finish()

    asyncio.run(turn())


def test_a_person_is_told_by_mail_and_by_telephone(ways: tuple[Mail, Gateway]) -> None:
    world, (mail, gateway) = warning.build(), ways
    duty(world.commune, "Trực xã", email="truc@example.vn")
    alert = silent_now(world)
    tell(Teller.of_settings(telling))
    assert mail.letters[0]["Subject"].startswith("[KHẨN] 3 cụm loa")
    assert gateway.said()["to"] == {"name": "Trực xã", "phone": "0905000123"}
    rows = {row.way: row for row in Telling.objects.filter(alert=alert)}
    assert {row.state for row in rows.values()} == {Told.TOLD}
    assert (rows["gateway"].answer, rows["email"].answer) == ("sms-1", "taken as 4711")
    assert all(row.told_at and row.tries == 1 for row in rows.values())
    tell(Teller.of_settings(telling))
    assert len(mail.letters) == len(gateway.asked) == 1


def test_a_way_that_fails_is_kept_for_later_with_its_reason(ways: tuple[Mail, Gateway]) -> None:
    world, (mail, gateway) = warning.build(), ways
    mail.rcpt, gateway.status = "550 no such user", 503
    duty(world.commune, "Trực xã", email="truc@example.vn")
    alert = silent_now(world)
    tell(Teller.of_settings(telling))
    rows = {row.way: row for row in Telling.objects.filter(alert=alert)}
    assert (rows["email"].state, rows["email"].failure) == (Told.FAILED, "address")
    assert "no such user" in rows["email"].answer
    assert (rows["gateway"].state, rows["gateway"].failure, rows["gateway"].tries) == (Told.WAITING, "away", 1)
    gateway.status = 200
    Telling.objects.filter(way="gateway").update(next_at=clock.now())
    tell(Teller.of_settings(telling))
    assert Telling.objects.get(way="gateway").state == Told.TOLD


def test_a_gateway_that_hangs_holds_neither_the_mail_nor_the_sayings_up(ways: tuple[Mail, Gateway]) -> None:
    world, (mail, gateway) = warning.build(), ways
    gateway.wait.clear()
    for number in range(6):  # more than there are hands
        duty(world.commune, f"Trực {number}", email=f"truc{number}@example.vn")
    alert = silent_now(world)
    teller = Teller.of_settings(telling)

    async def story() -> int:
        await teller.turn()
        async with asyncio.timeout(15):
            while len(mail.letters) < 6:
                await asyncio.sleep(0.02)
                await teller.turn()
        assert len(gateway.asked) <= 4
        # the sayings go on in the database thread meanwhile
        made: int = await db(actions.say_due, now=clock.now() + timedelta(hours=2))
        gateway.wait.set()
        while await db(Telling.objects.filter(way="gateway", state=Told.WAITING).count):
            await asyncio.sleep(0.02)
            await teller.turn()
        await teller.finish()
        return made

    assert asyncio.run(story()) == 2
    assert Telling.objects.filter(alert=alert, state=Told.TOLD).count() == 12
    assert len(gateway.asked) == 6


def test_without_a_way_it_is_said_loudly_that_nobody_is_told(caplog: pytest.LogCaptureFixture) -> None:
    world = warning.build()
    duty(world.commune, "Trực xã")
    silent_now(world)
    tell(Teller.of_settings(telling))
    assert [record for record in caplog.records if "NOBODY IS TOLD" in record.getMessage()]
    assert "0905000123" not in caplog.text
    assert Telling.objects.get().way == "log"
