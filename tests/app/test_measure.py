"""How often something may be done: counted once for all, anew when its time is over, not written past it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from nguon.people import measure
from nguon.people.models import Measure

NOW = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ask(what: str = "tìm:203.0.113.9", at: datetime = NOW) -> bool:
    return measure.within(what, 3, HOUR, at)


@pytest.mark.django_db
def test_so_many_are_within_and_then_none_until_it_begins_anew() -> None:
    assert [ask() for _ in range(5)] == [True, True, True, False, False]
    assert ask("tìm:203.0.113.10"), "another one is counted apart"
    assert not ask(at=NOW + HOUR - timedelta(seconds=1))
    assert [ask(at=NOW + HOUR) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_what_is_past_measure_writes_nothing() -> None:
    for _ in range(3):
        ask()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert not ask()
    assert [one["sql"].split()[0] for one in asked] == ["SELECT"]


@pytest.mark.django_db
def test_nothing_of_an_address_is_kept_and_what_is_long_over_is_forgotten() -> None:
    ask()
    assert "203.0.113" not in str(list(Measure.objects.values()))
    ask("khác", NOW + HOUR + timedelta(days=2))
    assert Measure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_not_more_than_the_measure() -> None:
    def one(_number: int) -> bool:
        try:
            return ask()
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(one, range(24))) == 3
