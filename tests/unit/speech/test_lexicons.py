"""The data files: whatever a line of them says must itself be Vietnamese."""

import re
from importlib.resources import files

import pytest

from nguon.speech import lexicon, read, syllables


def _said(section: object) -> list[str]:
    if isinstance(section, str):
        return [section]
    if isinstance(section, dict):
        return [word for key, value in section.items() if key not in ("before", "after") for word in _said(value)]
    return [word for value in section for word in _said(value)] if isinstance(section, list) else []


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("abbreviations", "words"),
        ("abbreviations", "titles"),
        ("abbreviations", "context"),
        ("documents", "types"),
        ("documents", "agencies"),
        ("documents", "levels"),
        ("documents", "fields"),
        ("loanwords", "words"),
        ("loanwords", "case"),
        ("places", "labels"),
        ("units", "symbols"),
        ("units", "degree_words"),
    ],
)
def test_every_value_is_made_of_syllables(name: str, section: str) -> None:
    words = [word for said in _said(lexicon.table(name)[section]) for word in said.split()]
    assert words
    assert [word for word in words if not syllables.is_syllable(word)] == []


def test_every_condition_is_a_regular_expression() -> None:
    for entries in lexicon.table("abbreviations")["context"].values():
        for entry in entries:
            assert entry["say"]
            for name in ("before", "after"):
                re.compile(entry.get(name, ""))


@pytest.mark.parametrize("section", ["words", "titles"])
def test_every_abbreviation_is_said_by_its_line(section: str) -> None:
    titles = lexicon.words("abbreviations", "titles")
    for key, said in lexicon.words("abbreviations", section).items():
        if section == "words" and (key in titles or not key.isalpha()):
            continue
        assert read(f"theo {key} này").text == f"theo {said} này", key


@pytest.mark.parametrize("name", ["abbreviations", "documents", "loanwords", "places", "units", "cues"])
def test_no_line_stands_twice(name: str) -> None:
    """YAML keeps the last of two: the first would be a line without effect."""
    text = files("nguon.speech").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    for section in re.split(r"(?m)^(?=\w)", text):
        keys = re.findall(r"""(?m)^  ['"]?([^\s'"#-].*?)['"]?:(?:\s|$)""", section)
        assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)


def test_every_condition_can_be_reached() -> None:
    """After an entry without a condition nothing is looked at any more."""
    for key, entries in lexicon.table("abbreviations")["context"].items():
        for entry in entries[:-1]:
            assert "before" in entry or "after" in entry, key
