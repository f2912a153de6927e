"""Devices that only show an alert: counted beside the clusters, previewed before it is signed, scored on their own."""

import unicodedata
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from nguon.alerts import actions, queries, scores, sheets, sounding
from nguon.channels.board import Board
from nguon.delivery.models import Delivery
from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.people.models import Person
from tests.app.alarms import sent
from tests.app.stage import NOW
from tests.app.test_alerts_mapped import AREA, put
from tests.app.test_newsroom_shown import PAGE, handed
from tests.app.warning import District, build
from tests.app.warning import device as a_device

pytestmark = [pytest.mark.django_db, pytest.mark.boards]


@pytest.fixture
def world() -> District:
    return build()


@pytest.fixture
def board(world: District) -> Device:
    made = a_device("Bảng nhà văn hóa", world.hamlets[0])
    made.channel = "board"
    made.save()
    return made


def page(person: Person, name: str, *args: object) -> str:
    client = Client()
    client.force_login(person)
    return unicodedata.normalize("NFC", client.get(reverse(name, args=args)).content.decode())


def test_they_are_counted_beside_the_clusters_and_ask_for_no_more_signers(world: District, board: Device) -> None:
    reach = queries.reach(Targets(places=(world.commune.pk,)), NOW.date())
    assert (reach.devices, reach.others) == (3, (("board", 1),))
    assert not reach.wide(most_devices=3)
    assert queries.reach(Targets(places=(world.other.pk,)), NOW.date()).others == ()


def test_the_choice_tells_them(world: District, board: Device) -> None:
    client = Client()
    client.force_login(world.editor)
    told = client.post(reverse("alerts:preview", args=["lu"]), {"place": [world.hamlets[0].pk], "hours": "6"})
    words = " ".join(told.content.decode().split())
    assert '<span class="stat-figure">1</span><span class="stat-label">bảng tin</span>' in words
    assert '<span class="stat-figure">2</span><span class="stat-label">cụm loa</span>' in words


def test_whoever_signs_sees_what_boards_will_show(world: District, board: Device) -> None:
    alert = actions.create(draft=world.draft(), place_id=world.commune.pk, actor=world.editor, now=NOW)
    first = page(world.editor, "alerts:detail", alert.pk)
    actions.submit(alert=alert, actor=world.editor, now=NOW)
    second = page(world.leader, "alerts:detail", alert.pk)
    for seen in (first, second):
        made, _duration = handed(seen)
        assert (made["look"], made["title"]) == ("alert", alert.headline)
        assert "Trên bảng tin" in seen
        assert "Cùng lúc hiện trên 1 bảng tin" in seen
        assert "cho tới khi có tin khác thay hoặc hết hiệu lực" in seen
        assert "data-drill" not in seen
    assert "3 cụm loa, 1 bảng tin" not in second
    assert "2 cụm loa, 1 bảng tin" in second


def test_a_drill_is_seen_as_one(world: District, board: Device) -> None:
    alert = actions.create(draft=world.draft(drill=True), place_id=world.commune.pk, actor=world.editor, now=NOW)
    assert "data-drill" in page(world.editor, "alerts:detail", alert.pk)


def test_what_a_board_cannot_make_keeps_nobody_from_signing(
    world: District, board: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Board, _wording: Any) -> None:
        raise RuntimeError("broken")

    alert = actions.create(draft=world.draft(), place_id=world.commune.pk, actor=world.editor, now=NOW)
    monkeypatch.setattr(Board, "page", broken)
    assert sounding.previews(alert, NOW) == []
    seen = page(world.editor, "alerts:detail", alert.pk)
    assert not PAGE.search(seen)
    assert "Ký và gửi người ký tiếp" in seen


def test_the_scorecard_counts_each_kind_on_its_own(world: District, board: Device) -> None:
    alert = world.live()
    siren = sent(alert)[0]
    for one, started in ((world.devices[0], NOW), (world.devices[2], None), (board, NOW)):
        Delivery.objects.create(
            broadcast=siren, device=one, received_at=NOW, started_at=started, progress="received", changed_at=NOW
        )
    found = scores.score(alert, world.editor)
    assert found is not None
    assert (found.whole.devices, found.whole.sounded) == (2, 1)
    assert [(kind, tally.devices, tally.sounded) for kind, tally in found.others] == [("board", 1, 1)]
    assert [row.name for _where, rows in found.missing for row in rows] == [world.devices[2].name]
    assert scores.past(alert, world.editor)[0].tally.devices == 2
    seen = page(world.editor, "alerts:detail", alert.pk)
    assert "trên 2 cụm loa đã lên tiếng" in seen
    assert "trên 1 bảng tin đã hiện" in seen
    with sheets.workbook(alert, world.editor) as source:
        cells = list(openpyxl.load_workbook(BytesIO(source.read())).worksheets[0].values)
    assert [row[:4] for row in cells[-2:]] == [("Tất cả", 2, 2, 1), ("Bảng tin", 1, 1, 1)]


def test_an_area_that_is_drawn_reaches_boards_in_it(world: District, board: Device) -> None:
    put(board, 13.84, 109.16)
    put(world.devices[0], 13.845, 109.17)
    put(world.devices[1], 13.9, 109.1)
    found = queries.with_area(world.editor, Targets(), AREA, NOW.date())
    assert set(found.devices) == {board.pk, world.devices[0].pk}
    assert queries.spoken(found, NOW.date(), drawn=True) == "vùng đã vẽ (1 cụm loa, 1 bảng tin)"
    board.channel = "xyz"
    board.save()
    assert set(queries.with_area(world.editor, Targets(), AREA, NOW.date()).devices) == {world.devices[0].pk}
