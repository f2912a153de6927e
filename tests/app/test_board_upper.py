"""What is asked between two systems about boards, and the pages of officers on both sides."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from nguon import vault
from nguon.channels.board.upper import concerns, given, giving, interface, public_views, sources, taking, told
from nguon.channels.board.upper.errors import Changed, Ended, NotApproved, Refused, UpperError
from nguon.channels.board.upper.interface import BoardState, Report, Shown
from nguon.channels.board.upper.models import FarBoard, FarShown, Grant, Heard, UpperSource
from nguon.channels.board.upper.taking import Look
from nguon.devices.models import Device
from nguon.journal.models import Entry as Line
from nguon.keys.models import AuthorityKey
from nguon.kit import clock, ids
from nguon.people.scope import Forbidden
from nguon.wire.seal import SigningKey
from tests.app import desk as desks
from tests.app import upper
from tests.app.upper import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    cache.clear()
    made = upper.make()
    made.address = "https://tren.example"
    return made


def ask(token: str, name: str, *args: Any, **headers: str) -> Any:
    return Client(headers={"Authorization": f"Bearer {token}", **headers}).get(reverse(name, args=args))


def playlist(world: World, token: str, **headers: str) -> Any:
    return ask(token, "board:upper-playlist", world.board_class.pk, **headers)


def read(world: World, token: str) -> interface.Playlist:
    data = playlist(world, token).content  # which makes the key, if it is the first
    key = AuthorityKey.objects.get(place=world.desk.here, spare=False)
    return interface.opened(data, (key.public,))


# given


def test_a_playlist_is_signed_by_the_place_that_gives(world: World) -> None:
    entry = world.add(world.bulletin(), minutes=((360, 480),), weekdays=(1, 2), first_day=world.desk.now.date())
    found = read(world, world.grant()[1])
    (item,) = found.items
    assert (found.name, found.issuer, found.version) == ("Màn LED trung tâm huyện", "Xã Phước Thuận", 1)
    assert (item.id, item.title, item.days, item.minutes) == (
        entry.pk.hex,
        "Lịch cắt điện ngày 25/11",
        (1, 2),
        ((360, 480),),
    )
    assert found.until - found.made == 3 * 86_400_000


def test_the_same_is_answered_by_304_and_a_change_is_not(world: World) -> None:
    _grant, token = world.grant()
    tag = playlist(world, token).headers["ETag"]
    assert playlist(world, token, **{"If-None-Match": tag}).status_code == 304
    world.add(world.bulletin())
    assert playlist(world, token, **{"If-None-Match": tag}).status_code == 200


def test_the_version_rises_when_items_change_and_then_only(world: World, time_machine: Any) -> None:
    _grant, token = world.grant()
    entry = world.add(world.bulletin())
    first = read(world, token)
    time_machine.move_to(clock.now() + timedelta(hours=2), tick=False)
    later = read(world, token)
    assert (later.version, later.made > first.made, later.until > first.until) == (first.version, True, True)
    giving.remove(entry=entry, actor=world.desk.both, now=clock.now())
    assert read(world, token).version == first.version + 1


@pytest.mark.parametrize("token", ["", "x", "Bearer", "ấ"])
def test_a_wrong_token_opens_nothing(world: World, token: str) -> None:
    client = Client()
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    answer = client.get(reverse("board:upper-playlist", args=[world.board_class.pk]), headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("Mã liên kết không đúng")


def test_a_token_opens_its_own_classes_and_their_pages_only(world: World) -> None:
    entry = world.add(world.bulletin())
    _grant, token = world.grant()
    other = giving.create_class(
        place=world.desk.here.pk, name="Bảng ngã ba", days=3, actor=world.desk.both, now=clock.now()
    )
    (one,) = given.given(world.board_class, clock.now())
    assert one.page is not None
    answer = ask(token, "board:upper-page", one.page.sha256)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b'{"v":1')
    assert ask(token, "board:upper-playlist", other.pk).status_code == 404
    elsewhere = world.bulletin("Tin khác")
    assert elsewhere.current is not None
    page = elsewhere.current.variants.get(channel="board").page
    assert page is not None
    assert ask(token, "board:upper-page", page.sha256).status_code == 404
    giving.remove(entry=entry, actor=world.desk.both, now=clock.now())
    assert ask(token, "board:upper-page", one.page.sha256).status_code == 404


def test_a_token_is_kept_as_a_digest_and_opens_nothing_once_taken_back(world: World) -> None:
    grant, token = world.grant()
    assert token not in str(list(Grant.objects.values()))
    assert playlist(world, token).status_code == 200
    giving.revoke(grant=grant, actor=world.keeper, now=clock.now())
    assert playlist(world, token).status_code == 401
    assert ask(token, "board:upper-page", "a" * 64).status_code == 401
    assert send(token, report(world)).status_code == 401
    with pytest.raises(Ended):
        giving.revoke(grant=grant, actor=world.keeper, now=clock.now())


def test_a_flood_of_one_token_holds_up_no_other(world: World) -> None:
    (_one, flooding), (_two, quiet) = world.grant(), world.grant()
    answers = [playlist(world, flooding).status_code for _ in range(public_views.ASKS + 1)]
    assert answers[-2:] == [200, 429]
    assert playlist(world, quiet).status_code == 200
    wrong = [playlist(world, "x").status_code for _ in range(public_views.WRONG + 1)]
    assert wrong[-2:] == [401, 429]
    assert playlist(world, quiet).status_code == 200  # from the same address


# reports


def report(world: World, **changes: Any) -> Report:
    board = BoardState("1" * 32, "Màn LED ngã tư", True, clock.ms(clock.now()))
    told_: dict[str, Any] = {"v": 1, "id": ids.short(ids.new()), "playlist": world.board_class.pk.hex}
    told_ |= {"made": clock.ms(clock.now()), "version": 1, "boards": (board,)}
    return Report(**(told_ | changes))


def shown(entry: Any, times: int, day: str = "") -> Shown:
    now = clock.now()
    return Shown("1" * 32, entry.pk.hex, day or clock.local_day(now).isoformat(), times, clock.ms(now))


def send(token: str, said: Report | bytes) -> Any:
    body = said if isinstance(said, bytes) else interface.encode(said)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    return client.post(reverse("board:upper-report"), body, content_type="application/json")


def test_a_report_counts_once_and_days_are_told_whole(world: World) -> None:
    entry = world.add(world.bulletin())
    grant, token = world.grant()
    first = report(world, shown=(shown(entry, 5),))
    assert send(token, first).json() == {"new": True}
    assert send(token, first).json() == {"new": False}
    assert send(token, report(world, shown=(shown(entry, 8),))).json() == {"new": True}
    (found,) = told.shown_of(grant, world.board_class, clock.now())
    assert (found.times, Heard.objects.count()) == (8, 2)


def test_a_report_that_comes_late_changes_nothing(world: World) -> None:
    entry = world.add(world.bulletin())
    grant, token = world.grant()
    send(token, report(world, shown=(shown(entry, 8),)))
    late = report(world, made=clock.ms(clock.now()) - 60_000, boards=(), shown=(shown(entry, 5),))
    assert send(token, late).json() == {"new": True}
    assert told.shown_of(grant, world.board_class, clock.now())[0].times == 8
    assert FarBoard.objects.count() == 1


def test_a_clock_of_the_future_does_not_silence_later_reports(world: World) -> None:
    _grant, token = world.grant()
    send(token, report(world, made=clock.ms(clock.now()) + 10**12))
    send(token, report(world, boards=()))
    assert FarBoard.objects.count() == 0


def test_only_entries_of_the_class_and_days_near_are_kept(world: World) -> None:
    entry = world.add(world.bulletin())
    _grant, token = world.grant()
    strange = Shown("1" * 32, "f" * 32, clock.today().isoformat(), 3, clock.ms(clock.now()))
    rows = (shown(entry, 1, "2020-01-01"), shown(entry, 1, "2026-13-99"), strange)
    assert send(token, report(world, shown=rows)).json() == {"new": True}
    assert FarShown.objects.count() == 0


def test_what_is_no_report_is_refused_in_words(world: World) -> None:
    _grant, token = world.grant()
    assert send(token, b"{}").status_code == 400
    assert send(token, b"[" * 10_000).status_code == 400
    assert send(token, b"x" * (interface.REPORT_LIMIT + 1)).status_code == 413
    assert send(token, report(world, playlist="9" * 32)).status_code == 404
    many = tuple(BoardState(f"{number:032x}", "Bảng", True) for number in range(interface.MOST_BOARDS + 1))
    assert send(token, report(world, boards=many)).status_code == 400
    assert "error" in msgspec.json.decode(send(token, b"{}").content)
    assert (Heard.objects.count(), FarBoard.objects.count()) == (0, 0)


# verbs and rights


def test_only_approved_bulletins_of_the_place_are_given(world: World) -> None:
    with pytest.raises(NotApproved):
        world.add(world.desk.waiting())
    bulletin = world.bulletin()
    world.add(bulletin)
    with pytest.raises(Refused):
        world.add(bulletin)
    edited = world.desk.edit(bulletin, 1, title="Đã sửa, chưa duyệt")
    assert edited.title
    assert given.items(world.board_class, clock.now()) == ()


def test_entries_are_put_in_order(world: World) -> None:
    one, two, three = (world.add(world.bulletin(f"Tin {number}")) for number in range(3))
    giving.move(entry=three, up=True, actor=world.desk.both, now=clock.now())
    giving.move(entry=one, up=True, actor=world.desk.both, now=clock.now())
    titles = [item.id for item in given.items(world.board_class, clock.now())]
    assert titles == [one.pk.hex, three.pk.hex, two.pk.hex]


def test_who_may_not_does_nothing(world: World) -> None:
    now, desk = clock.now(), world.desk
    bulletin = world.bulletin()
    with pytest.raises(Forbidden):
        giving.create_class(place=desk.here.pk, name="x", days=3, actor=desk.neighbour, now=now)
    with pytest.raises(Forbidden):
        giving.add(
            board_class=world.board_class, bulletin=bulletin, terms=giving.Terms(), actor=desk.neighbour, now=now
        )
    with pytest.raises(Forbidden):
        giving.grant(place=desk.here.pk, name="x", classes=[world.board_class], actor=desk.editor, now=now)
    with pytest.raises(Forbidden):
        taking.create(terms=taking.Terms(desk.there.pk, "x", "https://x.vn/", "t"), actor=world.keeper, now=now)
    source = world.source("bi-mat")
    for act in (taking.end, taking.look_now):
        with pytest.raises(Forbidden):
            act(source=source, actor=world.keeper, now=now)


def test_a_token_is_sealed_and_not_carried_to_another_server(world: World) -> None:
    source = world.source("bi-mat")
    assert b"bi-mat" not in bytes(source.secrets)
    assert taking.token_of(source) == "bi-mat"
    terms = taking.Terms(world.desk.there.pk, "x", "https://khac.example/bang/tren/x.json")
    with pytest.raises(Refused):
        taking.change(source=source, terms=terms, actor=world.lower, now=clock.now())
    assert "bi-mat" not in str(list(Line.objects.values("before", "after")))


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "ftp://x"},
        {"address": "https://u:p@x.vn/"},
        {"address": "http://x.vn/"},
        {"token": ""},
        {"token": "hai dòng"},
        {"name": " "},
        {"every": 0},
    ],
)
def test_what_is_filled_in_wrong_is_said(world: World, changes: dict[str, Any]) -> None:
    given_ = {"address": "https://x.vn/a.json", "token": "t"} | changes
    with pytest.raises(UpperError) as caught:
        world.source(**given_)
    assert caught.value.field in changes


def test_a_board_of_others_is_not_reported(world: World) -> None:
    other = desks.device("Bảng nhà người", world.desk.here, world.desk.now)
    Device.objects.filter(pk=other.pk).update(channel="board")
    with pytest.raises(Refused):
        world.source("t", boards=(other.pk,))


def test_agreeing_is_to_the_key_that_was_seen(world: World) -> None:
    source, now = world.source("t"), clock.now()
    seen, other = SigningKey.new(), SigningKey.new()
    taking.looked(source=source, look=Look(offered=(other.public,)), now=now)
    with pytest.raises(Changed):
        taking.agree(source=source, kids=(seen.kid,), actor=world.lower, now=now)
    found = taking.agree(source=source, kids=(other.kid,), actor=world.lower, now=now)
    assert (found.keys, found.offered, found.agreed_by) == ([other.public], [], world.lower)


def test_one_that_ended_is_asked_no_more_and_its_token_is_gone(world: World) -> None:
    source = world.source("t")
    taking.end(source=source, actor=world.lower, now=clock.now())
    found = UpperSource.objects.get()
    assert (sources.due(clock.now()), bytes(found.secrets), vault.unseal(found.secrets, found.pk)) == ([], b"", {})
    with pytest.raises(Ended):
        taking.look_now(source=source, actor=world.lower, now=clock.now())


def test_its_keeper_is_told_of_a_strange_signature_at_once_and_of_a_silence_after_a_while(world: World) -> None:
    source, now = world.source("t"), clock.now()
    assert list(concerns.of(world.lower, now)) == []
    taking.looked(source=source, look=Look(fault="key", offered=(SigningKey.new().public,)), now=now)
    (found,) = concerns.of(world.lower, now)
    assert (found.title, found.kind) == ("Nội dung của xã trên", "bad")
    assert list(concerns.of(world.keeper, now)) == []
    held = {"keys": ["x"], "number": "1" * 32, "until": now + timedelta(days=1), "offered": []}
    UpperSource.objects.update(fault="connect", failures=2, **held)
    assert list(concerns.of(world.lower, now)) == []
    UpperSource.objects.update(failures=3)
    assert [one.kind for one in concerns.of(world.lower, now)] == ["warn"]
    assert "Nội dung của xã trên" in as_(world.lower).get(reverse("home")).content.decode()


# pages


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_officer_makes_a_class_and_its_playlist_on_pages(world: World) -> None:
    bulletin, client = world.bulletin(), as_(world.desk.both)
    answer = client.post(
        reverse("board:upper-class-new"), {"place": str(world.desk.here.pk), "name": "Bảng chợ", "days": "2"}
    )
    page = answer.headers["Location"]
    pk = UUID(page.rpartition("/")[2])
    add = reverse("board:upper-entry-new", args=[pk])
    wrong = client.post(add, {"bulletin": str(bulletin.pk), "minutes": "sáng"})
    assert wrong.status_code == 422
    assert "Hãy ghi giờ như 6:00–8:00" in wrong.content.decode()
    client.post(add, {"bulletin": str(bulletin.pk), "minutes": "6:00-8:00", "weekdays": ["1"]})
    assert "thứ Hai; 06:00–08:00" in client.get(page).content.decode()
    assert "Chưa có bản tin nào để thêm" in client.get(add).content.decode()


def test_the_token_is_on_one_answer_only(world: World) -> None:
    client = as_(world.keeper)
    answer = client.post(
        reverse("board:upper-grant-new"), {"name": "Trung tâm huyện", "classes": [str(world.board_class.pk)]}
    )
    grant = Grant.objects.get()
    token = answer.context["token"]
    assert token in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    page = client.get(reverse("board:upper-grant", args=[grant.pk])).content.decode()
    assert token not in page
    assert given.fingerprints(world.board_class, clock.now())[0] in page


def test_the_pages_of_a_source_say_how_it_stands(world: World) -> None:
    client = as_(world.lower)
    assert "Chưa lấy nội dung của cấp trên nào" in client.get(reverse("board:upper")).content.decode()
    terms = {"place": str(world.desk.there.pk), "name": "Của tỉnh", "address": "https://tinh.example/x.json"}
    bad = client.post(reverse("board:upper-new"), terms | {"every": "5", "token": ""})
    assert (bad.status_code, "Hãy dán mã liên kết" in bad.content.decode()) == (422, True)
    client.post(reverse("board:upper-new"), terms | {"every": "5", "token": "t", "boards": [str(world.board.pk)]})
    source = UpperSource.objects.get()
    page = reverse("board:upper-detail", args=[source.pk])
    assert "Chờ lấy lần đầu" in client.get(page).content.decode()
    key = SigningKey.new()
    taking.looked(source=source, look=Look(offered=(key.public,)), now=clock.now())
    agree = reverse("board:upper-agree", args=[source.pk])
    client.post(agree, {"kid": key.kid})
    assert UpperSource.objects.get().keys == []
    client.post(agree, {"kid": key.kid, "compared": "on"})
    assert UpperSource.objects.get().keys == [key.public]
    taking.looked(source=source, look=Look(fault="denied"), now=clock.now())
    assert "có thể đã thu hồi" in client.get(page).content.decode()


def test_a_neighbour_sees_nothing_of_it(world: World) -> None:
    world.source("t")
    page = as_(world.desk.neighbour)  # of the place that takes: sees the source, not the classes
    assert "Nội dung của xã trên" in page.get(reverse("board:upper")).content.decode()
    assert page.get(reverse("board:upper-classes")).context["classes"] == []
    assert page.get(reverse("board:upper-class", args=[world.board_class.pk])).status_code == 404
    assert page.post(reverse("board:upper-new")).status_code == 403
