"""What each kind of role may do, and how offices are called after a reform."""

import pytest

from nguon.people.models import Kind
from nguon.people.rules import RIGHTS, Right, kinds_with, succeeding_name


def test_every_kind_has_rights_and_may_at_least_look() -> None:
    assert RIGHTS.keys() == set(Kind.values)
    assert all(Right.VIEW in rights for rights in RIGHTS.values())


def test_no_kind_both_writes_and_approves_and_no_administrator_speaks() -> None:
    assert not any({Right.WRITE, Right.APPROVE} <= rights for rights in RIGHTS.values())
    assert RIGHTS["admin"].isdisjoint({Right.WRITE, Right.APPROVE, Right.BROADCAST})
    assert RIGHTS["watcher"] == {Right.VIEW}


def test_only_the_administrator_has_the_keys() -> None:
    for right in (Right.PEOPLE, Right.PLACES, Right.JOURNAL):
        assert kinds_with(right) == ["admin"]
    assert kinds_with(Right.BROADCAST) == ["approver", "editor"]
    assert kinds_with("nothing of the kind") == []


@pytest.mark.parametrize(
    ("office", "old", "new", "after"),
    [
        ("UBND xã Phước Thuận", "xã Phước Thuận", "xã Tuy Phước", "UBND xã Tuy Phước"),
        ("UBND Thị trấn Tuy Phước", "thị trấn Tuy Phước", "xã Tuy Phước", "UBND xã Tuy Phước"),
        ("Đài truyền thanh", "xã Phước Thuận", "xã Tuy Phước", "Đài truyền thanh"),
    ],
)
def test_an_office_takes_the_name_of_the_new_place(office: str, old: str, new: str, after: str) -> None:
    assert succeeding_name(office, old, new) == after
