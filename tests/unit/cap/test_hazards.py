"""The prepared words of hazards: short, complete, said without a doubt; and the values that go with them."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.cap import hazards
from nguon.cap.codes import Severity, Urgency
from nguon.cap.hazards import Kind
from nguon.speech import read, seconds

RATE = 210  # syllables a minute, as an announcer reads an alert
LONGEST = {
    False: 23.7,
    True: 29.0,
}  # seconds as reckoned; espeak-ng takes 6 % more (tests/ports/test_spoken_hazards.py)
EXAMPLES = {name: blank.example for name, blank in hazards.known_blanks().items()}
SPOKEN = [(hazard, kind, drill) for hazard in hazards.all() for kind in Kind for drill in (False, True)]
IDS = [f"{hazard.code}-{kind}{'-drill' if drill else ''}" for hazard, kind, drill in SPOKEN]


@pytest.mark.parametrize(("hazard", "kind", "drill"), SPOKEN, ids=IDS)
def test_every_text_is_short_and_is_said_without_doubt(hazard: hazards.Hazard, kind: Kind, drill: bool) -> None:
    words = hazards.fill(hazard.say(kind, drill=drill), EXAMPLES)
    spoken = read(words.text)
    assert spoken.doubtful == ()
    assert seconds(spoken, RATE) <= LONGEST[drill], spoken.text
    assert "{" not in words.headline + words.text
    assert not re.search(r"\d", spoken.text)
    assert len(words.headline) <= 160  # what CAP advises for a headline


@pytest.mark.parametrize("hazard", hazards.all(), ids=lambda hazard: hazard.code)
def test_a_warning_says_what_where_when_it_was_told_and_by_whom(hazard: hazards.Hazard) -> None:
    words = hazard.say()
    assert {"địa_bàn", "giờ_phát", "cơ_quan"} <= set(hazards.blanks(words))
    assert ("mức" in hazards.blanks(words)) == bool(hazard.levels)
    assert 3 <= len(words.order) <= 5  # two to four sentences, and who told it when
    assert all(len(sentence.split()) <= 20 for sentence in words.order)
    assert hazard.categories


def test_every_sentence_is_whole() -> None:
    """A comma in a YAML list once cut one in two."""
    for hazard in hazards.all():
        for words in hazard.words.values():
            assert all(part.endswith(".") and part[0] in part[0].upper() + "{" for part in words.order)
            assert not words.headline.endswith(".")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("hazard", hazards.all(), ids=lambda hazard: hazard.code)
def test_a_drill_begins_and_ends_by_saying_so(hazard: hazards.Hazard, kind: Kind) -> None:
    drill, real = hazard.say(kind, drill=True), hazard.say(kind)
    assert drill.headline.startswith("Diễn tập")
    assert drill.text.startswith("Diễn tập")
    assert drill.text.rstrip(".").lower().endswith("diễn tập")
    assert real.text in drill.text
    assert "diễn tập" not in real.text.lower()


def test_the_levels_and_colours_are_those_of_the_decision() -> None:
    told = [(level.level, level.colour) for level in hazards.levels()]
    assert told == [(1, "xanh dương nhạt"), (2, "vàng nhạt"), (3, "da cam"), (4, "đỏ"), (5, "tím")]


def test_a_higher_level_is_never_milder() -> None:
    severities = [Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME]
    urgencies = [Urgency.FUTURE, Urgency.EXPECTED, Urgency.IMMEDIATE]
    for hazard in hazards.all():
        grades = [hazard.grade(level) for level in range(1, 6)]
        assert [severities.index(grade.severity) for grade in grades] == [0, 1, 2, 3, 3]
        ranks = [urgencies.index(grade.urgency) for grade in grades]
        assert ranks == sorted(ranks)


def test_cadence_follows_the_law_where_it_speaks() -> None:
    def told(code: str, level: int | None = None) -> tuple[int, int, int, str]:
        cadence = hazards.by_code(code).cadence(level)
        return cadence.quick, cadence.quick_every, cadence.every, cadence.source

    assert told("bao", 3) == told("lu") == (0, 0, 7200, "law")
    assert told("song_than", 3) == (2, 300, 1800, "law")
    assert told("song_than", 5) == (2, 300, 1200, "law")
    assert told("dong_dat", 4) == (0, 0, 0, "law")
    assert told("lu_quet")[3] == "house"


def test_fill_names_what_is_missing_and_takes_a_fact_as_it_is() -> None:
    words = hazards.by_code("khac").say()
    with pytest.raises(hazards.MissingWords) as caught:
        hazards.fill(words, EXAMPLES | {"việc": " ", "cần_làm": ""})
    assert caught.value.names == ("việc", "cần_làm")
    filled = hazards.fill(words, EXAMPLES | {"việc": "có {giờ} lạ.\n", "cần_làm": "ở trong nhà"})
    assert filled.order[:2] == ("Hiện có {giờ} lạ.", "Ở trong nhà.")


@given(st.dictionaries(st.sampled_from(sorted(EXAMPLES)), st.text(min_size=1)))
def test_a_fact_is_never_taken_for_a_blank(facts: dict[str, str]) -> None:
    words = hazards.by_code("bao").say()
    told = EXAMPLES | facts
    missing = {name for name in hazards.blanks(words) if not " ".join(told[name].split()).rstrip(".")}
    if missing:
        with pytest.raises(hazards.MissingWords) as caught:
            hazards.fill(words, told)
        assert set(caught.value.names) == missing
    else:
        place = " ".join(told["địa_bàn"].split()).rstrip(".")
        assert place in hazards.fill(words, told).headline


def test_another_table_is_checked_with_the_place_of_the_fault() -> None:
    own = files("nguon.cap").joinpath("hazards.yaml").read_bytes()
    assert hazards.load(own).all() == hazards.all()
    for old, new, told in (
        (b"siren: wail", b"siren: horn", "siren"),
        (b"cadence: slow", b"cadence: never", "never"),
        ("{tên_bão}".encode(), "{tên}".encode(), "tên"),
        (b"code: lu_quet", b"code: lu", "lu stands twice"),
        (b"{tin} ", b"", "unpack"),
        (b"category: [Fire, Env]", b"category: [Feuer]", "category"),
    ):
        with pytest.raises(ValueError, match=told):
            hazards.load(own.replace(old, new))
