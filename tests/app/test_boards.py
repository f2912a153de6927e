"""One bulletin goes to loudspeakers and boards as one broadcast: two forms, one approval, answers of two kinds."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from nguon.api import queries as api
from nguon.api.errors import NotYours
from nguon.delivery import actions, outbox
from nguon.delivery import queries as delivery
from nguon.delivery.models import Broadcast, Delivery, DevicePlan, Form
from nguon.delivery.rules import Targets
from nguon.delivery.sender import Sender
from nguon.devices import channels
from nguon.devices.models import Device
from nguon.media import pictures
from nguon.media.models import File
from nguon.newsroom import queries as bulletins
from nguon.newsroom.models import Bulletin, Variant
from nguon.ports.channel import Publication
from nguon.programme import actions as programme
from nguon.programme import queries
from nguon.programme.compile import Memory, compile_plans
from nguon.programme.models import Policy
from nguon.wire import codec, messages, seal
from tests.app.desk import Desk, device, in_hours, make_desk
from tests.pictures import a_picture, encoded

pytestmark = [pytest.mark.django_db, pytest.mark.boards]


@pytest.fixture
def desk() -> Desk:
    desk = make_desk()
    device("Cụm Quảng Vân", desk.one, desk.now)
    device("Cụm Lộc Hạ", desk.two, desk.now)
    return desk


@pytest.fixture
def board(desk: Desk) -> Device:
    return a_board(desk)


def a_board(desk: Desk) -> Device:
    made = device("Bảng nhà văn hóa", desk.one, desk.now)
    made.channel = "board"
    made.save()
    return made


def placed(desk: Desk, bulletin: Bulletin, *places: UUID) -> Broadcast:
    return programme.place(
        bulletin=bulletin,
        targets=Targets(places=places or (desk.here.pk,)),
        start_at=None,
        expires_at=in_hours(desk, 4),
        actor=desk.editor,
        now=desk.now,
    )


def page_of(broadcast: Broadcast) -> File:
    return broadcast.forms.get(channel="board").file


def said(publications: tuple[Publication, ...]) -> list[messages.Play]:
    found = [codec.decode_down(one.payload) for one in publications]
    assert all(isinstance(one, messages.Play) for one in found)
    return [one for one in found if isinstance(one, messages.Play)]


def test_it_is_one_broadcast_with_a_form_for_each_channel(desk: Desk, board: Device) -> None:
    broadcast = placed(desk, desk.approved())
    order = delivery.outgoing(broadcast)
    heard, seen = order.on("speaker"), order.on("board")
    assert heard is not None
    assert seen is not None
    assert heard.broadcast == seen.broadcast
    assert (heard.mime, heard.sha256) == ("audio/mpeg", broadcast.file_id)
    assert seen.sha256 == page_of(broadcast).sha256 != heard.sha256
    assert seen.duration_ms >= 8_000
    assert order.on("email") is None
    plugs = channels.active()
    plays = [*said(plugs["speaker"].announce(heard, bytes)), *said(plugs["board"].announce(seen, bytes))]
    assert [(one.id, one.channel) for one in plays] == [(broadcast.pk.hex, "speaker"), (broadcast.pk.hex, "board")]


def test_both_kinds_get_a_delivery_and_each_its_own_file(desk: Desk, board: Device) -> None:
    broadcast = placed(desk, desk.approved())
    devices = set(Device.objects.all())
    assert set(outbox.addressed(broadcast, desk.now)) == {one.pk for one in devices}
    assert delivery.meant({broadcast.pk.hex}, desk.now.date())[broadcast.pk.hex] == {one.pk.hex for one in devices}
    cluster = Device.objects.exclude(pk=board.pk).get(place=desk.one)
    page, sound = page_of(broadcast).sha256, broadcast.file_id or ""
    assert api.content_for(board, page, desk.now).sha256 == page
    assert api.content_for(cluster, sound, desk.now).sha256 == sound
    for one, wrong in ((board, sound), (cluster, page)):
        with pytest.raises(NotYours):
            api.content_for(one, wrong, desk.now)


def test_what_is_shown_is_what_the_approver_saw(desk: Desk, board: Device) -> None:
    bulletin = desk.approved()
    shown = Variant.objects.get(version=bulletins.newest(bulletin), channel="board")
    assert shown.page is not None
    document = json.loads(open_of(shown.page))
    assert document["title"] == "Lịch cắt điện ngày 25/11"
    assert "Điện lực Tuy Phước" in " ".join(document["text"])
    assert page_of(placed(desk, bulletin)) == shown.page


def test_its_pictures_go_out_in_the_same_file_and_loudspeakers_get_none(desk: Desk, board: Device) -> None:
    upload = SimpleUploadedFile("anh.jpg", encoded(a_picture(1600, 1200)))
    picture = pictures.take_in(upload=upload, now=desk.now)
    bulletin = desk.written()
    desk.edit(bulletin, 1, pictures=((picture.file.sha256, "Sơ đồ đường vòng"),))
    broadcast = placed(desk, desk.approved(bulletin))
    (seen,) = json.loads(open_of(page_of(broadcast)))["pictures"]
    assert (seen["alt"], seen["mime"], seen["width"], seen["height"]) == ("Sơ đồ đường vòng", "image/webp", 1600, 1200)
    assert base64.b64decode(seen["data"]) == open_of(picture.file)
    assert broadcast.file is not None
    assert broadcast.file.mime == "audio/mpeg"


def open_of(page: File) -> bytes:
    with default_storage.open(page.path) as kept:
        data: bytes = kept.read()
    return data


def test_boards_alone_are_enough_of_a_target(desk: Desk) -> None:
    Device.objects.all().delete()
    board = a_board(desk)
    broadcast = placed(desk, desk.approved(), desk.one.pk)
    assert outbox.addressed(broadcast, desk.now) == [board.pk]


def test_the_sentence_counts_each_kind(desk: Desk, board: Device) -> None:
    bulletin = desk.approved()
    found = queries.preview(
        desk.editor,
        targets=Targets(places=(desk.here.pk,)),
        kinds=queries.kinds(bulletins.newest(bulletin)),
        start_at=None,
        expires_at=in_hours(desk, 1),
        now=desk.now,
    )
    assert found is not None
    assert "tới 2 cụm loa và 1 bảng tin ở xã Phước Thuận" in found.sentence


def test_a_stop_is_told_to_both_and_an_unanswered_order_again_in_its_own_form(desk: Desk, board: Device) -> None:
    broadcast = placed(desk, desk.approved())
    outbox.claim("w", desk.now)
    outbox.sent(broadcast, desk.now)
    again = outbox.repeats(desk.now + timedelta(seconds=11))
    assert {(pk, kind) for _, pk, kind in again} == {(one.pk, one.channel) for one in Device.objects.all()}
    actions.stop(broadcast=broadcast, actor=desk.editor, now=desk.now)
    order = delivery.outgoing(broadcast)
    bus = object()
    told = Sender(bus, "w")._on(order)  # type: ignore[arg-type]
    stops = [codec.decode_down(channel.silence(form, bytes)[0].payload) for channel, form in told]
    assert {one.channel for one in stops if isinstance(one, messages.Stop)} == {"speaker", "board"}


def test_without_the_line_in_the_settings_nothing_is_made_for_boards(desk: Desk, board: Device, settings: Any) -> None:
    settings.NGUON_CHANNELS = ["nguon.channels.speaker.Speaker"]
    channels.status.cache_clear()
    try:
        broadcast = placed(desk, desk.approved())
        assert not broadcast.forms.exists()
        assert board.pk not in outbox.addressed(broadcast, desk.now)
        compile_plans(desk.now, Memory())
        assert not DevicePlan.objects.filter(device=board).exists()
    finally:
        channels.status.cache_clear()


def test_a_board_has_a_plan_without_sirens_and_without_quiet_hours(desk: Desk, board: Device) -> None:
    Policy.objects.create(
        place=desk.here,
        basis="Quy chế 1",
        quiet=[["20:00", "06:00"]],
        created_by=desk.editor,
        created_at=desk.now,
        changed_at=desk.now,
    )
    compile_plans(desk.now, Memory())
    heard, seen = (plan_of(one) for one in (Device.objects.get(name="Cụm Quảng Vân"), board))
    assert heard.quiet
    assert not seen.quiet


def test_a_board_has_its_brightness_where_a_loudspeaker_has_its_volume(desk: Desk, board: Device) -> None:
    Policy.objects.create(
        place=desk.here,
        basis="Quy chế 2",
        volumes=[["05:00", "06:00", 60]],
        brightness=[["21:00", "05:00", 40]],
        created_by=desk.editor,
        created_at=desk.now,
        changed_at=desk.now,
    )
    compile_plans(desk.now, Memory())
    heard, seen = (plan_of(one) for one in (Device.objects.get(name="Cụm Quảng Vân"), board))
    assert {each.most for each in heard.limits} == {60}
    assert {(each.most, each.end - each.start) for each in seen.limits} == {(40, 8 * 3_600_000)}
    assert len(seen.limits) >= 7


def plan_of(one: Device) -> messages.Plan:
    body = bytes(DevicePlan.objects.get(device=one).document.body)
    return codec.decode_plan(seal.unwrap(body, codec.PLAN_LIMIT).payload)


def test_a_form_is_once(desk: Desk, board: Device) -> None:
    placed(desk, desk.approved())
    assert Form.objects.count() == 1
    assert Delivery.objects.count() == 0
