"""The rules of the territory hold across any chain of merges and splits."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.places.plan import Ending, Fault, Opening, Plan, Source, problems
from nguon.places.rules import Edge, Span, Step, Tree, day_before

START = date(2020, 1, 1)


def pk(number: int) -> UUID:
    return UUID(int=number)


@dataclass
class World:
    """The tables of the territory in memory, changed by plans in the way the action changes the database."""

    spans: dict[UUID, Span] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    codes: list[tuple[str, UUID, Span]] = field(default_factory=list)
    people: dict[UUID, int] = field(default_factory=dict)
    last: int = 0

    @property
    def tree(self) -> Tree:
        return Tree(self.spans, self.edges, self.steps)

    def add(self, parent: UUID | None, on: date | None, people: int = 0, code: str = "") -> UUID:
        self.last += 1
        place = pk(self.last)
        self.spans[place] = Span(on)
        self.people[place] = people
        if parent:
            self.edges.append(Edge(place, parent, Span(on)))
        if code:
            self.codes.append((code, place, Span(on)))
        return place

    def carry_out(self, plan: Plan, on: date) -> dict[str, UUID]:
        moved, end = plan.moved(self.tree, on), day_before(on)
        closing = plan.closing()
        for place in closing:
            self.spans[place] = Span(self.spans[place].first, end)
        gone = closing | moved.keys()
        self.edges = [
            Edge(e.child, e.parent, Span(e.span.first, end)) if e.child in gone and e.span.last is None else e
            for e in self.edges
        ]
        self.codes = [
            (c, p, Span(s.first, end)) if p in closing and s.last is None else (c, p, s) for c, p, s in self.codes
        ]
        opened: dict[str, UUID] = {}
        for opening in plan.openings:
            assert isinstance(opening.parent, UUID)
            total = sum(self.people[source.place] for source in opening.sources)
            opened[opening.key] = self.add(opening.parent, on, total, opening.codes[0][1])
            self.steps += [Step(source.place, opened[opening.key], on) for source in opening.sources]
        self.edges += [Edge(child, opened[key], Span(on)) for child, key in moved.items()]
        return opened


def first_world(communes: int, hamlets: int) -> tuple[World, UUID]:
    world = World()
    root = world.add(None, None)
    for number in range(communes):
        commune = world.add(root, None, people=100 + number, code=f"c{number}")
        for _ in range(hamlets):
            world.add(commune, None, people=10)
    return world, root


def merge(world: World, root: UUID, chosen: list[UUID], on: date) -> Plan:
    """All the chosen become one, which takes the code of the first."""
    code = next(c for c, place, span in world.codes if place == chosen[0] and span.last is None)
    return Plan((Opening("new", "Mới", "xã", root, tuple(map(Source, chosen)), (("gso", code),)),))


def split(world: World, root: UUID, old: UUID, on: date) -> Plan:
    """One becomes two, with its parts shared out; the first half keeps the code."""
    code = next(c for c, place, span in world.codes if place == old and span.last is None)
    parts = sorted(world.tree.children(old, day_before(on)))
    moves = {part: ("one", "two")[n % 2] for n, part in enumerate(parts)}
    halves = [("one", code), ("two", f"{code}-{on}")]
    return Plan(tuple(Opening(key, key, "xã", root, (Source(old),), (("gso", c),)) for key, c in halves), moves=moves)


@st.composite
def histories(draw: st.DrawFn) -> tuple[World, UUID, list[date]]:
    """A territory after up to six merges and splits, some days apart."""
    world, root = first_world(draw(st.integers(2, 5)), draw(st.integers(0, 4)))
    on, days = START, []
    for _ in range(draw(st.integers(1, 6))):
        on += timedelta(days=draw(st.integers(2, 400)))
        now = sorted(world.tree.children(root, on))
        if len(now) > 1 and draw(st.booleans()):
            chosen = draw(st.lists(st.sampled_from(now), min_size=2, max_size=len(now), unique=True))
            plan = merge(world, root, chosen, on)
        else:
            plan = split(world, root, draw(st.sampled_from(now)), on)
        assert problems(plan, world.tree, on) == []
        world.carry_out(plan, on)
        days.append(on)
    return world, root, days


def around(days: list[date]) -> list[date]:
    return [START, *(day for on in days for day in (on - timedelta(days=1), on))]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_place_has_at_most_one_parent_on_any_day(found: tuple[World, UUID, list[date]]) -> None:
    world, _, days = found
    for day in around(days):
        held = [edge.child for edge in world.edges if edge.span.holds(day)]
        assert len(held) == len(set(held))
        for edge in world.edges:
            if edge.span.holds(day):
                assert world.tree.in_force(edge.child, day)
                assert world.tree.in_force(edge.parent, day)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_below_and_above_say_the_same(found: tuple[World, UUID, list[date]]) -> None:
    world, root, days = found
    tree = world.tree
    for day in around(days):
        assert tree.roots(day) == {root}
        alive = [place for place in world.spans if tree.in_force(place, day)]
        assert tree.below([root], day) == set(alive)
        for place in alive:
            chain = tree.above(place, day)
            assert (chain[0], chain[-1]) == (root, place)
            assert all(place in tree.below([up], day) for up in chain)
            assert all(tree.parent(lower, day) == upper for upper, lower in pairwise(chain))


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_code_means_one_place_on_one_day(found: tuple[World, UUID, list[date]]) -> None:
    world, _, days = found
    for day in around(days):
        held = [code for code, _, span in world.codes if span.holds(day)]
        assert len(held) == len(set(held))


@settings(max_examples=60, deadline=None)
@given(histories())
def test_nothing_is_lost(found: tuple[World, UUID, list[date]]) -> None:
    """Hamlets are as many as before, each in a commune; whoever has the root answers for every place there ever was."""
    world, root, days = found
    tree, end = world.tree, days[-1]
    hamlets = [edge.child for edge in world.edges if edge.span.first is None and edge.parent != root]
    communes = tree.children(root, end)
    assert {tree.parent(hamlet, end) for hamlet in hamlets} <= communes
    assert tree.answered_for([root], end) == set(world.spans)
    for day in around(days):
        begun = {place for place, span in world.spans.items() if not span.first or span.first <= day}
        assert tree.answered_for([root], day) == begun


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(0, 5), st.data())
def test_a_merge_conserves_people_and_hamlets(communes: int, hamlets: int, data: st.DataObject) -> None:
    world, root = first_world(communes, hamlets)
    old = sorted(world.tree.children(root, START))
    chosen = data.draw(st.lists(st.sampled_from(old), min_size=1, unique=True))
    before = {place: world.people[place] for place in old}
    new = world.carry_out(merge(world, root, chosen, START), START)["new"]
    after = world.tree.children(root, START)
    assert sum(world.people[place] for place in after) == sum(before.values())
    assert len(world.tree.children(new, START)) == hamlets * len(chosen)
    assert sum(len(world.tree.children(place, START)) for place in after) == hamlets * communes


def faults(plan: Plan, tree: Tree) -> set[Fault]:
    return {problem.fault for problem in problems(plan, tree, START)}


def test_a_plan_says_what_is_wrong_with_it() -> None:
    world, root = first_world(3, 2)
    one, two, three = sorted(world.tree.children(root, START))
    part = min(world.tree.children(one, START))
    tree = world.tree

    def opening(key: str, *sources: UUID, parent: str | UUID | None = root) -> Opening:
        return Opening(key, key, "xã", parent, tuple(map(Source, sources)))

    assert faults(Plan(()), tree) == {Fault.EMPTY}
    assert faults(Plan((opening("a"),)), tree) == {Fault.NO_SOURCE}
    assert faults(Plan((opening("a", one), opening("a", two))), tree) == {Fault.TWICE}
    assert faults(Plan((opening("a", one, parent=two), opening("b", two))), tree) == {Fault.PARENT}
    assert faults(Plan((opening("a", one, parent="b"), opening("b", two, parent="a"))), tree) == {Fault.PARENT}
    assert faults(Plan((opening("a", one, parent=part),)), tree) == {Fault.PARENT}
    assert faults(Plan((opening("a", pk(999)),)), tree) == {Fault.NOT_YET}
    assert Fault.HOMELESS in faults(Plan((opening("a", one), opening("b", one))), tree)
    assert faults(Plan((opening("a", one),), moves={three: "a"}), tree) == {Fault.STRAY}
    assert Fault.BOTH in faults(Plan((opening("a", one),), (Ending(one, "a"),)), tree)
    assert Fault.HEIR in faults(Plan((opening("a", one),), (Ending(two, "nobody"),)), tree)


def test_a_plan_cannot_be_carried_out_twice_or_before_a_later_change() -> None:
    world, root = first_world(2, 1)
    one, two = sorted(world.tree.children(root, START))
    plan = merge(world, root, [one, two], START)
    world.carry_out(plan, START)
    assert {problem.fault for problem in problems(plan, world.tree, START)} >= {Fault.CLOSED}
    other, _ = first_world(1, 1)
    hamlet = pk(3)
    other.edges = [
        Edge(e.child, e.parent, Span(START + timedelta(days=9))) if e.child == hamlet else e for e in other.edges
    ]
    late = Plan((Opening("a", "a", "xã", pk(1), (Source(pk(2)),)),))
    assert Fault.LATER in {problem.fault for problem in problems(late, other.tree, START)}


@given(st.lists(st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2000, 3, 1))), min_size=4, max_size=4), st.data())
def test_spans_meet_when_they_share_a_day(ends: list[date | None], data: st.DataObject) -> None:
    one, two = Span(ends[0], ends[1]), Span(ends[2], ends[3])
    if any(span.first and span.last and span.last < span.first for span in (one, two)):
        return
    days = [date(1999, 12, 1) + timedelta(days=n) for n in range(150)]
    assert one.meets(two) == any(one.holds(day) and two.holds(day) for day in days)
