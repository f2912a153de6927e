"""Scoping: what a role reaches, on which day, and what it does not."""

from datetime import date

import pytest

from nguon.people import queries, scope
from nguon.people.models import Person, Role
from nguon.people.rules import RIGHTS, Right
from nguon.places.models import Link, Place, Succession

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def place(name: str, parent: Place | None = None, first: date | None = None, last: date | None = None) -> Place:
    made = Place.objects.create(name=name, kind="xã", folded=name.lower(), valid_from=first, valid_to=last)
    if parent:
        Link.objects.create(child=made, parent=parent, valid_from=first, valid_to=last)
    return made


def person(name: str, kind: str, at: Place, first: date | None = None, last: date | None = None) -> Person:
    made, _ = Person.objects.get_or_create(username=name, defaults={"full_name": name})
    Role.objects.create(person=made, kind=kind, place=at, valid_from=first, valid_to=last)
    return made


def test_a_role_reaches_down_never_up_or_sideways() -> None:
    province = place("province")
    commune, neighbour = place("commune", province), place("neighbour", province)
    hamlet = place("hamlet", commune)
    editor = person("editor", "editor", commune)
    assert scope.place_ids(editor, Right.WRITE) == {commune.pk, hamlet.pk}
    assert scope.place_ids(editor, Right.APPROVE) == frozenset()
    assert not scope.may(editor, Right.VIEW, neighbour.pk)
    assert not scope.may(editor, Right.VIEW, province.pk)
    assert set(scope.visible(Place.objects, editor, field="pk")) == {commune, hamlet}
    with pytest.raises(scope.Forbidden):
        scope.require(editor, Right.WRITE, neighbour.pk)


def test_a_stranger_and_an_inactive_person_reach_nothing() -> None:
    commune = place("commune")
    assert scope.place_ids(Person.objects.create(username="nobody"), Right.VIEW) == frozenset()
    gone = person("gone", "admin", commune)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    assert scope.place_ids(gone, Right.VIEW) == frozenset()
    assert queries.rights(gone) == frozenset()


def test_superuser_is_not_a_way_round() -> None:
    commune = place("commune")
    root = Person.objects.create(username="root", is_superuser=True, is_staff=True)
    assert not scope.may(root, Right.VIEW, commune.pk)


def test_an_ended_role_ends_and_its_successor_sees_the_past() -> None:
    old, other = place("old", last=BEFORE), place("other", last=BEFORE)
    elsewhere = place("elsewhere")
    new = place("new", first=AFTER)
    for before in (old, other):
        Succession.objects.create(old=before, new=new, on=AFTER, basis="NQ")
    stale = person("stale", "editor", old, last=BEFORE)
    follower = person("follower", "editor", new, first=AFTER)
    assert scope.may(stale, Right.VIEW, old.pk, on=BEFORE)
    assert not scope.may(stale, Right.VIEW, old.pk, on=AFTER)
    assert not scope.may(stale, Right.VIEW, new.pk, on=AFTER)
    assert scope.place_ids(follower, Right.VIEW, AFTER) == {new.pk, old.pk, other.pk}
    assert scope.place_ids(follower, Right.VIEW, BEFORE) == frozenset()
    assert not scope.may(follower, Right.VIEW, elsewhere.pk)


def test_a_hamlet_that_went_elsewhere_is_not_reached_through_the_old_commune() -> None:
    old = place("old", last=BEFORE)
    left, right = place("left", first=AFTER), place("right", first=AFTER)
    hamlet = place("hamlet")
    Link.objects.create(child=hamlet, parent=old, valid_to=BEFORE)
    Link.objects.create(child=hamlet, parent=right, valid_from=AFTER)
    for new in (left, right):
        Succession.objects.create(old=old, new=new, on=AFTER, basis="split")
    assert scope.place_ids(person("l", "editor", left), "view", AFTER) == {left.pk, old.pk}
    assert scope.place_ids(person("r", "editor", right), "view", AFTER) == {right.pk, old.pk, hamlet.pk}


def test_what_ended_without_successor_stays_with_the_place_it_lay_in() -> None:
    province = place("old province", last=BEFORE)
    district = place("district", province, last=BEFORE)
    successor = place("new province", first=AFTER)
    Succession.objects.create(old=province, new=successor, on=AFTER, basis="NQ")
    admin = person("admin", "admin", successor, first=AFTER)
    assert scope.may(admin, Right.JOURNAL, district.pk, on=AFTER)


def test_rights_are_the_union_of_the_roles_in_force() -> None:
    commune = place("commune")
    both = person("both", "editor", commune)
    person("both", "technician", commune)
    person("both", "approver", commune, last=BEFORE)
    assert queries.rights(both) == RIGHTS["editor"] | RIGHTS["technician"]
    assert Right.APPROVE not in queries.rights(both)
    assert both.reach(Right.DEVICES) == {commune.pk}
