"""What counts as the same reading, and what must not."""

from pathlib import Path

import pytest

from nguon.cli.bench.scoring import Case, canonical, cases, misses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Một ngàn lẻ năm.", "một nghìn linh năm"),
        ("hai mươi bốn tỉ", "hai mươi tư tỷ"),
        ("Uỷ ban, xã Phước Hoà", "ủy ban xã phước hòa"),
        ("quy chế", "qui chế"),
        ("sáng mùng năm", "sáng năm"),
    ],
)
def test_spelling_and_region_do_not_count(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mười lăm", "mười năm"),
        ("âm năm độ", "năm độ"),
        ("không đốt", "đốt"),
        ("hai trên ba", "hai ba"),
        ("quả", "qủa"),
    ],
)
def test_meaning_counts(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_slash_counts_only_outside_codes_and_sentences() -> None:
    assert canonical("chín trên kế hoạch", "doc_code") == canonical("chín kế hoạch", "doc_code")
    assert canonical("chín trên mười", "ratio") != canonical("chín mười", "ratio")


def test_a_reader_that_raises_has_missed() -> None:
    case = Case("A", "x", "1", ("một",))

    def broken(text: str) -> str:
        raise OSError(text)

    assert misses(lambda text: "Một", [case]) == []
    assert misses(broken, [case]) == [(case, "OSError: 1")]


def test_a_file_that_holds_no_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a\tb\n1\t2\n")
    with pytest.raises(ValueError, match="line 2: not id"):
        cases(tmp_path / "a.tsv")
