"""How times, lengths and sizes are said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.kit.clock import LOCAL
from nguon.ui import words

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 23, 8, 15, tzinfo=LOCAL), "08:15 hôm nay"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=LOCAL), "23:59 hôm qua"),
        (datetime(2026, 11, 24, 5, 0, tzinfo=LOCAL), "05:00 ngày mai"),
        (datetime(2026, 11, 20, 8, 15, tzinfo=LOCAL), "08:15 20/11/2026"),
        (datetime(2026, 11, 22, 17, 30, tzinfo=UTC), "00:30 hôm nay"),
        (date(2026, 11, 23), "hôm nay"),
        (date(2026, 7, 1), "01/07/2026"),
    ],
)
def test_when(moment: date | datetime, said: str) -> None:
    assert words.when(moment, NOW) == said


def test_when_without_the_hour() -> None:
    assert words.when(NOW - timedelta(days=1), NOW, with_time=False) == "hôm qua"


def test_full_form() -> None:
    assert words.full(datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC)) == "Thứ Sáu, 20/11/2026, 08:15:30"
    assert words.full(date(2026, 11, 22)) == "Chủ nhật, 22/11/2026"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=3), "vừa xong"),
        (timedelta(seconds=-3), "ngay bây giờ"),
        (timedelta(seconds=59), "59 giây trước"),
        (timedelta(minutes=5, seconds=50), "5 phút trước"),
        (timedelta(hours=26), "1 ngày trước"),
        (-timedelta(hours=2), "còn 2 giờ"),
    ],
)
def test_ago(gap: timedelta, said: str) -> None:
    assert words.ago(NOW - gap, NOW) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0 giây"),
        (999, "1 giây"),
        (80_000, "1 phút 20 giây"),
        (119_600, "2 phút"),
        (3_600_000, "1 giờ"),
        (3_905_000, "1 giờ 5 phút"),
    ],
)
def test_duration(ms: int, said: str) -> None:
    assert words.duration(ms) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 byte"), (640, "640 byte"), (1024, "1 KB"), (1_468_006, "1,4 MB"), (5 << 40, "5120 GB")]
)
def test_size(count: int, said: str) -> None:
    assert words.size(count) == said


@given(MOMENTS, MOMENTS)
def test_any_moment_can_be_said(moment: datetime, now: datetime) -> None:
    assert words.when(moment, now).startswith(f"{moment.astimezone(LOCAL):%H:%M} ")
    future = words.ago(moment, now).startswith(("còn", "ngay"))
    assert future == (moment > now)


@given(st.integers(0, 10**9))
def test_lengths_have_at_most_two_parts(ms: int) -> None:
    assert len(words.duration(ms).split()) in (2, 4)
