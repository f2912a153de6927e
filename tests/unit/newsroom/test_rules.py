"""What a wording may be, and what its hash and its comparison promise."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.newsroom import rules
from nguon.newsroom.rules import Change, Draft, Problem

GOOD = Draft(title="Lịch cắt điện", body="Từ 7 giờ đến 11 giờ ngày mai, thôn Quảng Vân tạm ngừng cấp điện.")


def found(title: str, body: str, limit: int = 100, sound: str = "") -> list[Problem]:
    return rules.problems(rules.tidy(Draft(title=title, body=body, sound=sound), body), limit)


@pytest.mark.parametrize(
    ("title", "body", "problem"),
    [
        ("", "Có chữ", Problem.NO_TITLE),
        (" \u200b\x07 ", "Có chữ", Problem.NO_TITLE),
        ("t" * 301, "Có chữ", Problem.LONG_TITLE),
        ("Tên", "", Problem.NO_BODY),
        ("Tên", "\x00\x01 \n", Problem.NO_BODY),
        ("Tên", "… --- !!! 😀", Problem.NOTHING_TO_SAY),
        ("Tên", "chữ " * 26, Problem.LONG_BODY),
    ],
)
def test_a_draft_that_cannot_be_said_is_refused_with_its_reason(title: str, body: str, problem: Problem) -> None:
    assert found(title, body) == [problem]


def test_limits_are_inclusive() -> None:
    assert found("t" * 300, "c" * 100) == []


def test_with_a_recording_the_text_is_optional() -> None:
    assert found("Tên", "", sound="a" * 64) == []
    assert found("Tên", "c" * 101, sound="a" * 64) == [Problem.LONG_BODY]


def test_a_title_is_one_line() -> None:
    assert rules.tidy(Draft(title="Thông báo\n  về\tviệc "), "").title == "Thông báo về việc"


@given(st.text(), st.text())
def test_tidying_twice_is_tidying_once_and_gives_nfc_without_controls(title: str, body: str) -> None:
    once = rules.tidy(Draft(title=title, body=body), body)
    assert rules.tidy(once, once.body) == once
    assert unicodedata.is_normalized("NFC", once.title + "\n" + once.body)
    assert "\x00" not in once.title + once.body


def test_composed_and_decomposed_input_is_the_same_wording() -> None:
    nfd = unicodedata.normalize("NFD", GOOD.body)
    assert rules.text_hash(rules.tidy(GOOD, nfd)) == rules.text_hash(rules.tidy(GOOD, GOOD.body))


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, title="Lịch cắt điện mới"),
        replace(GOOD, body=GOOD.body + "."),
        replace(GOOD, language="bna"),
        replace(GOOD, voice="espeak/vi"),
        replace(GOOD, rate=150),
        replace(GOOD, sound="a" * 64),
    ],
)
def test_the_hash_changes_with_everything_that_is_heard(other: Draft) -> None:
    assert rules.text_hash(other) != rules.text_hash(GOOD)


@given(st.text(), st.text())
def test_title_and_body_are_not_confused_in_the_hash(one: str, two: str) -> None:
    if one != two:
        assert rules.text_hash(Draft(one, two)) != rules.text_hash(Draft(two, one))


def test_length_follows_the_words_and_the_pace() -> None:
    assert rules.words("Kính mời bà con, 7 giờ.") == 6
    assert rules.length("một hai ba bốn", 120) == timedelta(seconds=2)
    assert rules.length("từ " * 200, 200) == timedelta(minutes=1)
    assert rules.length("", 200) == timedelta(0)
    assert rules.length("2025", 120) > rules.length("năm", 120)


def test_long_listening() -> None:
    assert not rules.too_long(timedelta(minutes=5))
    assert rules.too_long(timedelta(minutes=5, seconds=1))


@given(st.text(), st.text())
def test_a_diff_holds_both_texts_whole(old: str, new: str) -> None:
    runs = rules.diff(old, new)
    assert "".join(run.text for run in runs if run.change is not Change.NEW) == old
    assert "".join(run.text for run in runs if run.change is not Change.GONE) == new


def test_a_diff_names_the_word_that_changed() -> None:
    runs = rules.diff("họp lúc 7 giờ tại đình", "họp lúc 8 giờ tại đình")
    assert [(run.change, run.text.strip()) for run in runs if run.change is not Change.SAME] == [
        (Change.GONE, "7"),
        (Change.NEW, "8"),
    ]


def test_a_very_long_diff_does_not_compare_word_by_word() -> None:
    runs = rules.diff("a " * 5000, "b " * 5000)
    assert [run.change for run in runs] == [Change.GONE, Change.NEW]


@given(st.text(), st.text())
def test_what_is_shown_near_a_change_holds_every_change(old: str, new: str) -> None:
    runs = rules.diff(old, new)
    shown = rules.near(runs)
    assert [run for run in shown if run.change is not Change.SAME] == [r for r in runs if r.change is not Change.SAME]
    assert all(len(one.text) <= len(two.text) + 2 for one, two in zip(shown, runs, strict=True))


def test_far_from_a_change_words_are_left_out() -> None:
    old = " ".join(f"đầu{n}" for n in range(60)) + " bảy " + " ".join(f"cuối{n}" for n in range(60))
    shown = "".join(run.text for run in rules.near(rules.diff(old, old.replace("bảy", "tám"))))
    assert shown.startswith("… đầu45 ")
    assert "bảy tám" in shown
    assert shown.endswith("cuối14 … ")
