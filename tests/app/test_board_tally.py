"""What boards tell of their playlists: kept once, believed within limits, summed for officers and for above."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from nguon.api import actions as api
from nguon.channels.board import actions, hanging, tallying
from nguon.channels.board.models import Page, Tally
from nguon.devices import actions as registry
from nguon.devices import channels
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.newsroom import actions as newsroom
from nguon.newsroom.models import Bulletin
from nguon.people.models import Person
from nguon.ports.channel import Shown
from tests.app import clusters
from tests.app.desk import Desk, person
from tests.app.test_api import basic
from tests.app.test_scenes import a_board, a_layout, desk, hung, put, technician, told

pytestmark = pytest.mark.django_db
__all__ = ["desk", "technician"]  # fixtures
NEVER = "Hôm nay chưa hiện lần nào"
SILENT = "Số lần hiện: chưa có báo cáo từ bảng trong 7 ngày qua."


class Wall:
    """A board that is enrolled and shows a bulletin beside the orders."""

    def __init__(self, desk: Desk, technician: Person, name: str = "Ti vi nhà văn hóa") -> None:
        self.desk, self.now = desk, clock.now()
        self.device = registry.register(name=name, place=desk.one, actor="thử", now=self.now, channel="board")
        self.signed = basic(self.device.pk.hex, clusters.enrolled(self.device, self.now))
        self.device.refresh_from_db()
        self.bulletin: Bulletin = desk.approved()
        self.layout = a_layout(desk, technician)
        self.item = put(desk, self.layout, "list", self.bulletin)
        hung(desk, self.device, self.layout, technician)
        self.page = self.pages()[0]

    def pages(self) -> list[str]:
        self.device.refresh_from_db()
        shown = told(self.device)
        assert shown is not None
        return [item.page.sha256 for region in shown.regions for item in region.items]

    def row(self, times: int, ms: int = 60_000, *, ago: int = 5, days: int = 0) -> dict[str, int]:
        at = clock.ms(self.now) - days * 86_400_000
        return {"times": times, "ms": ms, "first": at - 1_000 * ago, "last": at}

    def day(self, days: int = 0) -> str:
        return (clock.local_day(self.now) - timedelta(days=days)).isoformat()

    def tell(self, rows: dict[str, Any], days: int = 0, **more: Any) -> Any:
        address = f"/api/1/shown/{more.get('day', self.day(days))}"
        body = more.get("body", {"pages": rows})
        return Client().put(address, body, content_type="application/json", headers=more.get("signed", self.signed))


@pytest.fixture(autouse=True)
def calm(time_machine: Any) -> None:
    """Noon: no test runs over midnight."""
    cache.clear()
    time_machine.move_to(clock.now().astimezone(clock.LOCAL).replace(hour=12, minute=0, second=0, microsecond=0))


@pytest.fixture
def wall(calm: None, desk: Desk, technician: Person) -> Wall:
    return Wall(desk, technician)


def kept(wall: Wall) -> list[tuple[str, int, int]]:
    rows = Tally.objects.filter(device=wall.device).order_by("day", "sha256")
    return [(row.sha256, row.times, row.ms) for row in rows]


def test_a_day_is_told_again_and_again_and_counts_once(wall: Wall) -> None:
    assert wall.tell({wall.page: wall.row(3)}).status_code == 204
    assert wall.tell({wall.page: wall.row(3)}).status_code == 204
    assert kept(wall) == [(wall.page, 3, 60_000)]
    wall.tell({wall.page: wall.row(5, 90_000, ago=600)})
    assert kept(wall) == [(wall.page, 5, 90_000)]
    found = Tally.objects.get()
    assert (found.last_at - found.first_at).total_seconds() == 600


def test_it_never_becomes_less(wall: Wall) -> None:
    wall.tell({wall.page: wall.row(5, 90_000, ago=600)})
    wall.tell({wall.page: wall.row(1, 1_000, ago=1)})  # it lost what it kept
    assert kept(wall) == [(wall.page, 5, 90_000)]
    found = Tally.objects.get()
    assert (found.last_at - found.first_at).total_seconds() == 600


def test_pages_nobody_was_told_of_are_left_out_and_no_error(wall: Wall) -> None:
    answer = wall.tell({"a" * 64: wall.row(9), wall.page: wall.row(2)})
    assert answer.status_code == 204
    assert kept(wall) == [(wall.page, 2, 60_000)]


def test_what_was_taken_from_the_playlist_may_still_be_told(wall: Wall, desk: Desk) -> None:
    actions.remove(item=wall.item, actor=desk.both, now=desk.now)
    assert wall.pages() == []
    wall.tell({wall.page: wall.row(2, days=3)}, days=3)
    assert kept(wall) == [(wall.page, 2, 60_000)]


def test_who_does_not_sign_in_tells_nothing(wall: Wall) -> None:
    rows = {wall.page: wall.row(2)}
    assert wall.tell(rows, signed={}).status_code == 401
    assert wall.tell(rows, signed=basic(wall.device.pk.hex, "sai")).status_code == 401
    assert kept(wall) == []


def test_a_device_tells_of_itself_only(wall: Wall, desk: Desk) -> None:
    other = registry.register(name="Bảng khác", place=desk.two, actor="thử", now=wall.now, channel="board")
    signed = basic(other.pk.hex, clusters.enrolled(other, wall.now))
    assert wall.tell({wall.page: wall.row(2)}, signed=signed).status_code == 204
    assert kept(wall) == []
    assert Tally.objects.get().device == other


def test_devices_without_a_screen_tell_of_nothing(wall: Wall, desk: Desk) -> None:
    speaker = registry.register(name="Cụm loa", place=desk.one, actor="thử", now=wall.now)
    signed = basic(speaker.pk.hex, clusters.enrolled(speaker, wall.now))
    assert wall.tell({wall.page: wall.row(2)}, signed=signed).status_code == 404
    assert not channels.shown("lạ", speaker.pk, clock.local_day(wall.now), (), wall.now)
    assert not Tally.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(-1, 400), (0, 204), (31, 204), (32, 400)])
def test_days_to_come_and_long_over_are_refused(wall: Wall, days: int, status: int) -> None:
    answer = wall.tell({wall.page: wall.row(2, days=days)}, days=days)
    assert answer.status_code == status
    assert Tally.objects.count() == (status == 204)


def test_what_is_no_day_of_pages_is_refused(wall: Wall) -> None:
    good = wall.row(2)
    for row in (
        good | {"times": 0},
        good | {"times": 10**9},
        good | {"ms": -1},
        good | {"ms": 10**12},
        good | {"first": good["last"] + 1},
        wall.row(2, days=1),
        {"times": 1},
        7,
    ):
        assert wall.tell({wall.page: row}).status_code == 400, row
    for body in (b"", b"[]", b"\xff", b'{"pages": {"x": {}}}', {"pages": {"A" * 64: good}}):
        assert wall.tell({}, body=body).status_code == 400, body
    assert wall.tell({f"{n:064x}": good for n in range(201)}).status_code == 400
    assert wall.tell({}, body=b" " * 70_000).status_code == 413
    for day in ("hôm-nay", "2026-13-01", "20261126", "2026-1-1x"):
        assert wall.tell({wall.page: good}, day=day).status_code == 400, day
    assert kept(wall) == []


def test_a_flood_is_refused_and_holds_up_no_other(wall: Wall, desk: Desk, technician: Person) -> None:
    answers = [wall.tell({wall.page: wall.row(2)}).status_code for _ in range(api.MOST_TELLINGS + 1)]
    assert answers[-2:] == [204, 429]
    other = registry.register(name="Bảng khác", place=desk.two, actor="thử", now=wall.now, channel="board")
    signed = basic(other.pk.hex, clusters.enrolled(other, wall.now))
    assert wall.tell({wall.page: wall.row(2)}, signed=signed).status_code == 204


def test_a_day_has_a_limit_of_pages(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying, "MOST_PAGES", 2)
    tallying.note([tallying.Leafed(f"{n:064x}", "bulletin", wall.bulletin.pk) for n in range(3)], wall.now)
    wall.tell({f"{n:064x}": wall.row(1) for n in range(3)})
    wall.tell({f"{0:064x}": wall.row(7)})
    assert [times for _page, times, _ms in kept(wall)] == [7, 1]


def test_it_is_forgotten_after_a_season(wall: Wall, settings: Any, time_machine: Any) -> None:
    settings.NGUON_PHOTO_DAYS = 10
    wall.tell({wall.page: wall.row(2)})
    time_machine.move_to(wall.now + timedelta(days=10))
    channels.tend(clock.now())
    assert len(kept(wall)) == 1
    time_machine.move_to(wall.now + timedelta(days=11))
    Device.objects.update(status="retired")
    channels.tend(clock.now())
    assert kept(wall) == []
    assert Page.objects.exists()  # boards that were away may still tell
    time_machine.move_to(wall.now + timedelta(days=52))
    channels.tend(clock.now())
    assert not Page.objects.exists()


def test_refreshing_again_writes_nothing(wall: Wall, django_assert_num_queries: Any) -> None:
    pages = set(Page.objects.values_list("pk", "told_on"))
    hanging.refresh(wall.now)
    assert set(Page.objects.values_list("pk", "told_on")) == pages
    noted = [tallying.Leafed(wall.page, "bulletin", wall.bulletin.pk)]
    with django_assert_num_queries(1):
        tallying.note(noted, wall.now)


@pytest.fixture
def officer(desk: Desk) -> Client:
    """Who looks after boards and what is on them."""
    client = Client()
    client.force_login(person("cb", "Đặng Cán Bộ", desk.here, "technician", "editor"))
    return client


def read(client: Client, name: str, pk: Any) -> str:
    answer = client.get(reverse(f"board:{name}", args=[pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_of_a_board_says_what_it_told(wall: Wall, officer: Client) -> None:
    page = read(officer, "board", wall.device.pk)
    assert [words in page for words in (SILENT, NEVER, "đã hiện", "7 ngày qua:")] == [True, False, False, False]
    wall.tell({wall.page: wall.row(12, 240_000)})
    wall.tell({wall.page: wall.row(30, 600_000, days=2)}, days=2)
    page = read(officer, "board", wall.device.pk)
    assert "Hôm nay đã hiện: 12 lần, 4 phút, lần cuối lúc 12:00" in page
    assert "7 ngày qua: 42 lần, 14 phút" in page
    assert "Số lần hiện tính theo báo cáo của bảng, mới nhất lúc" in page
    assert SILENT not in page


def test_a_board_that_told_of_yesterday_only_is_not_called_dark(wall: Wall, officer: Client, time_machine: Any) -> None:
    wall.tell({wall.page: wall.row(12, 240_000)})
    time_machine.move_to(wall.now + timedelta(days=1))
    page = read(officer, "board", wall.device.pk)
    assert [words in page for words in ("Hôm nay đã", NEVER, "7 ngày qua: 12 lần")] == [False, False, True]
    Tally.objects.update(day=clock.local_day(wall.now) - timedelta(days=6))
    assert SILENT in read(officer, "board", wall.device.pk)


def test_an_item_that_never_showed_says_so(wall: Wall, desk: Desk, officer: Client) -> None:
    draft = desk.draft(title="Lịch tiêm chủng")
    other = newsroom.create(draft=draft, details=desk.details(), actor=desk.editor, now=desk.now).bulletin
    put(desk, wall.layout, "crawl", desk.approved(other))
    wall.tell({wall.page: wall.row(12)})
    page = read(officer, "board", wall.device.pk)
    assert [page.count(NEVER), page.count("Hôm nay đã hiện: 12 lần")] == [1, 1]


def test_a_layout_sums_its_boards_and_the_versions_of_a_bulletin(
    wall: Wall, desk: Desk, technician: Person, officer: Client
) -> None:
    other = a_board(desk, "Bảng chợ", desk.one)
    hung(desk, other, wall.layout, technician)
    wall.tell({wall.page: wall.row(12, 240_000)})
    before = tallying.Leafed("b" * 64, "bulletin", wall.bulletin.pk)  # as it was before it was written anew
    tallying.note([before], wall.now)
    row = Shown("b" * 64, 3, 60_000, wall.now, wall.now)
    tallying.take(device=other.pk, day=clock.local_day(wall.now), rows=[row], now=wall.now)
    assert "Hôm nay đã hiện: 15 lần, 5 phút" in read(officer, "layout", wall.layout.pk)
    assert "Hôm nay đã hiện: 3 lần, 1 phút" in read(officer, "board", other.pk)


def test_a_layout_without_a_word_from_its_boards_says_so(wall: Wall, officer: Client) -> None:
    assert SILENT in read(officer, "layout", wall.layout.pk)
