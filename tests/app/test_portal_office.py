"""The office of sites: made whole, opened when complete, arranged; what is too old is told to its owner."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.journal.queries import verify
from nguon.people.models import Office, Person
from nguon.people.scope import Forbidden
from nguon.portal import actions, arranging, concerns, editions, office, papers, queries, skins
from nguon.portal.arranging import Wish
from nguon.portal.errors import PortalError
from nguon.portal.models import Site
from nguon.portal.rules import Fill
from nguon.portal.seeds import rows
from nguon.review.models import Review
from tests.app import desk as desks
from tests.app.desk import Desk
from tests.app.siting import ABOUT, SAID, approve, client_of, section, written
from tests.app.webdesk import desk, site, web

__all__ = ["desk", "site", "web"]
pytestmark = pytest.mark.django_db


# Sites


def test_a_new_site_has_every_section_and_is_not_open(site: Site, desk: Desk) -> None:
    assert site.sections.count() == len(rows())
    assert site.opened_at is None
    assert {row.fill for row in office.standing(site, desk.now).rows if row.section.kind == "page"} == {Fill.EMPTY}
    with pytest.raises(PortalError, match="Mỗi đơn vị chỉ có một trang"):
        actions.create_site(place=desk.here, slug="khac", name="Khác", actor="test", now=desk.now)
    with pytest.raises(PortalError, match="đã dùng"):
        actions.create_site(place=desk.there, slug="phuoc-thuan", name="Khác", actor="test", now=desk.now)
    with pytest.raises(PortalError, match="chữ thường không dấu"):
        actions.create_site(place=desk.there, slug="Phước Sơn", name="Khác", actor="test", now=desk.now)


def test_only_who_keeps_the_territory_makes_one_or_moves_it(site: Site, desk: Desk, web: Person) -> None:
    with pytest.raises(Forbidden):
        actions.create_site(place=desk.there, slug="khac", name="Khác", actor=web, now=desk.now)
    with pytest.raises(Forbidden):
        actions.set_address(site=site, slug="khac", host="", actor=web, now=desk.now)
    admin = desks.person("qt", "Quản Trị", desk.root, "admin")
    actions.set_address(site=site, slug="thuan", host="PhuocThuan.Example.", actor=admin, now=desk.now)
    site.refresh_from_db()
    assert (site.slug, site.host) == ("thuan", "phuocthuan.example")
    for host in ("10.0.0.1", "localhost", "https://a.vn", "a.vn:80"):
        with pytest.raises(PortalError, match="tên miền"):
            actions.set_address(site=site, slug="thuan", host=host, actor=admin, now=desk.now)


def test_a_site_may_not_take_the_name_of_the_server(site: Site, desk: Desk) -> None:
    admin = client_of(desks.person("qt", "Quản Trị", desk.root, "admin"))
    here = reverse("portal:address", args=[site.pk])
    for host in ("nguon.example", "nguon.example.", "Nguon.Example. "):
        answer = admin.post(here, {"slug": "thuan", "host": host}, headers={"host": "nguon.example:8000"})
        assert answer.status_code == 422
        assert "cán bộ sẽ không vào làm việc được nữa" in answer.text
    assert Site.objects.get().host == ""


@pytest.mark.parametrize("host", ["office.example.vn", "Office.Example.vn.", "loa.example.vn", "la.example.com"])
def test_nor_another_name_of_the_server_nor_one_it_does_not_answer_to(
    site: Site, desk: Desk, settings: Any, host: str
) -> None:
    settings.NGUON_PUBLIC_URL, settings.ALLOWED_HOSTS = "https://Office.example.vn:8443", [".example.vn"]
    settings.NGUON_BROKER_PUBLIC_URL = "mqtts://loa.example.vn:8883"
    admin = desks.person("qt", "Quản Trị", desk.root, "admin")
    with pytest.raises(PortalError, match=r"[Mm]áy chủ"):
        actions.set_address(site=site, slug="thuan", host=host, actor=admin, now=desk.now)
    actions.set_address(site=site, slug="thuan", host="xa.example.vn", actor=admin, now=desk.now)


@pytest.mark.sites
def test_a_site_that_took_the_name_of_the_server_before_is_not_found_by_it(
    site: Site, desk: Desk, settings: Any
) -> None:
    Site.objects.update(host="office.example.vn", opened_at=desk.now)
    cache.clear()
    assert skins.by_host("office.example.vn") == site
    settings.NGUON_PUBLIC_URL = "https://Office.example.vn"
    assert skins.by_host("office.example.vn") is None


@pytest.mark.sites
def test_it_opens_when_it_says_who_runs_it_and_not_before(site: Site, desk: Desk, web: Person) -> None:
    with pytest.raises(PortalError, match="người chịu trách nhiệm, địa chỉ trụ sở, điện thoại"):
        actions.open_site(site=site, actor=web, now=desk.now)
    assert "Cần ghi thêm" in client_of(web).get(reverse("portal:site", args=[site.pk])).text
    actions.describe(site=site, about=ABOUT, actor=web, now=desk.now)
    client_of(web).post(reverse("portal:open", args=[site.pk]))
    site.refresh_from_db()
    assert site.opened_at is not None
    assert Client().get("/trang/phuoc-thuan/").status_code == 200
    with pytest.raises(PortalError, match="điện thoại"):
        actions.describe(site=site, about=replace(ABOUT, phone=" "), actor=web, now=desk.now)
    client_of(web).post(reverse("portal:close", args=[site.pk]))
    assert Client().get("/trang/phuoc-thuan/").status_code != 200
    assert verify().sound


def test_settings_keep_what_was_typed_and_take_an_emblem(site: Site, web: Person) -> None:
    from tests.pictures import a_picture, encoded

    here, client = reverse("portal:settings", args=[site.pk]), client_of(web)
    given = {"name": "Trang xã", "colour": "teal", "responsible": "Bà B", "phone": "0256 000 011"}
    refused = client.post(here, {**given, "emblem": SimpleUploadedFile("x.png", b"khong phai anh")})
    assert refused.status_code == 422
    assert "Không mở được ảnh này" in refused.text
    assert "Bà B" in refused.text, "what was typed is still there"
    client.post(here, {**given, "emblem": SimpleUploadedFile("x.jpg", encoded(a_picture(40, 40)))})
    site.refresh_from_db()
    assert (site.colour, site.responsible) == ("teal", "Bà B")
    assert client.get(reverse("portal:emblem", args=[site.pk])).headers["Content-Type"] == "image/webp"
    client.post(here, {**given, "no_emblem": "on"})
    assert client.get(reverse("portal:emblem", args=[site.pk])).status_code == 404


def test_who_may_make_a_site_is_offered_the_places_that_have_none(site: Site, desk: Desk) -> None:
    for place in (desk.here, desk.there):
        Office.objects.create(name=f"UBND {place}", place=place)
    client = client_of(desks.person("qt", "Quản Trị", desk.root, "admin"))
    form = client.get(reverse("portal:new"), {"don-vi": desk.there.pk.hex}).text
    assert "Phước Sơn" in form
    assert "Phước Thuận</option>" not in form
    given = {"place": desk.there.pk, "name": "Trang xã Phước Sơn", "slug": "phuoc-thuan"}
    assert "đã dùng cho trang khác" in client.post(reverse("portal:new"), given).text
    client.post(reverse("portal:new"), {**given, "slug": "phuoc-son"})
    assert Site.objects.get(place=desk.there).sections.count() == len(rows())


# Whose site it is


def test_an_editor_sees_and_changes_nothing_of_anothers_site(site: Site, desk: Desk, web: Person) -> None:
    other = actions.create_site(place=desk.there, slug="phuoc-son", name="Trang KÍN", actor="test", now=desk.now)
    page = section(other, "gioi-thieu")
    assert list(queries.sites(web)) == [site]
    assert "KÍN" not in client_of(web).get(reverse("portal:list")).text
    assert client_of(web).get(reverse("portal:site", args=[other.pk])).status_code == 404
    tried: list[Any] = [
        lambda: actions.describe(site=other, about=ABOUT, actor=web, now=desk.now),
        lambda: actions.open_site(site=other, actor=web, now=desk.now),
        lambda: editions.write(section=page, body="x", seen=0, actor=web, now=desk.now),
        lambda: papers.add(section=section(other, "van-ban"), said=SAID, actor=web, now=desk.now),
        lambda: arranging.change(section=page, wish=Wish("x"), actor=web, now=desk.now),
        lambda: arranging.add(site=other, kind="page", wish=Wish("x"), actor=web, now=desk.now),
    ]
    for attempt in tried:
        with pytest.raises(Forbidden):
            attempt()


def test_an_approver_reads_and_changes_nothing(site: Site, desk: Desk) -> None:
    client, page = client_of(desk.approver), section(site, "gioi-thieu")
    shown = client.get(reverse("portal:section", args=[page.pk]))
    assert shown.status_code == 200
    assert reverse("portal:write", args=[page.pk]) not in shown.text
    assert client.get(reverse("portal:write", args=[page.pk])).status_code == 404
    assert client.post(reverse("portal:open", args=[site.pk])).status_code == 404


def test_of_two_entries_of_the_menu_one_is_where_one_stands(site: Site, web: Person) -> None:
    for path in ("/trang-xa/", "/trang-xa/tin/"):
        shown = client_of(web).get(path).text.partition("</nav>")[0]
        assert shown.count('aria-current="page"') == 1
        assert f'href="{path}" aria-current="page"' in shown


# Sections


def test_what_the_law_asks_for_stays_and_ones_own_may_go(site: Site, desk: Desk, web: Person) -> None:
    legal = section(site, "gioi-thieu")
    with pytest.raises(PortalError, match="không bỏ được"):
        arranging.remove(section=legal, actor=web, now=desk.now)
    with pytest.raises(PortalError, match="không ẩn được"):
        arranging.change(section=legal, wish=Wish("Giới thiệu", shown=False), actor=web, now=desk.now)
    own = arranging.add(site=site, kind="page", wish=Wish("Lễ hội chùa Bà"), actor=web, now=desk.now)
    again = arranging.add(site=site, kind="page", wish=Wish("Lễ hội chùa Bà"), actor=web, now=desk.now)
    assert (own.key, again.key) == ("le-hoi-chua-ba", "le-hoi-chua-ba-2")
    arranging.remove(section=again, actor=web, now=desk.now)
    editions.write(section=own, body="Tháng Giêng", seen=0, actor=web, now=desk.now)
    with pytest.raises(PortalError, match="Hãy ẩn mục đi"):
        arranging.remove(section=own, actor=web, now=desk.now)
    arranging.change(section=own, wish=Wish("Lễ hội", shown=False), actor=web, now=desk.now)
    assert not section(site, "le-hoi-chua-ba").shown


def test_sections_need_what_their_kind_lives_by(site: Site, desk: Desk, web: Person) -> None:
    for kind, wish, why in (
        ("news", Wish("Tin"), "ít nhất một lĩnh vực"),
        ("link", Wish("Cổng", target="javascript:alert(1)"), "https://"),
        ("page", Wish(" "), "đặt tên"),
        ("built", Wish("Máy"), "Không thêm được"),
    ):
        with pytest.raises(PortalError, match=why):
            arranging.add(site=site, kind=kind, wish=wish, actor=web, now=desk.now)


def test_sections_move_one_place(site: Site, desk: Desk, web: Person) -> None:
    def order() -> list[str]:
        return list(site.sections.order_by("number").values_list("key", flat=True))

    before = order()
    arranging.move(section=section(site, before[0]), up=True, actor=web, now=desk.now)
    assert order() == before
    client_of(web).post(reverse("portal:section-move", args=[section(site, before[0]).pk]), {"do": "down"})
    assert order() == [before[1], before[0], *before[2:]]


# Too old


def test_what_is_too_old_is_told_to_its_owner_and_never_to_the_public(site: Site, desk: Desk, web: Person) -> None:
    actions.describe(site=site, about=ABOUT, actor=web, now=desk.now)
    actions.open_site(site=site, actor=web, now=desk.now)
    approve(written(site, web, desk).review, desk)
    assert list(concerns.of(web, desk.now)) == []
    later = desk.now + timedelta(days=366)
    (concern,) = concerns.of(web, later)
    assert concern.title == "Trang xã Phước Thuận"
    assert "1 mục quá hạn" in concern.why
    assert list(concerns.of(desk.neighbour, later)) == []
    row = office.row(section(site, "gioi-thieu"), later)
    assert row.fill == Fill.OVERDUE
    assert "quá hạn" not in Client().get("/trang/phuoc-thuan/muc/gioi-thieu/").text.lower()


def test_a_page_that_still_holds_is_handed_in_again_as_it_is(site: Site, desk: Desk, web: Person) -> None:
    approve(written(site, web, desk).review, desk)
    client_of(web).post(reverse("portal:hand-in", args=[section(site, "gioi-thieu").pk]), {"do": "renew"})
    first, second = section(site, "gioi-thieu").editions.order_by("number")
    assert first.body == second.body
    assert second.review is not None
    assert "Không đổi chữ nào" in client_of(desk.approver).get(reverse("review:detail", args=[second.review.pk])).text
    with pytest.raises(PortalError):
        editions.renew(section=section(site, "gioi-thieu"), actor=web, now=desk.now)


def test_the_concern_stands_on_the_first_page_of_its_owner(site: Site, desk: Desk, web: Person) -> None:
    actions.describe(site=site, about=ABOUT, actor=web, now=desk.now)
    actions.open_site(site=site, actor=web, now=desk.now - timedelta(days=500))
    approve(written(site, web, desk).review, desk)
    Review.objects.update(decided_at=desk.now - timedelta(days=400))
    assert "1 mục quá hạn" in client_of(web).get("/").text
    assert 'href="/trang-xa/"' in client_of(web).get("/").text
    assert "mục quá hạn" not in client_of(desk.watcher).get("/").text
