"""The stages of an alert: each reaches more than the one before, and the last reaches everybody."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from nguon.alerts.rules import Stage, narrowed, stages
from nguon.delivery.rules import Targets

DEVICES = [uuid4() for _ in range(6)]
SETS = st.sets(st.sampled_from(DEVICES))


def test_one_then_the_commune_then_all() -> None:
    one, two, three = DEVICES[:3]
    assert stages(one, {one, two}, {one, two, three}) == (Stage.ONE, Stage.NEAR, Stage.ALL)


def test_within_one_commune_there_are_two() -> None:
    one, two = DEVICES[:2]
    assert stages(one, {one, two}, {one, two}) == (Stage.ONE, Stage.ALL)
    assert stages(one, {one}, {one, two}) == (Stage.ONE, Stage.ALL)


def test_of_one_cluster_there_is_one_and_without_a_first_the_commune_begins() -> None:
    one, two = DEVICES[:2]
    assert stages(one, {one}, {one}) == (Stage.ALL,)
    assert stages(None, {one}, {one, two}) == (Stage.NEAR, Stage.ALL)
    assert stages(None, set(), {one, two}) == (Stage.ALL,)


@given(st.none() | st.sampled_from(DEVICES), SETS, SETS)
def test_each_reaches_more_than_the_one_before(pilot: UUID | None, near: set[UUID], every: set[UUID]) -> None:
    found = stages(pilot, near, every)
    reached: dict[Stage, set[Any]] = {Stage.ONE: {pilot} & every, Stage.NEAR: near & every, Stage.ALL: every}
    assert found[-1] == Stage.ALL
    assert list(found) == sorted(found)
    for before, after in pairwise(found):
        assert reached[before]
        assert reached[before] < reached[after]


BRANCH, INSIDE, ABOVE, BESIDE = (uuid4() for _ in range(4))
PLACES = st.lists(st.sampled_from([BRANCH, INSIDE, ABOVE, BESIDE]), unique=True)
STANDING = st.dictionaries(st.sampled_from(DEVICES), st.sampled_from([BRANCH, INSIDE, BESIDE]))


@given(PLACES, STANDING, STANDING)
def test_narrowed_names_nothing_outside_the_branch(
    places: list[UUID], alone: dict[UUID, UUID], grouped: dict[UUID, UUID]
) -> None:
    targets = Targets(places=tuple(places), groups=(uuid4(),), devices=tuple(alone))
    found = narrowed(targets, BRANCH, inside={BRANCH, INSIDE}, above={ABOVE}, standing=alone, grouped=grouped)
    assert set(found.places) <= {BRANCH, INSIDE}
    assert not found.groups  # a group may reach beyond: its clusters are named
    where = {**alone, **grouped}
    if set(places) & {BRANCH, ABOVE}:
        assert found == Targets(places=(BRANCH,))
    else:
        assert set(found.devices) == {device for device, place in where.items() if place in {BRANCH, INSIDE}}
        assert set(found.places) == set(places) & {INSIDE}
