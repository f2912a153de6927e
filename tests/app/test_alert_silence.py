"""A minute after an alert: who has not answered, who is told of it, by which way, and what became of that."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from nguon.alerts import actions, silence, telling
from nguon.alerts.models import Alert, Duty, Saying, Silence, Telling, Told
from nguon.delivery import notifiers
from nguon.delivery.models import Delivery
from nguon.delivery.rules import Targets
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.places.models import Link, Place, Succession
from nguon.ports.notice import Failure, NoticeFailed
from tests.app import warning
from tests.app.stage import NOW
from tests.app.warning import District, answer
from tests.services import free_port

pytestmark = pytest.mark.django_db
FROM = "nguon@tuyphuoc.example.vn"
SECRET = "một bí mật đủ dài"
SMTP, WEBHOOK = "nguon.plugs.notices.smtp.Smtp", "nguon.plugs.notices.webhook.Webhook"
FREE = {"email": 4, "gateway": 4, "log": 4}


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    notifiers.status.cache_clear()
    yield
    notifiers.status.cache_clear()


@pytest.fixture
def world() -> District:
    return warning.build()


def duty(where: Place, name: str, **given: Any) -> Duty:
    return Duty.objects.create(place=where, name=name, **({"phone": "0905000123"} | given))


def later(seconds: float, of: datetime = NOW) -> datetime:
    return of + timedelta(seconds=seconds)


def everywhere(world: District, **changes: Any) -> Alert:
    return world.live(targets=Targets(places=(world.commune.pk,)), **changes)


def named(alert: Alert) -> set[str]:
    return {str(row.device) for row in Silence.objects.filter(alert=alert)}


def told(alert: Alert) -> dict[str, set[str]]:
    """Whom, and of which clusters."""
    rows = Telling.objects.filter(alert=alert)
    return {row.name: {str(one.device) for one in row.silences.all()} for row in rows}


# who has not answered


def test_a_minute_after_it_went_out_the_silent_are_found_once(world: District) -> None:
    alert = everywhere(world)
    answer(alert, world.devices[0])
    assert silence.look(later(59)) == 0
    assert silence.look(later(60)) == 2
    assert named(alert) == {"Cụm loa số 1", "Cụm loa số 2"}
    assert silence.look(later(61)) == 0
    entry = Entry.objects.get(verb="alerts.silent")
    assert entry.after["devices"] == 2


def test_where_nothing_was_sent_at_all_everybody_is_silent(world: District) -> None:
    """The sender is dead, or the broker: there is no delivery, and nobody heard anything."""
    alert = everywhere(world)
    assert not Delivery.objects.exists()
    assert silence.look(later(60)) == 3
    assert len(named(alert)) == 3


@pytest.mark.parametrize("progress", ["refused", "failed"])
def test_who_answers_that_it_will_not_sound_counts_as_silent(world: District, progress: str) -> None:
    alert = everywhere(world)
    answer(alert, *world.devices[:3])
    answer(alert, world.devices[1], progress=progress)
    silence.look(later(60))
    assert named(alert) == {"Cụm loa số 1"}


def test_who_falls_silent_later_is_found_then(world: District) -> None:
    alert = everywhere(world)
    answer(alert, *world.devices[:3])
    assert silence.look(later(60)) == 0
    actions.say_due(now=NOW + timedelta(hours=2))
    answer(alert, *world.devices[:2])
    assert silence.look(NOW + timedelta(hours=2, seconds=60)) == 1
    assert named(alert) == {"Cụm loa số 2"}
    actions.say_due(now=NOW + timedelta(hours=4))
    assert silence.look(NOW + timedelta(hours=4, seconds=60)) == 2  # who is known to be silent is not told of again
    assert len(named(alert)) == 3


def test_a_stage_asks_those_it_was_for(world: District) -> None:
    alert = world.wide()
    answer(alert, world.devices[0])
    assert silence.look(later(60)) == 0
    actions.widen(alert=alert, to=1, actor=world.chief, now=later(61))
    answer(alert, world.devices[1])
    assert silence.look(later(121)) == 2
    assert named(alert) == {"Cụm loa số 0", "Cụm loa số 2"}


def test_of_what_is_over_nobody_is_told(world: District) -> None:
    alert = everywhere(world)
    actions.stop(alert=alert, actor=world.editor, now=later(30))
    assert silence.look(later(90)) == 0


def test_a_drill_is_looked_after_as_the_real_thing(world: District) -> None:
    duty(world.commune, "Trực xã")
    alert = everywhere(world, drill=True)
    assert silence.look(later(60)) == 3
    notice = telling.words(Telling.objects.get(alert=alert))
    assert notice is not None
    assert notice.drill
    assert notice.subject.startswith("[DIỄN TẬP]")
    assert "không phải cảnh báo thật" in notice.text


# who is told


def test_the_nearest_people_on_duty_are_told_each_of_their_own(world: District) -> None:
    duty(world.hamlets[0], "Trưởng thôn")
    duty(world.commune, "Trực xã")
    duty(world.commune, "Trực xã hai")
    duty(world.district, "Trực huyện")
    duty(world.hamlets[1], "Ban đêm", begins=time(20), ends=time(22))  # it is 8 in the morning
    alert = everywhere(world)
    silence.look(later(60))
    assert told(alert) == {
        "Trưởng thôn": {"Cụm loa số 0", "Cụm loa số 2"},
        "Trực xã": {"Cụm loa số 1"},
        "Trực xã hai": {"Cụm loa số 1"},
    }


def test_with_nobody_on_duty_those_who_signed_are_told(world: District) -> None:
    world.leader.phone, world.leader.email = "0905 000 456", "ct@example.vn"
    world.leader.save()
    alert = everywhere(world)
    silence.look(later(60))
    assert set(told(alert)) == {"Nguyễn Thị Hoa", "Trần Văn Bình"}
    row = Telling.objects.get(name="Trần Văn Bình")
    assert (row.phone, row.email, row.place) == ("0905000456", "ct@example.vn", None)


def test_the_fallback_is_told_in_any_case(world: District, settings: Any) -> None:
    settings.NGUON_NOTICE_FALLBACK = ["0256 3123 456", "truc.ban@example.vn"]
    duty(world.commune, "Trực xã")
    alert = everywhere(world)
    silence.look(later(60))
    assert set(told(alert)) == {"Trực xã", "0256 3123 456", "truc.ban@example.vn"}
    assert {row.phone or row.email for row in Telling.objects.filter(place=None)} == {
        "02563123456",
        "truc.ban@example.vn",
    }


def test_whom_no_way_reaches_is_shown_as_not_told(world: District, settings: Any) -> None:
    settings.NGUON_NOTICES = {SMTP: (f"smtp+plain://127.0.0.1:{free_port()}", FROM)}
    duty(world.commune, "Không có thư")
    alert = everywhere(world)
    silence.look(later(60))
    row = Telling.objects.get(alert=alert)
    assert (row.state, row.failure, row.way, row.next_at) == (Told.FAILED, "none", "", None)


def test_a_way_that_is_set_wrongly_is_off_and_the_other_works(world: District, settings: Any) -> None:
    settings.NGUON_NOTICES = {
        WEBHOOK: ("http://gateway.example.vn", "ngắn"),
        SMTP: (f"smtp+plain://127.0.0.1:{free_port()}", FROM),
    }
    assert [bool(one.plug) for one in notifiers.status()] == [False, True]
    duty(world.commune, "Trực xã", email="truc@example.vn")
    alert = everywhere(world)
    silence.look(later(60))
    assert [row.way for row in Telling.objects.filter(alert=alert)] == ["email"]


def test_after_a_reform_those_of_the_old_place_are_called_for_the_new(world: District) -> None:
    duty(world.commune, "Trực xã cũ")
    duty(world.district, "Trực huyện")
    today = clock.local_day(NOW)
    new = warning.place("Tuy Phước Đông", "xã", world.district)
    Succession.objects.create(old=world.commune, new=new, on=today, basis="Nghị quyết")
    Place.objects.filter(pk=world.commune.pk).update(valid_to=today - timedelta(days=1))
    Link.objects.filter(child__in=world.hamlets).update(parent=new)
    alert = world.wide(staged=False)
    silence.look(later(60))
    assert told(alert)["Trực xã cũ"] == {f"Cụm loa số {number}" for number in range(3)}
    assert told(alert)["Trực huyện"] == {"Cụm loa số 3", "Cụm loa số 4"}


# the outbox


def waiting(world: District) -> Telling:
    duty(world.commune, "Trực xã", email="truc@example.vn")
    alert = everywhere(world)
    silence.look(later(60))
    return Telling.objects.get(alert=alert)


def test_what_is_claimed_is_claimed_once_and_again_after_a_while(world: District) -> None:
    row = waiting(world)
    assert [one.pk for one, _notice in telling.due(later(60), FREE)] == [row.pk]
    assert telling.due(later(61), FREE) == []
    assert [one.pk for one, _notice in telling.due(later(121), FREE)] == [row.pk]


def test_it_is_tried_again_and_given_up_in_the_end(world: District) -> None:
    row, now, tries = waiting(world), later(60), 0
    while found := telling.due(now, FREE):
        telling.failed(found[0][0], NoticeFailed("away"), now)
        row.refresh_from_db()
        tries += 1
        now = row.next_at or now
    assert tries == 8
    assert (row.state, row.failure) == (Told.FAILED, "away")
    assert later(60 + 600) < now < later(60 + 1200)


def test_a_number_that_is_wrong_is_not_tried_again(world: District) -> None:
    row = waiting(world)
    telling.due(later(60), FREE)
    telling.failed(row, NoticeFailed("no such user", Failure.ADDRESS), later(61))
    row.refresh_from_db()
    assert (row.state, row.next_at) == (Told.FAILED, None)


def test_what_has_answered_by_then_is_not_told_of(world: District) -> None:
    row = waiting(world)
    answer(row.alert, world.devices[0], world.devices[1])
    notice = telling.words(row)
    assert notice is not None
    assert "Cụm loa số 2" in notice.text
    assert "Cụm loa số 0" not in notice.text
    assert notice.subject.startswith("[KHẨN] 1 cụm loa")
    answer(row.alert, world.devices[2])
    assert telling.due(later(62), FREE) == []
    row.refresh_from_db()
    assert row.state == Told.NEEDLESS


def test_the_words_say_what_where_and_what_to_do(world: District, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://nguon.example.vn"]
    row = waiting(world)
    notice = telling.words(row)
    assert notice is not None
    assert row.alert.text in notice.text
    for words in ("Thôn Quảng Vân: Cụm loa số 0, Cụm loa số 2", "Thôn Lộc Hạ: Cụm loa số 1", "08:00 23/11/2026"):
        assert words in notice.text
    assert f"https://nguon.example.vn/canh-bao/{row.alert.pk}" in notice.text
    assert len(notice.short) <= 320
    assert "\n" not in notice.short
    assert "Thôn Lộc Hạ (1) và Thôn Quảng Vân (2)" in notice.short


def test_a_hundred_places_fit_into_one_short_message(world: District) -> None:
    for number in range(100):
        warning.device(
            f"Cụm xa {number}", warning.place(f"Một cái tên thôn rất dài số {number}", "thôn", world.commune)
        )
    duty(world.commune, "Trực xã")
    alert = everywhere(world, headline="Tin lũ khẩn cấp trên sông Kôn " * 6)
    silence.look(later(60))
    notice = telling.words(Telling.objects.get(alert=alert))
    assert notice is not None
    assert len(notice.short) <= 400


def test_a_saying_is_looked_after_by_one_of_two_who_look_at_once(world: District) -> None:
    everywhere(world)
    saying = Saying.objects.get(whole=False)
    Saying.objects.filter(pk=saying.pk).update(looked_at=NOW)
    assert silence._look_after(saying, later(60)) == 0
