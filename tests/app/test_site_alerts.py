"""Alerts for everybody: the banner above every page of a site, and its page."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from nguon.alerts import actions, public
from nguon.alerts.models import Alert
from nguon.alerts.rules import Stage
from nguon.cap.hazards import Kind
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group
from nguon.kit import clock
from nguon.places.models import Link, Place, Succession
from nguon.portal.models import Site
from tests.app import warning
from tests.app.warning import District

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def world() -> District:
    built = warning.build(NOW)
    for where, slug in ((built.commune, "phuoc-thuan"), (built.other, "phuoc-loc")):
        Site.objects.create(place=where, slug=slug, name=str(where), opened_at=NOW, created_at=NOW, updated_at=NOW)
    return built


def banner(slug: str) -> str:
    return Client().get(f"/trang/{slug}/").text.partition("<header")[0]


def headlines(place: Place | None) -> list[str]:
    return [one.headline for one in public.in_force(place.pk if place else None)]


def test_a_place_without_alerts_costs_one_query(
    world: District, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert public.in_force(world.commune.pk) == ()


def test_the_banner_of_a_commune_leads_to_what_to_do(world: District) -> None:
    alert = world.live(NOW)
    assert alert.headline in banner("phuoc-thuan")
    assert 'class="warning risk-3"' in banner("phuoc-thuan")
    page = Client().get("/trang/phuoc-thuan/canh-bao-hien-co/")
    assert f'href="/trang/phuoc-thuan/canh-bao-hien-co/#tin-{alert.pk.hex}"' in banner("phuoc-thuan")
    assert f'id="tin-{alert.pk.hex}"' in page.text
    assert alert.text.splitlines()[0] in page.text
    assert "Cấp 3: rủi ro lớn" in page.text
    assert "Thôn Quảng Vân" in page.text
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_the_neighbour_is_not_warned_of_what_is_not_there(world: District) -> None:
    alert = world.live(NOW)
    assert alert.headline not in banner("phuoc-loc")
    assert headlines(world.other) == []
    assert headlines(None) == [alert.headline]


def test_what_is_above_a_place_warns_it_and_so_does_what_lies_in_it(world: District) -> None:
    alert = world.wide(NOW, staged=False)
    for place in (world.commune, world.other, world.far, world.hamlets[1]):
        assert headlines(place) == [alert.headline], place


def test_what_is_tried_on_one_cluster_is_no_warning_elsewhere_until_it_goes_there(world: District) -> None:
    alert = world.wide(NOW)
    assert headlines(world.commune) == [alert.headline]
    assert headlines(world.hamlets[0]) == [alert.headline]
    assert (headlines(world.hamlets[1]), headlines(world.other)) == ([], [])
    alert = actions.widen(alert=alert, to=Stage.NEAR, actor=world.chief, now=NOW + timedelta(seconds=60))
    assert headlines(world.hamlets[1]) == [alert.headline]
    assert headlines(world.other) == []
    alert = actions.widen(alert=alert, to=Stage.ALL, actor=world.chief, now=NOW + timedelta(seconds=120))
    assert headlines(world.other) == [alert.headline]


def test_that_it_was_a_mistake_is_said_where_it_was_heard_and_so_is_that_it_is_over(world: District) -> None:
    alert = world.wide(NOW)
    mistake = world.live(NOW, headline="Tin vừa phát là nhầm")
    mistake.places.set([world.district])
    Alert.objects.filter(pk=mistake.pk).update(kind=Kind.MISTAKE, follows=alert)
    assert "Tin vừa phát là nhầm" in headlines(world.commune)
    assert headlines(world.other) == []
    actions.stop(alert=alert, actor=world.chief, now=NOW)
    assert [one.it.pk for one in public.lately(world.commune.pk, NOW)] == [alert.pk]
    assert public.lately(world.other.pk, NOW) == []


def test_the_site_of_a_commune_that_was_merged_warns_of_what_is_in_force_for_its_successor(world: District) -> None:
    world.live(NOW, headline="Trong thôn")
    world.live(NOW, headline="Cả xã").places.set([world.commune])
    world.wide(NOW, staged=False, headline="Cả huyện")
    today = clock.local_day(NOW)
    new = Place.objects.create(name="Tuy Phước Đông", kind="xã", folded="tuy phuoc dong", valid_from=today)
    before = today - timedelta(days=1)
    Link.objects.filter(child=world.commune).update(valid_to=before)
    Link.objects.filter(parent=world.commune).update(valid_to=before)
    for child, parent in ((new, world.district), (world.hamlets[0], new), (world.hamlets[1], new)):
        Link.objects.create(child=child, parent=parent, valid_from=today)
    Succession.objects.create(old=world.commune, new=new, on=today)
    Place.objects.filter(pk=world.commune.pk).update(valid_to=before)
    assert sorted(headlines(world.commune)) == ["Cả huyện", "Cả xã", "Trong thôn"]
    assert headlines(world.other) == ["Cả huyện"]


def test_a_cluster_or_a_group_that_is_warned_stands_for_its_place(world: District) -> None:
    group = Group.objects.create(name="Loa ven sông", place=world.commune)
    world.devices[1].groups.add(group)
    world.live(NOW, targets=Targets(groups=(group.pk,)), headline="Nhóm")
    world.live(NOW, targets=Targets(devices=(world.devices[0].pk,)), headline="Cụm")
    assert headlines(world.hamlets[1]) == ["Nhóm"]
    assert headlines(world.hamlets[0]) == ["Cụm"]
    assert sorted(headlines(world.commune)) == ["Cụm", "Nhóm"]
    assert headlines(world.other) == []


def test_the_gravest_stands_first_and_a_drill_last(world: District) -> None:
    world.live(NOW, level=2, headline="Nhẹ")
    world.live(NOW, level=5, headline="Nặng")
    world.live(NOW, level=5, headline="Diễn tập: sơ tán dân", drill=True)
    assert headlines(world.commune) == ["Nặng", "Nhẹ", "Sơ tán dân"]
    assert 'class="warning drill"' in banner("phuoc-thuan")
    assert "Diễn tập: Sơ tán dân" in banner("phuoc-thuan"), "the word is said once"
    assert "DIỄN TẬP" in Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text


def test_what_was_stopped_or_has_run_out_is_told_as_over(world: District) -> None:
    stopped, ran_out = world.live(NOW, headline="Dừng tay"), world.live(NOW, headline="Hết giờ")
    actions.stop(alert=stopped, actor=world.leader, now=NOW)
    Alert.objects.filter(pk=ran_out.pk).update(live_at=NOW - timedelta(hours=7), expires_at=NOW - timedelta(hours=1))
    assert headlines(world.commune) == []
    page = Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text
    live, _, past = page.partition("Đã hết trong bảy ngày qua")
    assert "Hiện không có cảnh báo nào." in live
    assert "Dừng tay" in past
    assert "Hết giờ" in past


def test_the_all_clear_does_not_look_like_a_danger(world: District) -> None:
    alert = world.live(NOW)
    Alert.objects.filter(pk=alert.pk).update(kind=Kind.OVER)
    assert [one.kind for one in public.in_force(world.commune.pk)] == ["over"]


def test_an_area_that_was_drawn_is_shown_as_a_map(world: District) -> None:
    Device.objects.filter(pk=world.devices[0].pk).update(latitude=13.84, longitude=109.17)
    alert = world.live(NOW, targets=Targets(devices=(world.devices[0].pk,)))
    area = [[13.83, 109.16], [13.83, 109.18], [13.85, 109.18], [13.85, 109.16]]
    assert "<svg" not in Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text, "part of it would not be on the map"
    Alert.objects.filter(pk=alert.pk).update(area=area, digest="khac")
    page = Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text
    assert '<polygon class="sketch-area"' in page
    assert 'aria-label="Sơ đồ vùng cảnh báo: thôn Quảng Vân"' in page, "where it is, not how many clusters"


def test_what_waits_for_a_signature_is_nobodys_to_read(world: District) -> None:
    made = actions.create(draft=world.draft(headline="Chưa ký"), place_id=world.commune.pk, actor=world.editor, now=NOW)
    actions.submit(alert=made, actor=world.editor, now=NOW)
    assert headlines(None) == []
    assert "Chưa ký" not in Client().get("/canh-bao-hien-co/").text


def test_the_server_itself_has_the_page_too(world: District) -> None:
    alert = world.live(NOW)
    page = Client().get("/canh-bao-hien-co/")
    assert page.status_code == 200
    assert alert.headline in page.text
    assert f'id="tin-{alert.pk.hex}"' in page.text


def test_many_alerts_cost_no_more_queries_than_one(
    world: District, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        alert = world.live(NOW, headline=f"Tin {number}")
        if number % 2:
            actions.stop(alert=alert, actor=world.leader, now=NOW)
    place, now = world.commune.pk, NOW + timedelta(seconds=1)
    assert (len(public.warned(place, now)), len(public.lately(place, now))) == (3, 3)
    with django_assert_max_num_queries(14):  # the alerts with what they are for, and the territory, each twice
        public.warned(place, now)
        public.lately(place, now)


def test_above_the_page_of_a_closed_site_a_warning_stands_as_well(world: District) -> None:
    alert = world.live(NOW)
    Site.objects.filter(slug="phuoc-thuan").update(opened_at=None, closed_at=NOW)
    assert alert.headline in banner("phuoc-thuan")
    assert 'href="/canh-bao-hien-co/' in banner("phuoc-thuan")


def test_many_warnings_leave_room_for_the_page(world: District) -> None:
    for number in range(5):
        world.live(NOW, headline=f"Tin số {number}")
    assert banner("phuoc-thuan").count("Xem phải làm gì") == 3
    assert "Còn 2 cảnh báo nữa" in banner("phuoc-thuan")


def test_the_page_of_alerts_says_each_once(world: District) -> None:
    alert = world.live(NOW)
    page = Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text
    assert page.count(alert.headline) == 1
    assert 'href="tel:114"' in page


def test_that_it_is_over_is_no_danger_to_do_something_about(world: District) -> None:
    alert = world.live(NOW)
    Alert.objects.filter(pk=alert.pk).update(kind=Kind.OVER)
    assert "Xem phải làm gì" not in banner("phuoc-thuan")
    assert "Xem chi tiết" in banner("phuoc-thuan")
    page = Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text
    assert "đã hết nguy hiểm" in page
    assert "rủi ro lớn" not in page
