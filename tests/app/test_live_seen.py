"""While somebody speaks live, screens in the same places say so, and stop when they do."""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage

from nguon.channels.board import Board
from nguon.delivery import outbox
from nguon.delivery import queries as delivery
from nguon.delivery.sender import Sender
from nguon.devices.models import Device
from nguon.kit.clock import LOCAL
from nguon.live import actions, queries, rules
from nguon.live.models import LiveSession
from nguon.wire import codec, messages
from nguon.wire.ladder import Level
from tests.app import desk as desks
from tests.app.desk import Desk
from tests.app.test_boards import a_board
from tests.app.test_live import begun

pytestmark = [pytest.mark.django_db, pytest.mark.boards]


@pytest.fixture
def desk() -> Desk:
    desk = desks.make_desk()
    desks.device("Cụm đình làng", desk.one, desk.now)
    return desk


@pytest.fixture
def board(desk: Desk) -> Device:
    return a_board(desk)


def page_of(session: LiveSession) -> dict[str, Any]:
    assert session.broadcast is not None
    with default_storage.open(session.broadcast.forms.get(channel="board").file.path) as kept:
        found: dict[str, Any] = json.loads(kept.read())
    return found


def test_boards_say_who_speaks_about_what_and_since_when(desk: Desk, board: Device) -> None:
    desk.editor.title = "cán bộ văn hóa"
    desk.editor.save()
    made = page_of(begun(desk))
    assert (made["look"], made["title"]) == ("notice", "Đang phát trực tiếp trên loa")
    assert made["text"] == [
        "Họp thôn",
        "Người nói: Nguyễn Thị Hoa, cán bộ văn hóa.",
        f"Bắt đầu lúc {desk.now.astimezone(LOCAL):%H:%M}.",
    ]
    assert made["issuer"] == "Xã Phước Thuận"
    assert page_of(begun_elsewhere(desk))["text"][0].startswith("Người nói")


def begun_elsewhere(desk: Desk) -> LiveSession:
    """Without a name of its own."""
    for session in queries.on_air():
        actions.end(session=session, why=rules.SPEAKER, now=desk.now)
    return begun(desk, title=" ")


def test_they_get_an_order_on_the_same_rung_and_are_told_to_stop(desk: Desk, board: Device) -> None:
    session = begun(desk)
    assert session.broadcast is not None
    assert board.pk in set(outbox.addressed(session.broadcast, desk.now))
    shown = delivery.outgoing(session.broadcast).on("board")
    assert shown is not None
    (publication,) = Board().announce(shown, bytes)
    order = codec.decode_down(publication.payload)
    assert isinstance(order, messages.Play)
    assert (order.level, order.stream) == (Level.LIVE, None)
    assert order.content is not None
    assert order.content.duration == session.minutes * 60_000
    actions.end(session=session, why=rules.SPEAKER, now=desk.now)
    told = Sender(object(), "w")._on(delivery.outgoing(session.broadcast))  # type: ignore[arg-type]
    stops = [codec.decode_down(channel.silence(form, bytes)[0].payload) for channel, form in told]
    assert {one.channel for one in stops if isinstance(one, messages.Stop)} == {"speaker", "board"}


def test_only_what_is_heard_is_counted_as_listening(desk: Desk, board: Device) -> None:
    session = begun(desk)
    assert session.broadcast is not None
    for device in Device.objects.all():
        session.broadcast.deliveries.create(device=device, progress="started", changed_at=desk.now)
    assert queries.sounding(session) == (1, 1)
    assert queries.said_of(session, desk.editor) == "1 cụm loa ở xã Phước Thuận"


def test_a_board_that_cannot_be_made_keeps_nobody_from_speaking(
    desk: Desk, board: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Board, _wording: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Board, "page", broken)
    session = begun(desk)
    assert session.broadcast is not None
    assert not session.broadcast.forms.exists()
