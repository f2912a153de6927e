"""The reform of 1 July 2025 on the demonstration: everything follows, nothing is confused, and it is done once."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from nguon.config import reform
from nguon.config.demo.load import facts, paper
from nguon.devices.models import Device, Group
from nguon.devices.queries import area_ids
from nguon.journal.models import Entry
from nguon.journal.queries import verify
from nguon.newsroom.models import Bulletin
from nguon.people import scope
from nguon.people.models import Office, Person, Role
from nguon.people.rules import Right
from nguon.places import queries
from nguon.places.errors import AlreadyDone, NotHere, PlaceError
from nguon.places.models import Code, Link, Place, Succession
from tests.app import district
from tests.app.district import AFTER, BEFORE, NOW, person, place

pytestmark = pytest.mark.django_db
NEW = {"21952": "xã Tuy Phước", "21964": "xã Tuy Phước Bắc", "21970": "xã Tuy Phước Đông", "21985": "xã Tuy Phước Tây"}


@pytest.fixture(scope="module", autouse=True)
def _stand(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The district, loaded once; each test runs in a savepoint of its own and all is taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        district.stand()
        yield
        transaction.set_rollback(True)


def carry_out(actor: Person | str = "test") -> reform.Done:
    return reform.carry_out(paper=paper(), actor=actor, now=NOW)


def test_thirteen_communes_become_four() -> None:
    done = carry_out()
    assert (len(done.reform.opened), len(done.reform.heirs), len(done.reform.moved)) == (5, 15, 41)
    province = place("52", AFTER)
    assert {str(commune) for commune in queries.children(province.pk, AFTER)} == set(NEW.values())
    old = place("550")
    assert len(queries.children(old.pk, BEFORE)) == 13
    assert queries.roots(AFTER) == [province]
    assert [str(root) for root in queries.roots(BEFORE)] == ["tỉnh Bình Định"]
    assert not Succession.objects.filter(old=old).exists(), "the district has no successor"
    assert queries.by_code("gso", "550", AFTER) is None


def test_codes_with_a_new_meaning_are_not_confused() -> None:
    old = {code: place(code) for code in (*NEW, "52")}
    carry_out()
    for code, name in NEW.items():
        assert place(code, BEFORE) == old[code]
        assert (str(place(code, AFTER)), place(code, AFTER).pk == old[code].pk) == (name, False)
    assert (str(place("52", BEFORE)), str(place("52", AFTER))) == ("tỉnh Bình Định", "tỉnh Gia Lai")
    assert str(place("21952", BEFORE)) == "thị trấn Tuy Phước"
    for day in (BEFORE, AFTER):
        held = Counter(Code.objects.filter(queries.holding(day)).values_list("system", "code"))
        assert set(held.values()) == {1}
    ended = {row["codes"]["gso"] for row in facts()["communes"]} - NEW.keys()
    assert all(queries.by_code("gso", code, AFTER) is None for code in ended)


def test_every_place_has_one_parent_at_most_and_no_hamlet_is_lost() -> None:
    def hamlets() -> set[str]:
        return {str(p) for p in Place.objects.filter(kind__in=["thôn", "khu phố"], valid_to=None)}

    before = hamlets()
    carry_out()
    assert hamlets() == before
    for day in (BEFORE, AFTER):
        held = Counter(Link.objects.filter(queries.holding(day)).values_list("child", flat=True))
        assert set(held.values()) == {1}
    inside = [child for code in NEW for child in queries.children(place(code, AFTER).pk, AFTER)]
    assert {str(child) for child in inside} == before
    assert len(inside) == 41


def test_what_is_inferred_is_marked_so() -> None:
    carry_out()
    rows = Succession.objects.select_related("old", "new")
    unverified = {str(row.new) for row in rows if not row.verified}
    assert unverified == {NEW["21964"], NEW["21970"], NEW["21985"]}
    assert {row.basis for row in rows} == {"Nghị quyết 1664/NQ-UBTVQH15 ngày 16/6/2025"}


def test_rights_follow_and_do_not_grow() -> None:
    carry_out()
    editor = person("bt.phuocthuan")
    centre, east = place("21952", AFTER), place("21970", AFTER)
    assert scope.may(editor, Right.WRITE, centre.pk, on=AFTER)
    assert scope.may(editor, Right.WRITE, place("21982").pk, on=AFTER), "the past of the new commune"
    assert not scope.may(editor, Right.WRITE, east.pk, on=AFTER)
    assert not scope.may(editor, Right.APPROVE, centre.pk, on=AFTER)
    assert not scope.may(editor, Right.VIEW, place("52", AFTER).pk, on=AFTER)
    assert scope.place_ids(editor, Right.WRITE, BEFORE) == queries.below([place("21982").pk], BEFORE)
    neighbour = person("bt.phuocson")
    assert not scope.place_ids(neighbour, Right.VIEW, AFTER) & scope.place_ids(editor, Right.VIEW, AFTER)
    of_the_district = person("bt.huyen")
    assert not scope.may(of_the_district, Right.WRITE, east.pk, on=AFTER), "the authority of the district ended"
    admin = person("quantri")
    assert scope.place_ids(admin, Right.JOURNAL, AFTER) == set(Place.objects.values_list("pk", flat=True))
    assert admin.everywhere(Right.PEOPLE)


def test_roles_end_and_go_on_without_a_gap() -> None:
    before = Role.objects.count()
    carry_out()
    assert set(Role.objects.filter(valid_to=None).values_list("valid_from", flat=True)) == {AFTER}
    assert set(Role.objects.exclude(valid_to=None).values_list("valid_to", flat=True)) == {BEFORE}
    assert Role.objects.count() == 2 * before
    assert {one.roles.filter(queries.holding(AFTER)).count() for one in Person.objects.all()} == {1}


def test_a_role_held_in_two_merged_places_is_one_and_one_given_late_goes_on() -> None:
    editor = person("bt.phuocthuan")
    Role.objects.create(person=editor, kind="editor", place=place("21955"), valid_from=AFTER)
    Role.objects.create(person=editor, kind="watcher", place=place("21976"), valid_from=NOW.date())
    ended = Role.objects.create(person=editor, kind="watcher", place=place("21979"), valid_to=BEFORE)
    carry_out()
    held = editor.roles.filter(valid_to=None).order_by("kind")
    assert [(role.kind, str(role.place), role.valid_from) for role in held] == [
        ("editor", NEW["21952"], AFTER),
        ("watcher", NEW["21952"], NOW.date()),
    ]
    ended.refresh_from_db()
    assert ended.valid_to == BEFORE


def test_offices_and_people_follow() -> None:
    carry_out()
    editor = person("bt.phuocthuan")
    assert str(editor.office) == "UBND xã Tuy Phước"
    old = Office.objects.get(name="UBND xã Phước Thuận")
    assert (old.succeeded_by, old.valid_to) == (editor.office, BEFORE)
    assert Office.objects.filter(name="UBND xã Tuy Phước").count() == 1, "five offices became one"
    assert str(person("quantri").office) == "Trung tâm Dịch vụ tổng hợp xã Tuy Phước"
    assert not Person.objects.exclude(office__valid_to=None).exists()


def test_devices_stay_in_their_hamlets_and_hear_of_their_new_areas() -> None:
    before = {device.pk: (device.place_id, device.settings_version) for device in Device.objects.all()}
    direct = {"Cụm loa trụ sở UBND xã Phước Thuận", "Cụm loa trung tâm huyện"}
    carry_out()
    centre, province = place("21952", AFTER), place("52", AFTER)
    for device in Device.objects.select_related("place"):
        was, version = before[device.pk]
        assert device.place_id == (centre.pk if device.name in direct else was)
        assert device.settings_version > version
        areas = area_ids(device, AFTER)
        assert areas[0] == province.pk
        assert {pk for pk in areas if pk in before} == set()
    cluster = Device.objects.get(name="Cụm loa thôn Bình Thái")
    group = Group.objects.get()
    assert area_ids(cluster, AFTER) == (province.pk, centre.pk, cluster.place_id, group.pk)
    assert group.place == centre
    assert set(scope.visible(Device.objects, person("kt.phuocthuan"), Right.DEVICES, on=AFTER)) == set(
        Device.objects.filter(place__in=queries.below([centre.pk], AFTER))
    )


def test_bulletins_keep_their_place_and_stay_visible_to_the_successor() -> None:
    made = {
        code: Bulletin.objects.create(place=place(code), author=person("bt.huyen"), created_at=NOW, updated_at=NOW)
        for code in ("21982", "21970", "550")
    }
    carry_out()

    def seen(name: str) -> set[Bulletin]:
        return set(scope.visible(Bulletin.objects, person(name), on=AFTER))

    assert {b.place for b in Bulletin.objects.all()} == {place(code) for code in made}
    assert seen("bt.thitran") == {made["21982"]}, "a colleague of the merged commune"
    assert seen("bt.phuocson") == {made["21970"]}
    assert seen("quantri") == set(made.values())
    counted = queries.counted_under(place("21952", AFTER).pk, AFTER)
    assert Bulletin.objects.filter(place__in=counted).count() == 1
    assert Bulletin.objects.filter(place__in=queries.counted_under(place("550").pk, BEFORE)).count() == 3


def test_the_second_time_is_refused_and_changes_nothing() -> None:
    carry_out()
    tables = (Place, Link, Code, Succession, Role, Office, Entry)
    before = [table._default_manager.count() for table in tables]
    for actor in ("test", person("quantri")):
        with pytest.raises(AlreadyDone):
            carry_out(actor)
    assert [table._default_manager.count() for table in tables] == before


def test_all_of_it_or_nothing() -> None:
    """A clash found after places were closed takes everything back, also what was written before it."""
    Code.objects.create(place=place("21958"), system="gso", code="21999")
    made = paper()
    stranger = Place.objects.create(name="Khác", kind="xã", folded="xa khac")
    Code.objects.filter(code="21985").update(code="x")
    Code.objects.create(place=stranger, system="gso", code="21985")
    before = (Entry.objects.count(), Device.objects.filter(settings_version=1).count())
    with pytest.raises(PlaceError):
        reform.carry_out(paper=made, actor="test", now=NOW)
    assert (Entry.objects.count(), Device.objects.filter(settings_version=1).count()) == before
    assert not Place.objects.exclude(valid_to=None).exists()


@pytest.mark.parametrize("name", ["qt.phuocthuan", "bt.huyen", "duyet.huyen", "kt.huyen", "td.huyen"])
def test_only_who_administers_all_of_it_may(name: str, client: Client) -> None:
    with pytest.raises(NotHere):
        carry_out(person(name))
    client.force_login(person(name))
    answer = client.post("/dia-ban/sap-xep?plan=nq-1664", {"confirm": "1"})
    assert answer.status_code == 403
    assert not Place.objects.exclude(valid_to=None).exists()


def test_the_journal_tells_it_and_stays_whole() -> None:
    carry_out(person("quantri"))
    assert verify().sound
    entry = Entry.objects.get(verb="places.reorganise", place=place("21952", AFTER).pk)
    assert entry.actor_name == "Trần Minh Quân"
    assert entry.after["basis"].startswith("Nghị quyết 1664")
    assert "xã Phước Thuận" in entry.before["from"]
    assert Entry.objects.filter(verb="people.follow").count() == Person.objects.count()


def test_on_the_page_preview_then_done(client: Client) -> None:
    client.force_login(person("quantri"))
    assert "Nghị quyết 1664/NQ-UBTVQH15" in client.get("/dia-ban/sap-xep").content.decode()
    seen = reform.preview(paper=paper(), actor=person("quantri"), now=NOW)
    centre = next(part for part in seen.parts if part.opening.key == "centre")
    merged = [place(code).pk for code in ("21952", "21955", "21976", "21979", "21982")]
    lie_there = Device.objects.filter(place__in=queries.below(merged, BEFORE)).count()
    assert (len(centre.inside), centre.people, centre.devices) == (18, 11, lie_there + 1), "and that of the district"
    assert sum(part.devices for part in seen.parts) == Device.objects.count()
    page = client.get("/dia-ban/sap-xep?plan=nq-1664").content.decode()
    assert ("Xã Tuy Phước Bắc" in page, "Chưa đối chiếu văn bản" in page, "Huyện Tuy Phước" in page) == (True,) * 3
    assert not Place.objects.exclude(valid_to=None).exists(), "looking changes nothing"
    assert client.post("/dia-ban/sap-xep?plan=nq-1664", {"confirm": "1"}).headers["Location"] == "/dia-ban/"
    today = client.get("/dia-ban/").content.decode()
    assert ("Tỉnh Gia Lai" in today, "Tỉnh Bình Định" in today) == (True, False)
    old = client.get("/dia-ban/?day=2025-06-30").content.decode()
    assert ("Tỉnh Bình Định" in old, "Huyện Tuy Phước" in old, "Tỉnh Gia Lai" in old) == (True, True, False)
    commune = client.get(f"/dia-ban/{place('21952').pk}").content.decode()
    assert ("Đã nhập vào" in commune, "Khu phố Công Chánh" in commune) == (True, True)
    again = client.post("/dia-ban/sap-xep?plan=nq-1664", {"confirm": "1"}, follow=True).content.decode()
    assert "đã được thực hiện" in again


def test_drawn_up_by_hand_a_split_and_a_merge(client: Client) -> None:
    """Two communes become one, but for one hamlet, which goes to the other new one."""
    client.force_login(person("quantri"))
    parent, one, two, three = place("550"), place("21952"), place("21955"), place("21958")
    hamlet = queries.children(one.pk, BEFORE)[0]
    address = f"/dia-ban/sap-xep?parent={parent.pk}&count=2"
    assert client.get(address).status_code == 200
    form = {
        "decision": "Nghị quyết thử",
        "day": "2026-11-01",
        "name_1": "Mới Một",
        "kind_1": "xã",
        "code_1": "21952",
        "name_2": "Mới Hai",
        "kind_2": "xã",
        "code_2": "",
        f"to_{one.pk.hex}": "1",
        f"to_{two.pk.hex}": "1",
        f"to_{three.pk.hex}": "2",
        f"go_{hamlet.pk.hex}": "2",
    }
    page = client.post(address, form).content.decode()
    assert ("Mới Một" in page, "Mới Hai" in page, 'name="confirm"' in page) == (True, True, True)
    assert client.post(address, {**form, "confirm": "1"}).status_code == 302
    day = NOW.date()
    first, second = (Place.objects.get(name=name) for name in ("Mới Một", "Mới Hai"))
    assert hamlet in queries.children(second.pk, day)
    assert len(queries.children(first.pk, day)) == 4
    assert set(Succession.objects.filter(old=one).values_list("new", flat=True)) == {first.pk, second.pk}
    held = person("bt.thitran").roles.filter(valid_to=None)
    assert {role.place for role in held} == {first, second}, "a role goes on in both parts"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "2030-01-01"}, "có hiệu lực từ 01/01/2030"),
        ({"name_1": ""}, "field-error"),
        ({"code_1": "21988"}, "Mã 21988 đang là mã của xã Phước Thành"),
    ],
)
def test_a_wrong_draft_comes_back_with_the_reason(client: Client, change: dict[str, str], said: str) -> None:
    client.force_login(person("quantri"))
    address = f"/dia-ban/sap-xep?parent={place('550').pk}&count=1"
    form = {"decision": "NQ", "day": "2026-11-01", "name_1": "Mới", "kind_1": "xã", f"to_{place('21952').pk.hex}": "1"}
    answer = client.post(address, {**form, **change, "confirm": "1"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Place.objects.exclude(valid_to=None).exists()
