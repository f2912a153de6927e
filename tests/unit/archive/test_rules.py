"""Words to search by, what is marked, periods, cells of a sheet."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.archive import rules
from nguon.kit.text import fold


@pytest.mark.parametrize(
    ("text", "asked", "hit"),
    [
        ("Bản tin đường liên thôn", "duong", True),
        ("Bản tin đường liên thôn", "Đường lien", True),
        ("Bản tin đường liên thôn", "thon duong", True),
        ("Bản tin đường liên thôn", "uong", False),  # a word is found by its beginning
        ("Bản tin đường liên thôn", "đuo", True),
    ],
)
def test_words_are_found_with_and_without_marks(text: str, asked: str, hit: bool) -> None:
    assert all(f" {word}" in rules.folded(text) for word in rules.asked(asked).words) is hit


def test_the_very_phrase_is_kept_with_its_marks() -> None:
    assert f" {rules.asked('  Đường   LIÊN ').phrase}" in rules.exact("Bản tin đường liên thôn")
    assert f" {rules.asked('đương liên').phrase}" not in rules.exact("Bản tin đường liên thôn")
    assert rules.asked(" ?! ").words == ()


@given(st.text(), st.text())
def test_marked_runs_make_up_the_text(text: str, asked: str) -> None:
    words = rules.asked(asked).words
    runs = rules.marked(text, words)
    assert "".join(run.text for run in runs) == text
    assert all(fold(run.text).startswith(words) for run in runs if run.hit)


def test_a_snippet_stands_around_its_hit() -> None:
    text = " ".join(f"từ{n}" for n in range(100))
    runs = rules.snippet(text, ("tu50",))
    said = "".join(run.text for run in runs)
    assert said.startswith("… từ36 ")
    assert said.endswith(" từ64 …")
    assert [run.text for run in runs if run.hit] == ["từ50"]
    assert rules.snippet(text, ("khong",)) == []
    assert "".join(run.text for run in rules.snippet("ngắn thôi", ("ngan",))) == "ngắn thôi"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2019, 5, 12), date(2019, 5, 12), "12/05/2019"),
        (date(2019, 2, 1), date(2019, 2, 28), "02/2019"),
        (date(2019, 12, 1), date(2019, 12, 31), "12/2019"),
        (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        (date(2019, 5, 12), date(2019, 5, 18), "12/05/2019 – 18/05/2019"),
        (date(2019, 1, 1), date(2020, 12, 31), "01/01/2019 – 31/12/2020"),
        (None, None, ""),
    ],
)
def test_periods_are_said_as_they_are_known(first: date | None, last: date | None, said: str) -> None:
    assert rules.period(first, last) == said


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "\tx", "=HYPERLINK('x')"])
def test_a_name_is_no_formula(text: str) -> None:
    assert rules.cell(text) == f"'{text}"


def test_other_cells_stay() -> None:
    assert [rules.cell(value) for value in ("Bản tin", 12, None, "")] == ["Bản tin", "12", "", ""]
    assert list(csv.reader(['"a"'])) == [["a"]]


@given(st.binary())
def test_names_for_people_are_printable(raw: bytes) -> None:
    assert rules.shown_name(raw).isprintable()


def test_the_time_left_follows_the_bytes() -> None:
    assert rules.seconds_left(100, 1000, 60) == 540
    assert rules.seconds_left(0, 1000, 60) is None
    assert rules.seconds_left(100, 1000, 1) is None
    assert rules.seconds_left(1000, 1000, 60) == 0
