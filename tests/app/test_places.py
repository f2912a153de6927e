"""The verbs on the territory, one by one, and its pages."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from nguon.journal.models import Entry
from nguon.kit.clock import today
from nguon.people.models import Office, Person, Role
from nguon.places import actions, queries
from nguon.places.errors import AlreadyDone, BadDate, CodeTaken, Impossible, Inside, NotHere, StillInUse, TooEarly
from nguon.places.models import Code, Place, Succession
from nguon.places.plan import Opening, Plan, Source
from nguon.places.reorganise import reorganise

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 1)
BEFORE = date(2026, 10, 31)
pytestmark = pytest.mark.django_db


def make(name: str, parent: Place | None = None, **fields: object) -> Place:
    return actions.create_place(name=name, kind="xã", parent=parent, actor="test", now=NOW, **fields)  # type: ignore[arg-type]


def administrator(at: Place, name: str = "admin") -> Person:
    made = Person.objects.create(username=name, full_name=name)
    Role.objects.create(person=made, kind="admin", place=at)
    return made


def test_names_are_cleaned_and_found_without_marks() -> None:
    province = make("Bi\u0300nh Đi\u0323nh")  # decomposed, as some keyboards send it
    assert province.name == "Bình Định"
    assert list(queries.search("binh dinh", DAY)) == [province]
    assert list(queries.search("XA binh", DAY)) == [province]
    assert list(queries.search("hà nội", DAY)) == []


def test_moving_ends_one_link_and_begins_another() -> None:
    root = make("r")
    one, two = make("a", root), make("b", root)
    hamlet = make("h", one)
    actions.move(place=hamlet, parent=two, on=DAY, actor="test", now=NOW)
    assert [place.name for place in queries.above(hamlet.pk, BEFORE)] == ["r", "a", "h"]
    assert [place.name for place in queries.above(hamlet.pk, DAY)] == ["r", "b", "h"]
    assert (queries.children(one.pk, DAY), queries.children(two.pk, DAY)) == ([], [hamlet])
    with pytest.raises(Inside):
        actions.move(place=root, parent=two, on=DAY, actor="test", now=NOW)
    with pytest.raises(BadDate):
        actions.move(place=hamlet, parent=one, on=BEFORE, actor="test", now=NOW)


def test_closing_needs_an_empty_place_and_ends_all_of_it() -> None:
    root = make("r")
    commune = make("a", root, codes={"gso": "1"})
    hamlet = make("h", commune)
    with pytest.raises(StillInUse):
        actions.close(place=commune, last=BEFORE, actor="test", now=NOW)
    for place in (hamlet, commune):
        actions.close(place=place, last=BEFORE, actor="test", now=NOW)
    assert (queries.children(root.pk, BEFORE), queries.children(root.pk, DAY)) == ([commune], [])
    assert (queries.by_code("gso", "1", BEFORE), queries.by_code("gso", "1", DAY)) == (commune, None)
    with pytest.raises(BadDate):
        actions.close(place=commune, last=DAY, actor="test", now=NOW)


def test_a_code_cannot_mean_two_places_on_a_day() -> None:
    one, two = make("a", codes={"gso": "1"}), make("b", codes={"gso": "2"})
    with pytest.raises(CodeTaken, match="Mã 1 đang là mã của xã a"):
        actions.set_code(place=two, system="gso", code="1", on=DAY, actor="test", now=NOW)
    assert queries.by_code("gso", "2", DAY) == two, "a refusal must leave the old code"
    actions.set_code(place=one, system="gso", code="9", on=DAY, actor="test", now=NOW)
    actions.set_code(place=two, system="gso", code="1", on=DAY, actor="test", now=NOW)
    assert (queries.by_code("gso", "1", BEFORE), queries.by_code("gso", "1", DAY)) == (one, two)
    assert Code.objects.filter(code="1").count() == 2


def test_each_verb_is_in_the_journal() -> None:
    place = make("a")
    actions.rename(place=place, name="A", kind="xã", actor="test", now=NOW)
    actions.set_code(place=place, system="gso", code="9", on=DAY, actor="test", now=NOW)
    actions.close(place=place, last=DAY, actor="test", now=NOW)
    found = Entry.objects.filter(subject=f"places.place:{place.pk.hex}").values_list("verb", flat=True)
    assert list(found) == ["places.create", "places.rename", "places.code", "places.close"]


def test_an_administrator_acts_below_their_place_only() -> None:
    root = make("r")
    one, two = make("a", root), make("b", root)
    hamlet = make("h", one)
    asker = administrator(one)
    actions.create_place(name="h2", kind="thôn", parent=one, actor=asker, now=NOW)
    for target in (two, root, None):
        with pytest.raises(NotHere):
            actions.create_place(name="x", kind="thôn", parent=target, actor=asker, now=NOW)
    with pytest.raises(NotHere):
        actions.move(place=hamlet, parent=two, on=DAY, actor=asker, now=NOW)
    with pytest.raises(NotHere):
        actions.rename(place=two, name="x", kind="xã", actor=asker, now=NOW)


def halves(old: Place, root: Place, parts: list[Place]) -> Plan:
    left = Opening("left", "Trái", "xã", root.pk, (Source(old.pk),), (("gso", "1"),))
    right = Opening("right", "Phải", "xã", root.pk, (Source(old.pk),), (("gso", "2"),))
    return Plan((left, right), moves={part.pk: ("left", "right")[n % 2] for n, part in enumerate(parts)})


def test_a_split_shares_out_the_parts_and_both_halves_keep_the_past() -> None:
    root = make("r")
    old = make("a", root, codes={"gso": "1"}, population=100)
    parts = [make(f"h{n}", old) for n in range(3)]
    done = reorganise(decision="NQ 1", on=DAY, plan=halves(old, root, parts), actor="test", now=NOW)
    left, right = (Place.objects.get(pk=done.opened[key]) for key in ("left", "right"))
    assert (queries.children(left.pk, DAY), queries.children(right.pk, DAY)) == ([parts[0], parts[2]], [parts[1]])
    assert (left.population, right.population) == (None, None), "nobody knows how the people were shared out"
    assert queries.counted_under(left.pk, DAY) == {left.pk, old.pk, parts[0].pk, parts[2].pk}
    assert queries.counted_under(root.pk, DAY) == set(Place.objects.values_list("pk", flat=True))
    assert (queries.by_code("gso", "1", BEFORE), queries.by_code("gso", "1", DAY)) == (old, left)
    assert Succession.objects.filter(old=old, basis="NQ 1").count() == 2


def test_a_merge_adds_the_people_up() -> None:
    root = make("r")
    old = [make(f"a{n}", root, population=100 + n) for n in range(3)]
    sources = tuple(Source(place.pk) for place in old)
    plan = Plan((Opening("new", "Mới", "xã", root.pk, sources),))
    done = reorganise(decision="NQ 1", on=DAY, plan=plan, actor="test", now=NOW)
    assert Place.objects.get(pk=done.opened["new"]).population == 303


def test_a_plan_that_cannot_be_is_refused_whole() -> None:
    root = make("r")
    old, other = make("a", root), make("b", root, codes={"gso": "2"})
    parts = [make("h", old)]
    before = (Place.objects.count(), Entry.objects.count())
    with pytest.raises(CodeTaken):
        reorganise(decision="NQ", on=DAY, plan=halves(old, root, parts), actor="test", now=NOW)
    with pytest.raises(Impossible, match="Chưa rõ xã h về đơn vị mới nào"):
        reorganise(decision="NQ", on=DAY, plan=halves(old, root, []), actor="test", now=NOW)
    plan = Plan((Opening("new", "Mới", "xã", root.pk, (Source(old.pk),)),))
    with pytest.raises(TooEarly):
        reorganise(decision="NQ", on=date(2026, 11, 24), plan=plan, actor="test", now=NOW)
    assert (Place.objects.count(), Entry.objects.count()) == before
    for place in (old, other):
        place.refresh_from_db()
        assert place.valid_to is None


def test_a_plan_is_carried_out_once() -> None:
    root = make("r")
    old = make("a", root, codes={"gso": "1"})
    plan = halves(old, root, [])
    reorganise(decision="NQ", on=DAY, plan=plan, actor="test", now=NOW)
    with pytest.raises(AlreadyDone, match="đã được thực hiện, có hiệu lực từ 01/11/2026"):
        reorganise(decision="NQ", on=DAY, plan=plan, actor="test", now=NOW)


def test_one_administers_all_that_a_plan_touches() -> None:
    root = make("r")
    one, two = make("a", root), make("b", root)
    plan = Plan((Opening("new", "Mới", "xã", root.pk, (Source(one.pk), Source(two.pk))),))
    for at in (one, two):
        with pytest.raises(NotHere):
            reorganise(decision="NQ", on=DAY, plan=plan, actor=administrator(at, at.name), now=NOW)
    reorganise(decision="NQ", on=DAY, plan=plan, actor=administrator(root, "root"), now=NOW)


def test_the_pages_show_one_s_own_part_of_the_tree(client: Client) -> None:
    root = make("Gốc")
    mine, other = make("Của Tôi", root, codes={"gso": "1"}), make("Láng Giềng", root)
    Office.objects.create(name="UBND của tôi", place=mine)
    client.force_login(administrator(mine))
    tree = client.get("/dia-ban/").content.decode()
    assert ("Của Tôi" in tree, "Láng Giềng" in tree, "Gốc" in tree) == (True, False, True)
    assert f"/dia-ban/{root.pk}" not in tree
    page = client.get(f"/dia-ban/{mine.pk}").content.decode()
    assert "UBND của tôi" in page
    for place in (other, root):
        assert client.get(f"/dia-ban/{place.pk}").status_code == 404
        assert client.post(f"/dia-ban/{place.pk}/ten", {"name": "x", "kind": "x"}).status_code == 404
        assert client.post(f"/dia-ban/{place.pk}/them", {"new-name": "x", "new-kind": "x"}).status_code == 404


def test_adding_and_correcting_on_the_page(client: Client) -> None:
    mine = make("Của Tôi")
    client.force_login(administrator(mine))
    assert client.post(f"/dia-ban/{mine.pk}/them", {"new-name": "Mới", "new-kind": "thôn"}).status_code == 302
    assert [place.name for place in queries.children(mine.pk, today())] == ["Mới"]
    assert client.post(f"/dia-ban/{mine.pk}/ten", {"name": "Đúng", "kind": "xã"}).status_code == 302
    mine.refresh_from_db()
    assert mine.name == "Đúng"
    assert client.post(f"/dia-ban/{mine.pk}/ten", {"name": "\u200b", "kind": "xã"}).status_code == 422


@pytest.mark.parametrize("query", ["?day=no", "?text=%00", "?day=0001-01-01", "?day=9999-12-31", "?text=khong+co"])
def test_a_strange_address_is_no_error(client: Client, query: str) -> None:
    client.force_login(administrator(make("r")))
    assert client.get("/dia-ban/" + query).status_code == 200
