"""The course of a delivery: whatever the order in which answers come, the same story is told."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from nguon.delivery import rules
from nguon.wire.messages import Reason, Stage

START = 1_763_859_600_000
ONE = "0" * 31 + "1"

answers = st.lists(
    st.tuples(st.sampled_from(list(Stage)), st.integers(0, 1000)),
    min_size=1,
    max_size=8,
).map(
    lambda items: [
        rules.Answer(ONE, ONE, seq, stage.value, START + after) for seq, (stage, after) in enumerate(items, 1)
    ]
)


def told(items: list[rules.Answer]) -> rules.Course:
    return reduce(rules.merge, map(rules.course_of, items))


@given(answers, st.randoms())
def test_order_and_repeats_change_nothing(items: list[rules.Answer], random: object) -> None:
    shuffled = [*items, *items[: len(items) // 2]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert told(shuffled) == told(items)


@given(answers)
def test_the_newest_answer_decides_and_any_answer_means_received(items: list[rules.Answer]) -> None:
    course = told(items)
    assert course.progress == items[-1].stage
    assert course.received_at is not None
    if any(item.stage == "finished" for item in items):
        assert course.finished_at is not None


@given(st.integers(0, 10_000))
def test_repeats_wait_longer_and_longer_but_never_too_long(sends: int) -> None:
    wait = rules.repeat_after(sends)
    assert rules.FIRST_REPEAT <= wait <= rules.LONGEST_REPEAT
    assert rules.repeat_after(sends + 1) >= wait


def test_every_reason_a_device_may_give_has_words() -> None:
    for reason in Reason:
        assert bool(rules.words(reason.value)) == bool(reason.value)
    assert rules.words("never heard of") == "Không rõ nguyên nhân."


def test_every_stage_has_a_place_in_the_database() -> None:
    from nguon.delivery.models import Progress

    assert {stage.value for stage in Stage} < set(Progress.values)
    assert set(Progress.values) > rules.FINAL
