"""What is read from names: programme, kind, speaker, place; and what is left alone."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.archive.describe import SURE, Spot, describe, title_of

TODAY = date(2026, 11, 25)
COMMUNE, HAMLET, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SPOTS = [Spot(COMMUNE, "xã", "Phước Thuận"), Spot(HAMLET, "thôn", "Quảng Vân"), Spot(OTHER, "thôn", "Đông")]


def of(path: str) -> tuple[str, str, str, str]:
    """(programme, category, speaker, place) that are read from a path, empty where none is."""
    *folders, name = path.split("/")
    found = describe(folders, name, TODAY, SPOTS)
    guesses = (found.programme, found.category, found.speaker, found.place)
    programme, category, speaker, place = (guess.value if guess else "" for guess in guesses)
    return programme, category, speaker, place


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("BTT 12-5-2019 thu 2.mp3", ("Bản tin trưa", "news", "", "")),
        ("Bản tin trưa ngày 12.5.19.wma", ("Bản tin trưa", "news", "", "")),
        ("ban tin sang.mp3", ("Bản tin sáng", "news", "", "")),
        ("Thời sự tối/12-5-2019.mp3", ("Thời sự tối", "news", "", "")),
        (
            "Phước Thuận/01 - Chuyên mục An toàn giao thông 12.5.2019 - PTV Nguyễn Thị Hoa.mp3",
            ("Chuyên mục An toàn giao thông", "feature", "Nguyễn Thị Hoa", str(COMMUNE)),
        ),
        ("dan ca bai choi - nsut Minh Đức.mp3", ("", "music", "Minh Đức", "")),
        ("Phát biểu của đồng chí Nguyễn Văn A ngày 2-9-2018.mp3", ("", "talk", "Nguyễn Văn A", "")),
        ("Thong bao cat dien thon Quang Van.mp3", ("", "notice", "", str(HAMLET))),
        ("Thông báo thôn Đông.mp3", ("", "notice", "", str(OTHER))),
        ("Câu chuyện truyền thanh.mp3", ("Câu chuyện truyền thanh", "drama", "", "")),
        ("Hướng dẫn bón phân.mp3", ("", "education", "", "")),
        ("REC0012.WAV", ("", "", "", "")),
        ("ba con chu y.mp3", ("", "", "", "")),  # bà con, not Mrs Con
        ("Mùa đông.mp3", ("", "", "", "")),  # a name of one syllable needs its kind
        ("Phước Thuận và Quảng Vân.mp3", ("", "", "", "")),  # two places: nobody knows which
        ("CTV gửi.mp3", ("", "", "", "")),
    ],
)
def test_what_names_say(path: str, expected: tuple[str, str, str, str]) -> None:
    assert of(path) == expected


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("01 - Bản tin trưa", "Bản tin trưa"),
        ("ban_tin_trua_12-5-2019", "Ban tin trua 12-5-2019"),
        ("Bản tin - Copy (2)", "Bản tin"),
        ("Bản tin (1)", "Bản tin"),
        ("Track 05", "Track 05"),
        ("12.5.2019", "12.5.2019"),
        ("20190512", "20190512"),
        ("đám rước", "Đám rước"),
    ],
)
def test_titles_are_what_was_written_made_readable(name: str, title: str) -> None:
    assert title_of(name) == title


def test_guesses_say_what_they_were_read_from_and_doubt_is_told() -> None:
    found = describe(["2019"], "BTT 12-5 PTV Hoa.mp3", TODAY, SPOTS)
    assert found.guesses["programme"] == {"confidence": 0.65, "source": "BTT"}
    assert found.guesses["recorded"]["source"] == "12-5"
    assert found.guesses["speaker"]["source"] == "PTV Hoa"
    assert found.doubtful
    assert not describe([], "Bản tin trưa ngày 13-5-2019.mp3", TODAY, SPOTS).doubtful
    assert describe([], "x.mp3", TODAY, SPOTS).guesses == {}


def test_the_ending_is_not_part_of_the_name_and_a_year_is_no_ending() -> None:
    assert describe([], "Bản tin.MP3", TODAY).title == "Bản tin"
    assert describe([], "12.5.2019", TODAY).title == "12.5.2019"
    assert describe([], ".mp3", TODAY).title


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=60))
def test_it_never_fails_and_always_has_a_title(folders: list[str], name: str) -> None:
    found = describe(folders, name, TODAY, SPOTS)
    assert found.title
    assert len(found.title) <= 300
    assert all(0 < float(str(guess["confidence"])) < 1 for guess in found.guesses.values())
    assert found.doubtful == any(float(str(guess["confidence"])) < SURE for guess in found.guesses.values())
