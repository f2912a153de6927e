"""Proof of play: what is counted is what was answered; the page and the workbook say the same."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from nguon.delivery import recorder
from nguon.delivery.models import Broadcast, Delivery, Receipt
from nguon.delivery.rules import Answer
from nguon.kit import clock
from nguon.monitor import proof
from nguon.monitor.proof import By, Outcome, Wish
from nguon.people.models import Person
from tests.app.desk import Desk, device, make_desk
from tests.app.test_plans import compiled, hour, slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def wish(desk: Desk, **changes: Any) -> Wish:
    today = clock.local_day(desk.now)
    return Wish(**{"first": today, "last": today + timedelta(days=8)} | changes)


def signed(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


@pytest.fixture
def told(desk: Desk) -> Desk:
    """Four clusters, one broadcast of a session: played, in part, missed, not heard of; and one elsewhere."""
    names = ("Quảng Vân 1", "Quảng Vân 2", "Lộc Hạ 1", "Lộc Hạ 2")
    made = [device(name, desk.one if at < 2 else desk.two, desk.now) for at, name in enumerate(names)]
    desk.approved()
    slot(desk)
    compiled(hour(desk, 9))
    cast = Broadcast.objects.filter(session__isnull=False).earliest("start_at")
    at = clock.ms(hour(desk, 17))
    answers = [
        Answer(cast.pk.hex, made[0].pk.hex, 1, "started", at),
        Answer(cast.pk.hex, made[0].pk.hex, 2, "finished", at + 10_000),
        Answer(cast.pk.hex, made[1].pk.hex, 1, "started", at),
        Answer(cast.pk.hex, made[1].pk.hex, 2, "failed", at + 4_000, "player", "", 4_000),
        Answer(cast.pk.hex, made[2].pk.hex, 1, "expired", at + 4_000, "quiet"),
    ]
    recorder.record_receipts(answers, desk.now)
    recorder.record_courses(answers, hour(desk, 18))
    Delivery.objects.create(broadcast=cast, device=made[3], progress="expired", reason="unheard", changed_at=desk.now)
    return desk


def test_each_line_has_the_outcome_of_its_receipts(told: Desk) -> None:
    found = proof.deliveries(told.watcher, wish(told), told.now)
    (line,) = proof.table(found, By.SLOT)
    assert line.counts == {
        Outcome.PLAYED: 1,
        Outcome.PARTIAL: 1,
        Outcome.MISSED: 1,
        Outcome.UNHEARD: 1,
        Outcome.OPEN: 0,
    }
    assert (line.label, line.total, line.share) == ("Bản tin chiều", 4, 25.0)
    assert dict(line.worst) == {"player": 1, "quiet": 1}
    finished = Receipt.objects.filter(stage="finished").values("broadcast", "device").distinct().count()
    assert line.counts[Outcome.PLAYED] == finished


@pytest.mark.parametrize(("by", "lines"), [(By.SLOT, 1), (By.DEVICE, 4), (By.BULLETIN, 1), (By.DAY, 1)])
def test_every_way_to_count_counts_the_same(told: Desk, by: By, lines: int) -> None:
    found = proof.table(proof.deliveries(told.watcher, wish(told), told.now), by)
    assert len(found) == lines
    assert proof.whole(found).total == 4
    assert [line.share for line in found] == sorted(line.share for line in found)


def test_days_places_and_kinds_are_kept_apart(told: Desk) -> None:
    by_hand = sounding_cast(told)
    both = proof.deliveries(told.watcher, wish(told), told.now)
    assert both.count() == 5
    assert proof.deliveries(told.watcher, wish(told, planned=True), told.now).count() == 4
    assert proof.deliveries(told.watcher, wish(told, place=told.one.pk), told.now).count() == 3
    past = told.now.date() - timedelta(days=30)
    assert proof.deliveries(told.watcher, wish(told, first=past, last=past), told.now).count() == 0
    lines = proof.table(both, By.SLOT)
    assert {line.label for line in lines} == {"", "Bản tin chiều"}
    assert by_hand.session is None


def sounding_cast(desk: Desk) -> Broadcast:
    """One that was sent by hand, still on its way."""
    old = Broadcast.objects.exclude(session=None).earliest("start_at")
    cast = Broadcast.objects.create(
        subject=old.subject,
        title="Phát tay",
        place=desk.here,
        channel="speaker",
        level=40,
        file=old.file,
        issued_at=desk.now,
        expires_at=desk.now + timedelta(hours=1),
        created_by=desk.both,
    )
    first = Delivery.objects.filter(device__place=desk.one).earliest("pk").device
    Delivery.objects.create(broadcast=cast, device=first, progress="waiting", changed_at=desk.now)
    return cast


def test_a_neighbour_and_a_stranger_see_nothing(told: Desk) -> None:
    for person in (told.neighbour, told.stranger):
        assert proof.deliveries(person, wish(told), told.now).count() == 0
        page = signed(person).get(reverse("monitor:proof"))
        assert "Quảng Vân 1" not in page.content.decode()


def test_the_page_and_the_workbook_say_the_same(told: Desk) -> None:
    client = signed(told.watcher)
    asked = {"tu": clock.local_day(told.now).isoformat(), "den": clock.local_day(hour(told, 0, 8)).isoformat()}
    page = client.get(reverse("monitor:proof"), asked | {"theo": "device"}).content.decode()
    assert "Quảng Vân 1" in page
    assert "Trúng giờ nghỉ nên thiết bị không phát." in page
    answer = client.get(reverse("monitor:proof-sheet"), asked)
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Theo khung giờ", "Theo cụm loa", "Theo bản tin", "Theo ngày", "Từng lượt"]
    whole = list(book["Theo cụm loa"].values)[-1]
    assert whole[:8] == ("Tất cả", "", 4, 1, 1, 1, 1, 0)
    rows = list(book["Từng lượt"].values)[1:]
    assert sorted(str(row[5]) for row in rows) == ["Chưa báo về", "Không phát", "Phát một phần", "Đã phát trọn"]
    assert all(row[1] == "Lịch cắt điện ngày 25/11" for row in rows)


@pytest.mark.parametrize("asked", ["tu=x&den=y", "tu=2026-99-99", "tu=2026-02-01&den=2020-01-01", "place=zz", "theo=q"])
def test_what_is_not_understood_is_as_if_not_asked(told: Desk, asked: str) -> None:
    assert signed(told.watcher).get(f"{reverse('monitor:proof')}?{asked}").status_code == 200
    assert signed(told.watcher).get(f"{reverse('monitor:proof-sheet')}?{asked}").status_code == 200


def test_a_formula_in_a_title_stays_words(told: Desk) -> None:
    Broadcast.objects.update(title="=1+1")
    answer = signed(told.watcher).get(
        reverse("monitor:proof-sheet"), {"den": clock.local_day(hour(told, 0)).isoformat()}
    )
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cell = book["Từng lượt"]["B2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")
