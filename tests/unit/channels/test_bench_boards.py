"""The bench of boards: what it makes of what it saw."""

import pytest

from nguon.cli.bench import boardday, boardpages, boards, crawl
from nguon.cli.bench.boardday import Sample
from nguon.cli.bench.boards import Round


def drawn(*moments: float) -> list[dict[str, object]]:
    """A trace in which pictures were drawn at these ms, each with its end, and other things happened."""
    begun = [{"name": crawl.DRAWN, "ph": "b", "ts": moment * 1000} for moment in moments]
    ended = [{"name": crawl.DRAWN, "ph": "e", "ts": moment * 1000 + 900} for moment in moments]
    return [*ended, *begun, {"name": "Frame", "ph": "b", "ts": 1}]


def test_a_line_that_crawls_evenly() -> None:
    found = crawl.figures(drawn(*(number * 50 / 3 for number in range(601))))
    assert (found["crawl_frames_per_s"], found["crawl_seconds"], found["crawl_late"]) == (60.0, 10.0, 0)
    assert found["crawl_gap_max_ms"] == pytest.approx(16.7)


def test_a_picture_that_is_missing_is_a_gap() -> None:
    found = crawl.figures(drawn(*(number * 50 / 3 for number in range(61) if number not in (20, 21, 40))))
    assert found["crawl_late"] == 2
    assert found["crawl_gap_max_ms"] == pytest.approx(50.0)
    assert found["crawl_frames_per_s"] == 57.0


def test_a_line_that_stands_still_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="stands still"):
        crawl.figures(drawn(5.0))


def day(*heaps: int) -> list[Sample]:
    return [Sample(60 + 30 * at, heap, 50_000_000, 100_000_000, 80, 6) for at, heap in enumerate(heaps)]


def test_growth_is_from_the_first_samples_to_the_last_and_no_single_one_counts() -> None:
    found = boardday.figures(day(1_000_000, 9_000_000, 1_000_000, 5, 5, 1_100_000, 1_100_000, 9_000_000))
    assert (found["samples"], found["heap_first_MB"], found["heap_last_MB"]) == (8, 1.0, 1.1)
    assert found["heap_growth_percent"] == 10.0
    assert found["processes_growth_percent"] == found["nodes_growth_percent"] == 0.0


def test_one_sample_shows_no_growth() -> None:
    with pytest.raises(RuntimeError, match="no growth"):
        boardday.figures(day(1_000_000))


def a_round(*painted: float, missed: int = 0) -> Round:
    return Round(list(painted), [0.1], [0.2], [0.3], missed, {"boards": 1.0, "pages": 2.0})


def test_what_one_page_did_not_paint_is_not_hidden_by_medians() -> None:
    bulletins = [a_round(0.1, 0.2), a_round(0.1, 0.2), a_round(0.1, missed=1)]
    emergencies = [a_round(0.3, 0.4), a_round(0.3, 0.5), a_round(0.3, 0.9)]
    found = boards.figures(20, 2, bulletins, emergencies, [[0.05, 0.06]] * 3, [[0.1, 0.2]] * 3)
    assert (found["boards"], found["pages"], found["rounds"]) == (20, 2, 3)
    assert (found["painted"], found["missed"]) == (1, 1)
    assert (found["emergency_painted_p50_s"], found["emergency_painted_p99_s"]) == (0.5, 0.5)
    assert (found["ratio"], found["bulletin_ratio"]) == (2.5, 1.0)
    assert (found["stop_dark_max_s"], found["cpu_pages_s"]) == (0.06, 2.0)


def test_the_first_moment_at_which_it_stood_there_counts() -> None:
    seen = [(10, ""), (20, "40 Tin"), (30, "90 Lũ"), (40, ""), (50, "90 Lũ")]
    assert boardpages.first(seen, boardpages.EMERGENCY) == 30
    assert boardpages.first(seen, boardpages.BULLETIN) == 20
    assert boardpages.first(seen, "") == 10
    assert boardpages.first(seen[1:3], "") is None
