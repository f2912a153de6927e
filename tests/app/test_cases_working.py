"""Working time: office hours, Vietnam's holidays and the days worked instead, days of a place; and which rule holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.feedback import deadlines, working
from nguon.feedback.models import DayOff, Step, Term, Unit
from nguon.feedback.working import Calendar
from nguon.kit.clock import LOCAL, local_day
from tests.app.told import Hall, make_hall

HOURS = working.hours("7:00-11:30, 13:30-17:00")
CALENDAR = Calendar(HOURS)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
AMOUNTS = st.integers(0, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))
OWN = st.dictionaries(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.booleans(), max_size=30)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type, misc]


def in_hours(moment: datetime) -> bool:
    clock = moment.astimezone(LOCAL).time()
    return any(begins <= clock <= ends for begins, ends in HOURS)


@given(MOMENTS, AMOUNTS, OWN)
def test_a_deadline_is_never_on_a_day_off_nor_outside_office_hours(
    start: datetime, amount: timedelta, own: dict[date, bool]
) -> None:
    calendar = Calendar(HOURS, own)
    end = calendar.add(start, amount)
    assert end >= start
    assert calendar.works(local_day(end))
    assert in_hours(end)


@given(MOMENTS, AMOUNTS, OWN)
def test_what_is_added_is_what_lies_between(start: datetime, amount: timedelta, own: dict[date, bool]) -> None:
    calendar = Calendar(HOURS, own)
    assert calendar.between(start, calendar.add(start, amount)) == amount


@given(MOMENTS, AMOUNTS, AMOUNTS)
def test_more_time_ends_later_and_a_later_start_never_ends_sooner(
    start: datetime, one: timedelta, other: timedelta
) -> None:
    assert CALENDAR.add(start, one) <= CALENDAR.add(start, one + other)
    assert CALENDAR.add(start, one) <= CALENDAR.add(start + other, one)


@given(MOMENTS, AMOUNTS, AMOUNTS)
def test_time_adds_up(start: datetime, one: timedelta, other: timedelta) -> None:
    middle, end = start + one, start + one + other
    assert CALENDAR.between(start, middle) + CALENDAR.between(middle, end) == CALENDAR.between(start, end)
    assert CALENDAR.between(end, start) == timedelta() or start == end


@given(MOMENTS, st.integers(1, 40))
def test_working_days_are_counted_after_the_first(start: datetime, days: int) -> None:
    end = CALENDAR.end_after(start, days)
    between = [local_day(start) + timedelta(days=n) for n in range(1, (local_day(end) - local_day(start)).days + 1)]
    assert sum(map(CALENDAR.works, between)) == days
    assert CALENDAR.works(local_day(end))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 8, 31), False),  # off for Saturday the 22nd
        (date(2026, 8, 22), True),  # which is worked
        (date(2026, 4, 27), False),  # for the Sunday of Giỗ Tổ
        (date(2026, 2, 18), False),  # Tết
    ],
)
def test_the_calendar_of_the_country(day: date, works: bool) -> None:
    assert CALENDAR.works(day) is works


def test_a_calendar_nobody_works_in_is_an_error() -> None:
    days = {date(2026, 1, 1) + timedelta(days=n): False for n in range(working.LONGEST + 10)}
    with pytest.raises(working.NoWorkingTime):
        Calendar(HOURS, days).add(local(2026, 1, 1, 8), timedelta(hours=1))


@pytest.mark.parametrize("written", ["", "7-", "11:00-7:00", "7:00-12:00, 11:00-17:00", "x-y"])
def test_office_hours_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        working.hours(written)


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


def test_a_place_has_days_of_its_own(hall: Hall) -> None:
    day = date(2026, 11, 25)
    DayOff.objects.create(day=day, place=hall.root, why="Lễ hội")
    assert not working.calendar(hall.hamlet.pk, hall.now).works(day)
    DayOff.objects.create(day=day, place=hall.here, works=True, why="Xã vẫn làm việc")
    assert working.calendar(hall.hamlet.pk, hall.now).works(day)
    assert not working.calendar(hall.there.pk, hall.now).works(day)
    assert working.calendar(None, hall.now).works(day)


def term(**values: object) -> Term:
    given: dict[str, object] = {"step": Step.ANSWER, "amount": 1, "unit": Unit.DAYS, "basis": "Thử", **values}
    return Term.objects.create(**given)


def test_the_most_special_rule_counts(hall: Hall) -> None:
    def chosen(severity: str = "ordinary") -> Term | None:
        return deadlines.Terms(hall.hamlet.pk, hall.field().pk, severity, hall.now).of(Step.ANSWER)

    assert chosen() == Term.objects.get(step="answer", severity="")
    above = term(place=hall.root)
    assert chosen() == above
    nearer = term(place=hall.here)
    assert chosen() == nearer
    assert chosen("urgent") == Term.objects.get(step="answer", severity="urgent")
    term(place=hall.there)
    of_field = term(field=hall.field())
    assert chosen() == chosen("urgent") == of_field


def test_a_rule_holds_for_what_came_in_while_it_was_in_force(hall: Hall) -> None:
    old = hall.case()
    Term.objects.filter(step="answer", severity="").update(valid_to=local_day(hall.now))
    term(amount=10, valid_from=local_day(hall.now) + timedelta(days=1))
    new = hall.taken(now=hall.now + timedelta(days=2)).case
    assert deadlines.of_case(old).answer_by == old.answer_by
    assert new.answer_by == local(2026, 12, 7, 17, 0)  # ten days later is a Saturday


def test_without_any_rule_there_is_a_deadline_all_the_same(hall: Hall) -> None:
    Term.objects.all().delete()
    case = hall.case()
    assert (case.accept_by, case.answer_by) == (local(2026, 11, 25, 8, 0), local(2026, 12, 14, 17, 0))


def test_a_deadline_in_working_days_ends_with_the_office_hours(hall: Hall) -> None:
    term(amount=3, unit=Unit.WORKING_DAYS, place=hall.here)
    assert hall.case().answer_by == local(2026, 11, 27, 17, 0)  # Tuesday is a holiday
