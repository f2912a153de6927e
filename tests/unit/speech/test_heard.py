"""The listener of these tests must itself be right, and must refuse what a person would stumble over."""

import pytest

from tests.unit.speech import heard


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("không", 0),
        ("mười lăm", 15),
        ("hai mươi tư", 24),
        ("hai mươi bốn", 24),
        ("một trăm linh năm", 105),
        ("một ngàn không trăm lẻ năm", 1005),
        ("một triệu không trăm linh bốn nghìn không trăm hai mươi mốt", 1004021),
        ("hai mươi nghìn tỷ", 20000 * 10**9),
        ("một tỷ hai trăm năm mươi triệu", 1250 * 10**6),
    ],
)
def test_numbers_are_understood(words: str, value: int) -> None:
    assert heard.number(words) == value


@pytest.mark.parametrize(
    "words",
    [
        "mười năm",
        "hai mươi năm",
        "hai mươi một",
        "bảy chín",
        "một trăm năm",
        "một nghìn năm",
        "năm mươi mươi",
        "",
        "lăm",
    ],
)
def test_what_a_person_would_not_understand_is_refused(words: str) -> None:
    with pytest.raises(heard.NotUnderstood):
        heard.number(words)
