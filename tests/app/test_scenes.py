"""Layouts of boards: made, refused, filled, told to the boards concerned, and taken back when a bulletin is."""

from datetime import timedelta
from typing import Any

import pytest

from nguon.api.errors import NotYours
from nguon.api.queries import content_for
from nguon.channels.board import actions, hanging, picture, queries, scene
from nguon.channels.board.actions import Playing, Refused, Wanted
from nguon.channels.board.layouts import Box
from nguon.channels.board.models import Glass, Item, Layout, Region
from nguon.channels.board.scene import Kind
from nguon.devices import channels
from nguon.devices.models import Device, Status
from nguon.devices.queries import wire_settings
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.media.models import File
from nguon.newsroom import actions as newsroom
from nguon.newsroom.models import Bulletin
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from tests.app.desk import Desk, device, in_hours, make_desk, person, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def technician(desk: Desk) -> Person:
    return person("kt", "Ngô Kỹ Thuật", desk.here, "technician")


@pytest.fixture
def board(desk: Desk) -> Device:
    return a_board(desk, "Ti vi nhà văn hóa", desk.one)


def a_board(desk: Desk, name: str, where: Any, **fields: Any) -> Device:
    made = device(name, where, desk.now, **fields)
    made.channel = "board"
    made.save()
    return made


def a_layout(desk: Desk, technician: Person, template: str = "day-du", where: Any = None) -> Layout:
    return actions.create(
        name="Ti vi thôn", place=where or desk.here, template=template, actor=technician, now=desk.now
    )


def region(layout: Layout, kind: str) -> Region:
    return layout.regions.select_related("layout").get(kind=kind)


def playing(bulletin: Bulletin, **more: Any) -> Playing:
    return Playing(source="bulletin", subject=bulletin.pk, **more)


def put(desk: Desk, layout: Layout, kind: str, bulletin: Bulletin, **more: Any) -> Item:
    return actions.add(region=region(layout, kind), playing=playing(bulletin, **more), actor=desk.both, now=desk.now)


def hung(desk: Desk, board: Device, layout: Layout | None, technician: Person, shape: str = "wide") -> None:
    actions.hang(device=board, shape=shape, layout=layout, actor=technician, now=desk.now)


def told(board: Device) -> scene.Scene | None:
    """The scene the board is told in its settings."""
    board.refresh_from_db()
    named = wire_settings(board, clock.today()).scene
    if named is None:
        return None
    file = File.objects.get(pk=named.sha256)
    assert (file.size, named.url) == (named.size, f"/api/1/content/{named.sha256}")
    from django.core.files.storage import default_storage

    with default_storage.open(file.path) as source:
        return scene.read(source.read())


def items_of(found: scene.Scene | None, kind: Kind) -> tuple[scene.Item, ...]:
    assert found is not None
    return next((one.items for one in found.regions if one.kind is kind), ())


def version(board: Device) -> int:
    board.refresh_from_db()
    return board.settings_version


def test_a_board_without_a_layout_is_told_of_none(desk: Desk, board: Device) -> None:
    assert told(board) is None
    assert channels.scene("speaker", board.pk) is None


def test_what_is_given_to_a_board_is_in_its_settings_and_it_may_fetch_it(
    desk: Desk, board: Device, technician: Person
) -> None:
    other = a_board(desk, "Ti vi thôn bên", desk.two)
    layout, bulletin = a_layout(desk, technician), desk.approved()
    put(desk, layout, "list", bulletin, priority=3)
    before, beside = version(board), version(other)
    hung(desk, board, layout, technician)
    assert (version(board), version(other)) == (before + 1, beside)
    found = told(board)
    (item,) = items_of(found, Kind.LIST)
    assert (item.priority, item.length) == (3, File.objects.get(pk=item.page.sha256).duration_ms)
    assert found is not None
    assert [one.kind for one in found.regions] == [Kind.MAIN, Kind.CLOCK, Kind.LIST]  # nothing runs yet
    named = wire_settings(board, clock.today()).scene
    assert named is not None
    for sha256 in (named.sha256, item.page.sha256):
        assert content_for(board, sha256, desk.now).sha256 == sha256
        with pytest.raises(NotYours):
            content_for(other, sha256, desk.now)
    assert told(other) is None


def test_the_usual_one_of_the_nearest_place_for_its_shape_is_had_without_asking(
    desk: Desk, board: Device, technician: Person
) -> None:
    above, near = a_layout(desk, technician), a_layout(desk, technician, "dong-ho", desk.one)
    tall = a_board(desk, "Màn dọc", desk.one)
    hung(desk, tall, None, technician, shape="tall")
    for layout in (above, near):
        usual(desk, layout, technician)
    assert queries.layout_of(board, desk.now) == near
    assert told(tall) is None
    hung(desk, board, above, technician)
    assert queries.layout_of(board, desk.now) == above
    usual(desk, above, technician, shape="tall")
    assert queries.layout_of(tall, desk.now) == above
    assert told(tall) is not None


def usual(desk: Desk, layout: Layout, technician: Person, shape: str = "wide") -> None:
    reshaped(desk, layout, technician, [wanted(one) for one in layout.regions.all()], usual=True, shape=shape)


def wanted(row: Region, **more: Any) -> Wanted:
    sizes = {name: getattr(row, name) for name in ("left", "top", "width", "height")} | more
    return Wanted(row.pk, Box(Kind(row.kind), **sizes), row.lines)


def reshaped(desk: Desk, layout: Layout, technician: Person, rows: list[Wanted], **more: Any) -> None:
    known: dict[str, Any] = {"name": layout.name, "shape": layout.shape, "usual": layout.usual} | more
    actions.reshape(layout=layout, wanted=rows, actor=technician, now=desk.now, **known)


def test_a_withdrawn_bulletin_goes_from_the_screen(desk: Desk, board: Device, technician: Person) -> None:
    layout, bulletin = a_layout(desk, technician), desk.approved()
    put(desk, layout, "main", bulletin)
    hung(desk, board, layout, technician)
    assert len(items_of(told(board), Kind.MAIN)) == 1
    before = version(board)
    newsroom.withdraw(bulletin=bulletin, reason="Đăng nhầm ngày.", actor=desk.both, now=desk.now)
    channels.tend(desk.now)
    assert version(board) == before + 1
    assert items_of(told(board), Kind.MAIN) == ()
    channels.tend(desk.now)
    assert version(board) == before + 1  # the same is not told twice


def test_an_edited_bulletin_waits_for_its_approval(desk: Desk, board: Device, technician: Person) -> None:
    layout, bulletin = a_layout(desk, technician), desk.approved()
    put(desk, layout, "main", bulletin)
    hung(desk, board, layout, technician)
    desk.edit(bulletin, 1, title="Lịch cắt điện đã đổi")
    hanging.refresh(desk.now)
    assert items_of(told(board), Kind.MAIN) == ()


def test_a_bulletin_that_is_over_and_one_with_dates(desk: Desk, board: Device, technician: Person) -> None:
    layout = a_layout(desk, technician)
    bulletin = desk.approved(valid_to=in_hours(desk, 5))
    today = clock.local_day(desk.now)
    put(desk, layout, "main", bulletin, first_day=today, last_day=today + timedelta(days=9))
    hung(desk, board, layout, technician)
    (item,) = items_of(told(board), Kind.MAIN)
    assert item.until == clock.ms(in_hours(desk, 5))  # the nearer of the two
    assert clock.from_ms(item.since).astimezone(clock.LOCAL).date() == today
    hanging.refresh(in_hours(desk, 6))
    assert items_of(told(board), Kind.MAIN) == ()


def test_only_what_is_approved_and_may_be_put_on_the_air_goes_in(desk: Desk, technician: Person) -> None:
    layout = a_layout(desk, technician)
    with pytest.raises(Refused, match="chưa được duyệt"):
        put(desk, layout, "main", desk.waiting())
    bulletin = desk.approved()
    for actor in (desk.neighbour, desk.watcher, technician):
        with pytest.raises(Forbidden):
            actions.add(region=region(layout, "main"), playing=playing(bulletin), actor=actor, now=desk.now)
    with pytest.raises(Refused, match="danh sách"):
        put(desk, layout, "clock", bulletin)
    with pytest.raises(Refused, match="cả giờ bắt đầu"):
        put(desk, layout, "main", bulletin, begins=clock.now().time())
    assert Item.objects.count() == 0


def test_a_layout_that_cannot_be_is_refused_with_its_regions_and_nothing_changes(
    desk: Desk, technician: Person
) -> None:
    layout = a_layout(desk, technician)
    before = [wanted(one) for one in layout.regions.all()]
    main, clock_region, listed, crawl = layout.regions.all()
    overlapping = [wanted(main), wanted(clock_region), wanted(listed, left=60), wanted(crawl)]
    with pytest.raises(Refused) as caught:
        reshaped(desk, layout, technician, overlapping)
    assert caught.value.said == ("Vùng “Tin chính” đè lên vùng “Danh sách tin”. Hãy dời hoặc thu nhỏ một trong hai.",)
    for rows, words in (
        ([wanted(clock_region)], "Chưa có vùng “Tin chính”"),
        ([wanted(main, left=40)], "Vùng “Tin chính” ra ngoài màn hình"),
        ([wanted(main), wanted(clock_region, width=5)], "Vùng “Đồng hồ” nhỏ quá"),
    ):
        with pytest.raises(Refused, match=words):
            reshaped(desk, layout, technician, rows)
    assert [wanted(one) for one in layout.regions.all()] == before


def test_a_region_with_a_playlist_is_not_thrown_away(desk: Desk, technician: Person) -> None:
    layout = a_layout(desk, technician)
    item = put(desk, layout, "list", desk.approved())
    main = wanted(region(layout, "main"))
    with pytest.raises(Refused, match="còn tin trong danh sách"):
        reshaped(desk, layout, technician, [main])
    actions.remove(item=item, actor=desk.both, now=desk.now)
    reshaped(desk, layout, technician, [main])
    assert layout.regions.count() == 1


def test_an_empty_region_is_told_and_left_out(desk: Desk, board: Device, technician: Person) -> None:
    layout = a_layout(desk, technician)
    hung(desk, board, layout, technician)
    assert list(picture.of(queries.explained(layout, desk.now), layout.shape).faults) == [
        (f"Vùng “{name}” chưa có gì để hiện nên sẽ để trống. Hãy thêm tin hoặc bỏ vùng này.", False)
        for name in ("Danh sách tin", "Dòng chạy")
    ]
    found = told(board)
    assert found is not None
    assert [one.kind for one in found.regions] == [Kind.MAIN, Kind.CLOCK]


def test_a_board_out_of_use_or_moved_away_loses_it(desk: Desk, board: Device, technician: Person) -> None:
    layout = a_layout(desk, technician)
    hung(desk, board, layout, technician)
    board.place = desk.far
    board.save()
    hanging.refresh(desk.now)
    assert told(board) is None
    board.place, board.status = desk.one, Status.ACTIVE
    board.save()
    hanging.refresh(desk.now)
    assert told(board) is not None
    board.status = Status.REPAIR
    board.save()
    hanging.refresh(desk.now)
    assert told(board) is None


def test_a_layout_of_another_place_is_not_given(desk: Desk, board: Device, technician: Person) -> None:
    beside = a_layout(desk, technician, where=desk.two)
    with pytest.raises(Refused, match="không phải của địa bàn"):
        hung(desk, board, beside, technician)
    for actor in (desk.editor, desk.neighbour, person("kt2", "Kỹ Thuật Khác", desk.there, "technician")):
        with pytest.raises(Forbidden):
            hung(desk, board, None, actor)
        with pytest.raises(Forbidden):
            a_layout(desk, actor)
        with pytest.raises(Forbidden):
            actions.delete(layout=beside, actor=actor, now=desk.now)
    assert not Glass.objects.exists()


def test_a_deleted_layout_leaves_the_boards_with_the_hour(desk: Desk, board: Device, technician: Person) -> None:
    layout = a_layout(desk, technician)
    put(desk, layout, "list", desk.approved())
    hung(desk, board, layout, technician)
    before = version(board)
    actions.delete(layout=layout, actor=technician, now=desk.now)
    assert (told(board), version(board)) == (None, before + 1)


def test_the_order_of_a_playlist(desk: Desk, technician: Person) -> None:
    layout, bulletin = a_layout(desk, technician), desk.approved()
    one, two, three = (put(desk, layout, "list", bulletin, seconds=number) for number in (5, 6, 7))
    actions.move(item=three, up=True, actor=desk.both, now=desk.now)
    actions.move(item=one, up=True, actor=desk.both, now=desk.now)  # it is the first
    assert list(region(layout, "list").items.values_list("pk", flat=True)) == [one.pk, three.pk, two.pk]


def test_all_of_it_is_in_the_journal(desk: Desk, board: Device, technician: Person) -> None:
    layout = a_layout(desk, technician)
    item = put(desk, layout, "list", desk.approved())
    actions.change(item=item, playing=playing(Bulletin.objects.get(), priority=6), actor=desk.both, now=desk.now)
    hung(desk, board, layout, technician)
    main, watch, listed, _crawl = layout.regions.all()
    reshaped(desk, layout, technician, [wanted(main), wanted(watch), wanted(listed)])
    actions.remove(item=item, actor=desk.both, now=desk.now)
    actions.delete(layout=layout, actor=technician, now=desk.now)
    verbs = [
        entry.verb.removeprefix("scenes.") for entry in Entry.objects.filter(verb__startswith="scenes.").order_by("pk")
    ]
    assert verbs == ["create", "item-add", "item-change", "hang", "change", "item-remove", "delete"]
    changed = Entry.objects.get(verb="scenes.item-change")
    assert (changed.before["rank"], changed.after["rank"], changed.after["title"]) == (0, 6, "Lịch cắt điện ngày 25/11")


def test_one_channel_that_fails_keeps_nobody_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    class Broken:
        def tend(self, now: Any) -> None:
            raise RuntimeError("hỏng")

    class Whole:
        def tend(self, now: Any) -> None:
            called.append(now)

    monkeypatch.setattr(channels, "active", lambda: {"a": Broken(), "b": Whole()})
    channels.tend(desk.now)
    assert called == [desk.now]


def test_places_without_boards_cost_nothing(desk: Desk, technician: Person) -> None:
    a_layout(desk, technician, where=place("Thôn mới", "thôn", desk.here))
    assert hanging.refresh(desk.now) == 0
